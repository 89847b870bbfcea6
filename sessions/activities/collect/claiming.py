"""Who says of somebody else's card that it is theirs too, once for each card, and may take that back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sessions.activities.collect import changes
from sessions.activities.collect.alike import may_join
from sessions.activities.collect.events import CardClaimed
from sessions.activities.collect.face import face
from sessions.activities.collect.refusals import gone
from sessions.activity import Change, Fragment
from sessions.audience import scope_of
from sessions.messages import Command, Decision, Event, refuse

if TYPE_CHECKING:
    from sessions.activities.collect import Collect
    from sessions.people import Member


def claim_card(collect: Collect, command: Command, sender: Member, now: float) -> Decision:
    """Say of a ``card`` that others have written that it is one's own too."""
    card = collect.state.wall.cards.get(command.text("card"))
    if card is not None and card.author == sender.id:
        return refuse("own_card", "This is your own card. Others say whether it is theirs too.")
    if card is None or not may_join(collect, card, sender):
        return gone()
    return [] if sender.id in card.also else [collect.event("card_claimed", card=card.id)]


def take_back_claim(collect: Collect, command: Command, sender: Member, now: float) -> Decision:
    """Say that a ``card`` is not one's own after all."""
    card = collect.state.wall.cards.get(command.text("card"))
    if card is None or sender.id not in card.also:
        return []
    return [collect.event("claim_taken_back", card=card.id)]


def card_claimed(collect: Collect, event: Event) -> Iterator[Change]:
    body: CardClaimed = event.body
    card = collect.state.wall.cards[body["card"]]
    card.also[event.actor] = None
    collect.state.claimed.setdefault(event.actor, {})[card.id] = None
    yield from changes.put(collect, card)


def claim_taken_back(collect: Collect, event: Event) -> Iterator[Change]:
    body: CardClaimed = event.body
    card = collect.state.wall.cards[body["card"]]
    card.also.pop(event.actor, None)
    collect.state.claimed.get(event.actor, {}).pop(card.id, None)
    yield changes.marks(event.actor)
    yield from changes.put(collect, card)


def marks(collect: Collect, scope: str, key: str) -> Fragment | None:
    """What somebody has marked in the list that is the same for everybody, and what in it is theirs."""
    person = collect.person_in(scope)
    if person is None or collect.visible_to != "all" or not person.is_among(collect.phase.spec.who):
        return None
    cards = collect.state.wall.cards
    claimed = [cards[card] for card in collect.state.claimed.get(scope_of(scope), ())]
    seen = [face(collect.form, card) for card in claimed if may_join(collect, card, person)]
    return Fragment({"claimed": seen, "written": list(collect.state.written.get(person.id, ()))})
