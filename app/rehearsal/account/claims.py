"""What people say they sent, and what came of holding it against the log."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.rehearsal.browser.outbox import Sent


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody says they sent, and what the server answered."""

    person: str
    sent: Sent

    @property
    def id(self) -> str:
        """The command's id as the log has it: each sender has a space of its own."""
        return f"{self.sent.id}:{self.person}"

    def __str__(self) -> str:
        return f"{self.sent.name} {self.id} ({self.sent.fields.get('phase') or 'session'})"


@dataclass
class Audit:
    """What came of it. ``lost``: acknowledged and not in the log, or never answered. ``doubled``: there twice."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    unkept: list[str] = field(default_factory=list)
    """What the log tells of entries and their records do not keep."""
    idle: int = 0
    """Acknowledged commands that rightly changed nothing, each decided once more against the log to be sure."""
    drafted: int = 0
    submitted: int = 0
    archived: int = 0
    whole: int = 0
    """Archived records that have an owner who accepted, a need and a market perspective."""
    phases: list[str] = field(default_factory=list)
    """The phases that were opened."""
    seconds: float = 0.0
    """Race time from the first event to the last."""
