"""What of a log leaves the house: all of it in an export for the house itself, else without what says how somebody
voted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.archive.line import Line
from sessions.session import Session

HOUSE, HANDING_OUT = "house", "handing-out"
PURPOSES = (HOUSE, HANDING_OUT)

Leave = Callable[[Line, Session], Line]
"""A line as it leaves, given the session as it was just before its event."""


def all_of_it(line: Line, session: Session) -> Line:
    """In the house a line stays as it is."""
    return line


def without_ballots(line: Line, session: Session) -> Line:
    """A ballot leaves with who voted and without how, in body and words; what it says stands in the count."""
    if not is_withheld(line, session):
        return line
    return replace(line, body=None, salt=None, words=None, words_salt=None)


def is_withheld(line: Line, session: Session) -> bool:
    """Whether an event's body is for the house alone: a closed list, which each kind of activity says of itself."""
    phase = session.agenda.get(line.phase)
    return phase is not None and phase.activity is not None and phase.activity.withholds(line.kind)


LEAVING: dict[str, Leave] = {HOUSE: all_of_it, HANDING_OUT: without_ballots}
