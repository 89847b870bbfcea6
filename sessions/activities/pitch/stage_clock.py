"""The clock of a stage: one part of one slot at a time, with warnings, pauses and added time.

Times are wall times and lengths elapsed seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

PARTS = ("talk", "qa", "change")
WARNINGS = (60, 15)
"""Seconds before a part's end at which the room is warned."""


def part_lengths(rules: Mapping[str, Any]) -> dict[str, float]:
    """How long each part is, in seconds, by the rules ``talk_minutes``, ``qa_minutes``, ``change_minutes``."""
    lengths = {part: float(rules.get(f"{part}_minutes", 0)) * 60.0 for part in PARTS}
    return {part: seconds for part, seconds in lengths.items() if seconds > 0}


@dataclass
class StageClock:
    """The slot and the part that are on, and how long still. ``slot`` "" means that nobody is on."""

    slot: str = ""
    part: str = ""
    ends_at: float = 0.0
    paused_left: float | None = None
    """Seconds left when the clock was stopped; None while it runs."""
    warned: set[int] = field(default_factory=set)
    over: bool = False
    """Whether the part's time has run out (it may go on: a soft stop)."""
    turn: int = 0
    """Counts every change of the clock, so that each deadline has an id of its own."""
    spent: dict[str, float] = field(default_factory=dict)
    """Seconds really used by part, without pauses."""
    _since: float = 0.0

    def begin(self, slot: str, part: str, seconds: float, at: float) -> None:
        """A part starts: of the same slot or of a new one."""
        if slot != self.slot:
            self.spent = {}
        self.slot, self.part = slot, part
        self.paused_left, self.warned, self.over = None, set(), False
        self._set(at, seconds)

    def leave_part(self, at: float) -> None:
        """Note how long the part took."""
        if self.paused_left is None:
            self.spent[self.part] = self.spent.get(self.part, 0.0) + at - self._since
            self._since = at

    def pause(self, at: float) -> None:
        """The clock stands still; what is left of the part stays."""
        self.leave_part(at)
        self.paused_left = self.ends_at - at

    def resume(self, at: float) -> None:
        """The clock runs again, with what was left."""
        left, self.paused_left = self.paused_left or 0.0, None
        self._set(at, left)

    def add(self, seconds: float, at: float) -> None:
        """Give more time (or less). Warnings that lie ahead again will be given again."""
        if self.paused_left is not None:
            self.paused_left += seconds
        self.ends_at += seconds
        left = self.left(at)
        self.warned = {before for before in self.warned if left <= before}
        self.over = self.over and left <= 0
        self.turn += 1

    def end(self, at: float) -> dict[str, float]:
        """Seconds that the slot used, by part. From here on nobody is on."""
        self.leave_part(at)
        self.slot, self.part, self.paused_left = "", "", None
        return dict(self.spent)

    def left(self, at: float) -> float:
        return self.ends_at - at if self.paused_left is None else self.paused_left

    def free_at(self, at: float) -> float:
        """When the part is over, as foreseen at a time."""
        return max(at, self.ends_at if self.paused_left is None else at + self.paused_left)

    def coming_warnings(self, length: float) -> Iterable[int]:
        """The warnings still to be given in a part of so many seconds, earliest first."""
        timed = () if self.part == "change" else WARNINGS
        return (before for before in timed if before < length and before not in self.warned)

    @property
    def runs(self) -> bool:
        return bool(self.slot) and self.paused_left is None

    def _set(self, at: float, seconds: float) -> None:
        self._since, self.ends_at, self.turn = at, at + seconds, self.turn + 1
