"""Which fragments show a card, and what others hear of it: everything that a change to a card changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sessions.activities.collect import reach
from sessions.activity import Change, Changed
from sessions.audience import person_scope, team_scope
from sessions.outcome import Fact

if TYPE_CHECKING:
    from sessions.activities.collect import Collect
    from sessions.activities.collect.wall import Card

TALLY, WALL = Changed("tally"), Changed("wall")


def put(collect: Collect, card: Card) -> list[Change]:
    """Put a card where it belongs now; what that changes."""
    reach.settle(collect, card)
    team, kept = reach.readers(collect, card), card.id in collect.state.wall.kept
    swapped = collect.state.put(card, team)
    changes: list[Change] = [
        *own(card),
        *map(marks, card.also),
        *_at_limit(collect, card),
        *_seen(collect, card, team, swapped),
    ]
    if kept or card.kept:
        changes += _kept(collect, card)
    changes += (Changed("loose", card.id), Changed("sorted", card.id), TALLY, WALL)
    if card.group:
        changes.append(Changed("group", card.group))
    if card.target:
        changes.append(_feedback(collect, card))
    return changes


def marks(person: str) -> Changed:
    """What somebody has marked in the list of everybody's cards."""
    return Changed("marks", scope=person_scope(person))


def put_all(collect: Collect, cards: Iterable[Card]) -> Iterator[Change]:
    """The same for several cards."""
    for card in cards:
        yield from put(collect, card)


def own(card: Card) -> tuple[Changed, ...]:
    """What its author sees of a card."""
    author = person_scope(card.author)
    return Changed("own", card.id, author), Changed("left", "", author), marks(card.author)


def _at_limit(collect: Collect, card: Card) -> Iterable[Changed]:
    """The form for a new card goes with the last that somebody may write, and comes back with room for one."""
    if collect.form.limited and collect.per_person - collect.state.live.get(card.author, 0) in (0, 1):
        yield Changed(scope=person_scope(card.author))


def _seen(collect: Collect, card: Card, team: str, swapped: Iterable[str]) -> Iterable[Changed]:
    """What the others see: ``team`` alone, or everybody, who have the ``swapped`` ones come and go with it."""
    if team:
        scope = team_scope(team)
        yield from (Changed("card", card.id, scope), Changed("goal", "", scope))
    if collect.visible_to == "all" and collect.state.revealed:
        yield from (Changed("card", key) for key in (card.id, *swapped))


def _kept(collect: Collect, card: Card) -> Iterable[Changed]:
    """What changes with a card that is, or was, kept to its author's team: how many there are, and the team's pane."""
    yield Changed("kept")
    if team := reach.own_team(collect, card):
        yield Changed(scope=team_scope(team))


def _feedback(collect: Collect, card: Card) -> Fact:
    """What an entry learns from a card about it; None as its value takes that back."""
    gone = card.hidden or card.withdrawn or (card.kept and not card.always_handed_on)
    feedback = None if gone else {"column": card.column, "text": collect.form.text_of(card)}
    return Fact(card.target, "feedback", feedback, card.id, by=card.author, language=card.language)
