"""Cards that came after the close, until the facilitator takes them in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sessions.activities.collect import changes
from sessions.activities.collect.events import LateAccepted
from sessions.activities.collect.refusals import gone
from sessions.activity import Change, Changed
from sessions.messages import Command, Decision, Event

if TYPE_CHECKING:
    from sessions.activities.collect import Collect
    from sessions.people import Member


def accept_late(collect: Collect, command: Command, sender: Member, now: float) -> Decision:
    """Take in cards that came after the close (``card``, repeated), or all of them."""
    named, late = command.all("card"), collect.state.late
    if any(card not in late for card in named):
        return gone()
    cards = list(dict.fromkeys(named)) or list(late)
    return [collect.event("late_accepted", cards=cards, count=len(cards))] if cards else []


def late_accepted(collect: Collect, event: Event) -> Iterator[Change]:
    body: LateAccepted = event.body
    for key in body["cards"]:
        card = collect.state.late.pop(key)
        yield Changed("late", key)
        yield from changes.put(collect, card)
