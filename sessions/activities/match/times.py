"""When slots begin and end: wall time in seconds since 1970 UTC, reckoned from when the first begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessions.activities.match.rules import amount, slots_of

if TYPE_CHECKING:
    from sessions.activities.match import Match

WORTH_WHILE = 240.0
"""Seconds of a slot that must be left for a new meeting in it, or half of it where it is short."""


def length(match: Match) -> float:
    """Seconds of a slot, without the change before it."""
    return amount(match.rules, "slot_minutes") * 60.0


def change(match: Match) -> float:
    """Seconds to go to another table."""
    return amount(match.rules, "change_minutes") * 60.0


def starts(match: Match, slot: int) -> float:
    moved = sum(seconds for first, seconds in match.state.shifts.items() if first <= slot)
    return match.state.starts_at + slot * (length(match) + change(match)) + moved


def ends(match: Match, slot: int) -> float:
    return starts(match, slot) + length(match)


def bell(match: Match, slot: int) -> float:
    """When everybody is called to the tables of a slot."""
    return starts(match, slot) - change(match)


def last_end(match: Match) -> float:
    return ends(match, slots_of(match.rules) - 1)


def current(match: Match, now: float) -> int:
    """The slot that is on or comes next."""
    slot = match.state.slot
    return slot if slot >= 0 and now < ends(match, slot) else slot + 1


def first_open(match: Match, now: float) -> int:
    """The first slot in which a new meeting is worth while."""
    slot = match.state.slot
    if slot < 0:
        return 0
    left = ends(match, slot) - now
    return slot if left >= min(WORTH_WHILE, length(match) / 2) else slot + 1
