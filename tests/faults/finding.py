"""What a harness has found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

SMALL, FULL = "small", "full"
"""Doses: a few seconds for every run of the tests, and what the catalogue asks for."""


@dataclass
class Finding:
    """How many faults were injected, and what did not hold under them."""

    injected: int = 0
    violations: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What was measured on the way."""
    broken: str = ""
    """What was broken on purpose in the server that is looked at, if anything."""

    latest: ClassVar[Finding]
    """The one that was begun last: what is known so far where somebody stops a harness by hand."""

    def __post_init__(self) -> None:
        Finding.latest = self

    @property
    def held(self) -> bool:
        """Nothing was violated, after something had been done that could have violated it."""
        return self.injected > 0 and not self.violations

    @property
    def found_out(self) -> bool:
        """Whether a server that was broken on purpose has been caught, so that there is nothing more to prove."""
        return bool(self.broken and self.violations)

    def check(self, holds: bool, otherwise: str) -> None:
        """Note a violation unless something holds."""
        if not holds:
            self.violations.append(otherwise)
