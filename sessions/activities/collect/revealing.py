"""Cards are shown to everybody once the silence is over: by staff, or by the clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sessions.activity import EVERY_PANE, Change, Deadline
from sessions.audience import CLOCK
from sessions.messages import Command, Decision, Event

if TYPE_CHECKING:
    from sessions.activities.collect import Collect
    from sessions.people import Member


def reveal_cards(collect: Collect, command: Command, sender: Member, now: float) -> Decision:
    """End the silence: from now on everybody sees the cards."""
    early = sender.role == CLOCK and now < collect.reveal_at
    return [] if collect.state.revealed or early else [collect.event("cards_revealed")]


def cards_revealed(collect: Collect, event: Event) -> Iterable[Change]:
    collect.state.revealed = True
    return (EVERY_PANE,)


def deadlines(collect: Collect) -> Iterator[Deadline]:
    """When the clock ends the silence, as long as it lasts."""
    if not collect.state.revealed:
        yield Deadline(collect.reveal_at, "reveal_cards")
