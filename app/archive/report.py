"""What was found in an export."""

from dataclasses import dataclass, field

MAX_PROBLEMS = 100
"""Problems told one by one; a log that is wrong from its first event on has one for every other."""


@dataclass
class Report:
    """What was found. ``notes`` are worth knowing and no faults: words that were erased. ``became`` says what became
    of what a receipt was given for."""

    session: str = ""
    head: str = ""
    events: int = 0
    records: int = 0
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    became: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether everything holds."""
        return not self.problems

    def fault(self, *faults: str) -> None:
        """Note problems, as far as they fit."""
        self.problems += faults[: MAX_PROBLEMS - len(self.problems)]
