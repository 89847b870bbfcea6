"""The facilitator takes cards from what the others see, and shows them again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sessions.activities.collect import changes
from sessions.activities.collect.events import NumberedCard
from sessions.activities.collect.sorting import chosen
from sessions.activity import Change
from sessions.messages import Command, Decision, Event, Refused

if TYPE_CHECKING:
    from sessions.activities.collect import Collect
    from sessions.people import Member


def hide_card(collect: Collect, command: Command, sender: Member, now: float) -> Decision:
    """Take cards (``card``, repeated) from the projector and the others' phones at once."""
    return _set_hidden(collect, command, "card_hidden", hidden=True)


def show_card(collect: Collect, command: Command, sender: Member, now: float) -> Decision:
    """Let the others see cards (``card``, repeated) again."""
    return _set_hidden(collect, command, "card_shown", hidden=False)


def _set_hidden(collect: Collect, command: Command, kind: str, hidden: bool) -> Decision:
    cards = chosen(collect, command)
    if isinstance(cards, Refused):
        return cards
    return [collect.event(kind, card=c.id, number=c.number) for c in cards if c.hidden != hidden]


def card_hidden(collect: Collect, event: Event) -> Iterable[Change]:
    return _hide(collect, event, hidden=True)


def card_shown(collect: Collect, event: Event) -> Iterable[Change]:
    return _hide(collect, event, hidden=False)


def _hide(collect: Collect, event: Event, hidden: bool) -> Iterable[Change]:
    body: NumberedCard = event.body
    card = collect.state.wall.cards[body["card"]]
    card.hidden = hidden
    return changes.put(collect, card)
