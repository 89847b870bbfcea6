"""How the checks went, who has chosen which slot, and the running order that this comes to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Check:
    """How an entry's check went, and when (wall time)."""

    ok: bool
    at: float


@dataclass
class Checks:
    """Checks and chosen positions, both by entry. A ``queue`` is every entry in the race, in the order of sign-up."""

    checks: dict[str, Check] = field(default_factory=dict)
    """Latest last: the order of the checks that went well is the order of choosing."""
    chosen: dict[str, int] = field(default_factory=dict)
    """Positions from 1."""

    def note(self, entry: str, ok: bool, at: float) -> None:
        """Take in how a check went. What does not work loses its slot."""
        self.checks.pop(entry, None)
        self.checks[entry] = Check(ok, at)
        if not ok:
            self.chosen.pop(entry, None)

    def is_checked(self, entry: str) -> bool:
        """Whether everything worked when the entry was checked last."""
        return entry in self.checks and self.checks[entry].ok

    def free_in(self, queue: Collection[str]) -> list[int]:
        """The positions that nobody of the queue has, ascending."""
        taken = {place for entry, place in self.chosen.items() if entry in queue}
        return [place for place in range(1, len(queue) + 1) if place not in taken]

    def free_for(self, entry: str, free: Iterable[int]) -> list[int]:
        """The positions an entry may take: the ``free`` ones and its own."""
        return sorted({*free, *([self.chosen[entry]] if entry in self.chosen else [])})

    def arrangement(self, queue: Sequence[str]) -> tuple[str, ...]:
        """The running order: chosen positions; then who was checked, in that order; then the rest of the queue."""
        entries = set(queue)
        places = {place: entry for entry, place in self.chosen.items() if entry in entries}
        checked = [e for e in self.checks if self.is_checked(e) and e in entries and e not in self.chosen]
        rest = [entry for entry in queue if not self.is_checked(entry)]
        filled = {**places, **dict(zip(self.free_in(entries), [*checked, *rest], strict=False))}
        return tuple(filled[place] for place in sorted(filled))
