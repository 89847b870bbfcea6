"""Authors share single cards, say anew who may see all of theirs, and change teams: each card is where it belongs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sessions.activities.collect import changes
from sessions.activities.collect.events import CardShared
from sessions.activities.collect.reach import floor, readers, settle
from sessions.activities.collect.refusals import gone, not_yours
from sessions.activity import Change, Changed
from sessions.audience import EVERYBODY, person_scope, team_scope
from sessions.messages import Command, Decision, Event

if TYPE_CHECKING:
    from sessions.activities.collect import Collect
    from sessions.activities.collect.wall import Card
    from sessions.people import Member


def share_card(collect: Collect, command: Command, sender: Member, now: float) -> Decision:
    """Let everybody to whom the phase shows cards see one's own ``card``, whatever one's consent says of the others."""
    card = collect.state.card(command.text("card"))
    if card is None or card.author != sender.id:
        return not_yours()
    if card.withdrawn:
        return gone()
    choice = floor(collect).name.lower()
    return [collect.event("card_shared", card=card.id, choice=choice)] if card.kept else []


def card_shared(collect: Collect, event: Event) -> Iterator[Change]:
    body: CardShared = event.body
    card = collect.state.card(body["card"])
    assert card is not None
    card.choice, card.chosen_seq = body["choice"], event.seq
    yield from _placed(collect, card)


def consent_changed(collect: Collect, member: Member) -> Iterator[Change]:
    """Somebody lets more or fewer people see what they write: each of their cards is where it belongs now."""
    cards = collect.state.written.get(member.id, {})
    for key in cards:
        card = collect.state.card(key)
        if card is not None and not card.withdrawn:
            yield from _placed(collect, card)
    if cards or collect.is_open:
        yield Changed(scope=person_scope(member.id))


def _placed(collect: Collect, card: Card) -> Iterator[Change]:
    if card.id in collect.state.late:
        settle(collect, card)
        yield from changes.own(card)
    else:
        yield from changes.put(collect, card)


def team_changed(collect: Collect, members: tuple[str, ...]) -> Iterator[Changed]:
    """People have come to a team or left it: what they keep to their team is read by the one they are in now."""
    for person in members:
        for key in collect.state.written.get(person, {}):
            card = collect.state.wall.cards.get(key)
            if card is None or not card.kept:
                continue
            yield Changed("own", key, person_scope(person))  # it says who reads it
            if not card.withdrawn:
                collect.state.put(card, readers(collect, card))
                yield from _moved(collect, card)


def _moved(collect: Collect, card: Card) -> Iterator[Changed]:
    for team in collect.session.teams:
        yield Changed("card", card.id, team_scope(team))
    yield Changed("card", card.id, EVERYBODY)
