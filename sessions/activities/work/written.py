"""What people have put into documents: texts, contacts, and what came too late."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Written(NamedTuple):
    """What stands in a field. ``by`` "" means that it was brought along from an earlier phase. ``at`` is wall time.

    A tuple, because every few letters that somebody types make one.

    ``filled`` says whether anything stands there; where that is so and ``text`` is "", the words have been erased.
    """

    text: str
    by: str = ""
    at: float = 0.0
    filled: bool = True
    before: Written | None = None
    """What stood there before this person's sitting: one step back, no further."""

    @property
    def erased(self) -> bool:
        """Whether words stood there that are gone."""
        return self.filled and not self.text

    def in_place_of(self, before: Written | None) -> Written:
        """The same, with one step back to what stood there before."""
        if before is not None and before.before is not None:
            before = before._replace(before=None)
        return Written(self.text, self.by, self.at, self.filled, before)


EMPTY = Written("", filled=False)


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody the team has talked to, whose row is found by the id. ``who`` is "" but in logs of earlier releases.
    ``date`` is year-month-day."""

    id: str
    who: str
    date: str
    said: str
    by: str
    seq: int = 0
    """Of the event that holds its words."""


@dataclass
class Late:
    """What came after the deadline and waits for the facilitator. ``seconds`` is how late the last of it was."""

    texts: dict[str, Written] = field(default_factory=dict)
    submitted: bool = False
    seconds: float = 0.0
    at: float = 0.0
