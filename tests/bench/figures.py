"""What a run has found out: values of several rounds, ratios round by round, and whether they hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Spread:
    """Values of one thing over the rounds."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return median(self.values)

    def show(self, digits: int = 2, unit: str = "") -> str:
        """``1.12 × (1.08–1.20)``"""
        unit = unit and f" {unit}"
        low, high = min(self.values), max(self.values)
        return f"{self.median:,.{digits}f}{unit} ({low:,.{digits}f}–{high:,.{digits}f})"

    @property
    def told(self) -> dict[str, float]:
        return {"median": self.median, "min": min(self.values), "max": max(self.values)}


def spread(values: Sequence[float]) -> Spread:
    return Spread(tuple(values))


def ratio(of: Sequence[float], to: Sequence[float]) -> Spread:
    """Round by round: what ran within the same seconds is compared, because the machine drifts."""
    return Spread(tuple(a / b for a, b in zip(of, to, strict=True)))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table. ``held`` is None where nothing was promised."""

    what: str
    measured: str
    beat: str = ""
    held: bool | None = None


@dataclass
class Row:
    """One row of the figures to beat. ``value`` stands for it; it holds if every line does."""

    name: str
    title: str
    value: float | None = None
    unit: str = ""
    beat: str = ""
    lines: list[Line] = field(default_factory=list)
    detail: dict[str, Any] = field(default_factory=dict)
    """Everything else that is worth keeping, plain JSON."""
    failed: str = ""
    """Why there is no figure."""

    @property
    def held(self) -> bool:
        return not self.failed and bool(self.lines) and all(line.held is not False for line in self.lines)

    def note(self, what: str, measured: str) -> None:
        """Something to know that nothing was promised about."""
        self.lines.append(Line(what, measured))

    def most(self, what: str, found: Spread, limit: float, digits: int = 2, unit: str = "") -> None:
        """Something that has to stay at or below a limit, as a median."""
        self._judge(what, found, f"≤{limit:,g} {unit}".strip(), found.median <= limit, digits, unit)

    def least(self, what: str, found: Spread, limit: float, digits: int = 2, unit: str = "") -> None:
        """Something that has to reach a limit, as a median."""
        self._judge(what, found, f"≥{limit:,g} {unit}".strip(), found.median >= limit, digits, unit)

    def _judge(self, what: str, found: Spread, beat: str, held: bool, digits: int, unit: str) -> None:
        self.lines.append(Line(what, found.show(digits, unit), beat, held))
        self.detail[what] = {**found.told, "unit": unit, "beat": beat, "held": held}

    def true(self, what: str, held: bool, measured: str) -> None:
        """Something that is so or not."""
        self.lines.append(Line(what, measured, "so", held))
        self.detail[what] = {"value": measured, "held": held}

    @property
    def told(self) -> dict[str, Any]:
        """As it goes into the JSON file."""
        own = {"value": self.value, "unit": self.unit, "beat": self.beat, "held": self.held}
        return {
            **own,
            **({"failed": self.failed} if self.failed else {}),
            "title": self.title,
            "detail": self.detail,
        }


@dataclass(frozen=True, slots=True)
class Dose:
    """How much is done: the full measure, or a quick look."""

    rounds: int
    seconds: float
    """Length of a steady load."""
    pushes: int
    phones: int
    """Most phones at a time."""
    events: int
    """In the long log."""
    starts: int
    """Rounds of what needs a fresh server each time."""


FULL = Dose(rounds=5, seconds=6.0, pushes=20, phones=10_000, events=1_000_000, starts=3)
QUICK = Dose(rounds=3, seconds=3.0, pushes=8, phones=10_000, events=100_000, starts=2)
TINY = Dose(rounds=1, seconds=0.3, pushes=2, phones=40, events=300, starts=1)
"""For the tests: to see that a row works, not how fast anything is."""

Measure = Callable[[Dose], Row]
