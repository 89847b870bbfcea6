"""What of the logs leaves the house: all of it in an export for the house itself, else without what says how somebody
voted, and without what jurors wrote."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import orjson

from app.archive.line import Line
from sessions.session import Session

HOUSE, HANDING_OUT = "house", "handing-out"
PURPOSES = (HOUSE, HANDING_OUT)
JURYS = frozenset({"provenance.decisions"})
"""Fields of a record in which jurors' comments stand, in an order that tells of whom."""

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


def texts_in(line: Line) -> frozenset[str]:
    """The names of the fields whose texts a line of a record's stream brings, whether they are in the file or not."""
    return frozenset(orjson.loads(line.body or "{}").get("written", ()))


def holds_comments(line: Line) -> bool:
    """Whether what jurors wrote may stand among the words of a line of a record's stream."""
    return not JURYS.isdisjoint(texts_in(line))


def as_it_is(line: Line) -> Line:
    """In the house a line of a record's stream stays as it is."""
    return line


def without_comments(line: Line) -> Line:
    """A line of a record's stream leaves without its words, if what jurors wrote may stand among them: words are proved
    all together or not at all."""
    return replace(line, words=None, words_salt=None) if holds_comments(line) else line


RECORDS_LEAVING: dict[str, Callable[[Line], Line]] = {HOUSE: as_it_is, HANDING_OUT: without_comments}
