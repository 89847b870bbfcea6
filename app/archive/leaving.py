"""What of the logs leaves the house: all of it in an export for the house itself, else without what says how somebody
voted and without what jurors wrote; for a level only the words that may be read there (see sessions/levels.py)."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field, replace

import orjson

from app.archive.line import Line
from sessions.levels import LEVELS, kept_back, kept_back_of_record, viewer_at
from sessions.record import Record
from sessions.record_shapes import WORDS_OF
from sessions.session import Session
from sessions.shapes import NO_WORDS
from sessions.sight import Viewer

HOUSE, HANDING_OUT = "house", "handing-out"
PURPOSES = (HOUSE, HANDING_OUT, *LEVELS)
JURYS = frozenset({"provenance.decisions"})
"""Fields of a record in which jurors' comments stand, in an order that tells of whom."""
JURY = "jury"
"""Why words among which jurors' comments may stand stay in the house."""


class Inseparable(ValueError):
    """Words stand in the structure of this log, as an early release wrote them: nothing can be kept back of it."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """A ``purpose``, and for a level what decides: the session as it is ``whole`` in the end, and the wall time ``at``
    which the file is made (seconds since 1970 UTC)."""

    purpose: str = HOUSE
    at: float = 0.0
    whole: Session = field(default_factory=Session)

    @property
    def is_level(self) -> bool:
        """Whether words are kept back by who may read them."""
        return self.purpose in LEVELS

    def viewer(self, session: Session) -> Viewer:
        """Whoever stands at the level, and no nearer."""
        return viewer_at(session, self.purpose)

    def line(self, line: Line, session: Session) -> Line:
        """A line as it leaves, given the session as it was just before its event. Raises Inseparable."""
        if self.purpose == HOUSE:
            return line
        if is_withheld(line, session):
            return replace(line, body=None, salt=None, words=None, words_salt=None)
        if not self.is_level:
            return line
        refuse_inseparable(line, session.words_of(line.kind, line.phase))
        return _wordless(line) if line.words is not None and self.kept(line) else line

    def kept(self, line: Line) -> str:
        """Why the words of a line stay in the house; "" where they leave. That is asked of the line without them."""
        return kept_back(self.whole, _wordless(line).event(), self.viewer(self.whole), self.at)

    def record_line(self, line: Line, record: Record) -> Line:
        """The same of a line of a record's stream, given the record as that ends: words are proved all together or not
        at all. Raises Inseparable."""
        if self.is_level:
            refuse_inseparable(line, WORDS_OF.get(line.kind, NO_WORDS))
        return _wordless(line) if line.words is not None and self.record_kept(line, record) else line

    def record_kept(self, line: Line, record: Record) -> str:
        """Why the words of a line of a record's stream stay in the house; "" where they leave."""
        if self.purpose == HANDING_OUT:
            return JURY if holds_comments(line) else ""
        if not self.is_level:
            return ""
        names = texts_in(line) if line.kind == "record_changed" else ()
        viewer = self.viewer(self.whole)
        return kept_back_of_record(self.whole, record, names, line.seq, viewer, self.at)


def is_withheld(line: Line, session: Session) -> bool:
    """Whether an event's body is for the house alone: a closed list, which each kind of activity says of itself."""
    phase = session.agenda.get(line.phase)
    return phase is not None and phase.activity is not None and phase.activity.withholds(line.kind)


def refuse_inseparable(line: Line, names: Set[str]) -> None:
    """Raises Inseparable where words, which these fields hold, stand in the body of a line."""
    body = orjson.loads(line.body or "{}")
    if any(body.get(name) for name in names):
        raise Inseparable(
            f"event {line.seq} ({line.kind}) was written by an early release, words and structure in one"
        )


def texts_in(line: Line) -> frozenset[str]:
    """The names of the fields whose texts a line of a record's stream brings, whether they are in the file or not."""
    return frozenset(orjson.loads(line.body or "{}").get("written", ()))


def holds_comments(line: Line) -> bool:
    """Whether what jurors wrote may stand among the words of a line of a record's stream."""
    return not JURYS.isdisjoint(texts_in(line))


def _wordless(line: Line) -> Line:
    return replace(line, words=None, words_salt=None)
