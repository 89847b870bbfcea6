"""What was found in an export."""

from dataclasses import dataclass, field

from sessions.activity import Doubt

MAX_PROBLEMS = 100
"""Problems told one by one; a log that is wrong from its first event on has one for every other."""
PROVED, WRONG, UNREADABLE, UNPROVED = 0, 1, 2, 3
"""Exit statuses: all of it holds and a known key has signed it; something does not hold; it is no export, or too large
for one; nothing is wrong, and something (say, who made it) is not proved."""


@dataclass
class Report:
    """What was found. ``doubts`` are what nothing is wrong with and nothing proves, ``notes`` are worth knowing and
    neither: words that were erased. ``became`` says what became of what a receipt was given for, ``noted`` which event
    has a head that somebody noted, ``signed`` by whom the file was signed, if a known key did, ``unreadable`` why
    nothing could be looked at."""

    session: str = ""
    head: str = ""
    events: int = 0
    records: int = 0
    same_release: bool = False
    """Whether it was made by the rules that check it: then what is made again must be equal."""
    problems: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    became: list[str] = field(default_factory=list)
    noted: str = ""
    signed: str = ""
    unreadable: str = ""

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong; it may be that not all is proved."""
        return not (self.problems or self.unreadable)

    @property
    def status(self) -> int:
        """One of the exit statuses."""
        if self.unreadable:
            return UNREADABLE
        if self.problems:
            return WRONG
        return UNPROVED if self.doubts else PROVED

    def fault(self, *faults: str) -> None:
        """Note problems, as far as they fit."""
        self.problems += faults[: MAX_PROBLEMS - len(self.problems)]

    def doubt(self, *doubts: str) -> None:
        """Note what is not proved, as far as it fits."""
        self.doubts += doubts[: MAX_PROBLEMS - len(self.doubts)]

    def note_doubts(self, where: str, doubts: list[Doubt]) -> None:
        """Note what an activity found in an event."""
        self.fault(*(f"{where}: {doubt.text}" for doubt in doubts if doubt.wrong))
        self.doubt(*(f"{where}: {doubt.text}" for doubt in doubts if not doubt.wrong))

    def differs(self, what: str) -> None:
        """Something that is made of the log is not what it is when it is made again: a fault, unless other rules may
        have made it."""
        if self.same_release:
            self.fault(f"{what} does not follow from the log")
        else:
            self.doubt(f"{what} was made by another release, and is not what this one makes of the log")
