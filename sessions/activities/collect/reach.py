"""How far a card goes: as its phase shows cards, and no farther than its author lets it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from sessions.messages import Event
from sessions.sight import Circle, Thing, may_see, reach_of
from sessions.viewers import author_of, viewer_in

if TYPE_CHECKING:
    from sessions.activities.collect import Collect
    from sessions.activities.collect.wall import Card


def settle(collect: Collect, card: Card) -> None:
    """Note whether a card is kept from those to whom the phase shows cards. A narrower consent goes before a wider
    choice from before it."""
    author = collect.session.people.get(card.author)
    if author is not None and card.chosen_seq <= author.narrowed_seq:
        card.choice = ""
    card.kept = collect.visible_to != "team" and _meant_for(collect, card) < floor(collect)


def floor(collect: Collect) -> Circle:
    """How far a card must reach to stand where the phase shows cards: a phase may be held in public."""
    return Circle.PUBLIC if collect.phase.spec.public else Circle.SESSION


def _meant_for(collect: Collect, card: Card) -> Circle:
    author = collect.session.people.get(card.author)
    return reach_of(card.choice or None, author.consent if author else None)


def thing_of(collect: Collect, card: Card) -> Thing:
    """The card, as sight asks for it."""
    team, reach = own_team(collect, card), _meant_for(collect, card)
    if collect.visible_to == "team":
        reach = min(reach, Circle.TEAM)
    elif collect.visible_to == "owner" and reach >= Circle.SESSION:
        team, reach = card.owner, Circle.TEAM
    return Thing(
        kind="feedback" if card.target else "card",
        authors=frozenset({card.author}),
        session=collect.session.code,
        team=team,
        entry=card.target,
        phase=collect.phase.id,
        reach=reach,
        state=_state_of(collect, card),
        concealed=collect.visible_to == "all" and not collect.state.revealed,
    )


def _state_of(collect: Collect, card: Card) -> str:
    if card.withdrawn:
        return "withdrawn"
    if card.id in collect.state.late:
        return "held"
    return "hidden" if card.hidden else "shown"


def own_team(collect: Collect, card: Card) -> str:
    """The team in which the card was written; before there were teams, the one that its author is in now."""
    author = collect.session.people.get(card.author)
    return card.team or (author.team if author else "")


def readers(collect: Collect, card: Card) -> str:
    """The team that reads the card among itself, "" where no single team does."""
    thing = thing_of(collect, card)
    return thing.team if thing.reach is Circle.TEAM else ""


def things(collect: Collect, event: Event) -> Iterator[Thing]:
    """What the words of an event are: a card as it is written now, or the title of a group."""
    if event.kind in ("cards_grouped", "group_renamed"):
        yield from _title(collect, event)
        return
    card = collect.state.card(event.body.get("card", ""))
    if card is not None:
        thing = thing_of(collect, card)
        yield thing if card.worded_seq == event.seq else replace(thing, state="withdrawn")


def _title(collect: Collect, event: Event) -> Iterator[Thing]:
    """The title of a group goes as far as whoever has given it lets what they write, and no farther than its cards: it
    may be in their words."""
    author, wall = collect.session.people.get(event.actor), collect.state.wall
    yield Thing(
        "group",
        frozenset({event.actor}),
        collect.session.code,
        reach=reach_of(None, author.consent if author else None),
    )
    for card in {*wall.standing[event.body["group"]], *event.body.get("cards", ())}:
        if card in wall.cards:
            yield thing_of(collect, wall.cards[card])


def is_seen(collect: Collect, card: Card, view: str, scope: str) -> bool:
    """Whether all who share a view and a scope see a card."""
    viewer = viewer_in(collect.session, view, scope)
    author = author_of(collect.session.people.get(card.author))
    return may_see(viewer, thing_of(collect, card), author, collect.at).text
