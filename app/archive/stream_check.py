"""Do the streams of the records in an export hold? Each has a chain of its own, and says what the session says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

from app.archive.facts import facts_of, stream_of
from app.archive.leaving import HOUSE, JURYS, Leaving, texts_in
from app.archive.limits import Members
from app.archive.line import Line
from app.archive.report import Report
from app.archive.streams import HEADS, streams_in
from app.archive.wordless import Wordless, why_not
from app.streams.chain import GENESIS
from sessions.entry import Entry
from sessions.record import STRUCTURE, Record
from sessions.record_shapes import WORDS_OF
from sessions.session import Session
from sessions.shapes import NO_WORDS


def check_streams(members: Members, session: Session | None, leaving: Leaving, report: Report) -> None:
    """Note in the report what does not hold in the streams of an export, and how many words are missing. ``session`` is
    its log folded, None where that is not proved; both are without what does not leave."""
    ends, missing = _ends(members), Counter[str]()
    for stream, lines in streams_in(members):
        reading = _Reading(stream, leaving)
        found = [*reading.faults(lines, ends.pop(stream, {})), *reading.strange(session)]
        report.fault(*(f"{stream}: {fault}" for fault in found))
        missing += reading.wordless.counted()
    report.fault(*(f"{stream}: its events are not in the file" for stream in ends))
    report.notes += [f"{count} × {what}" for what, count in missing.items()]


def _ends(members: Members) -> dict[str, dict[str, Any]]:
    rows = map(orjson.loads, members.lines(HEADS)) if HEADS in members else ()
    return {row["stream"]: row for row in rows}


@dataclass
class _Reading:
    """A record's stream as it is read from a file: what does not hold, and the record it comes to."""

    stream: str
    leaving: Leaving
    record: Record = field(default_factory=Record)
    wordless: Wordless = field(default_factory=Wordless)
    before: bytes = GENESIS
    proved: bool = True
    unheard: set[str] = field(default_factory=set)
    """Fields whose texts were left out when they were written last."""

    def faults(self, lines: list[Line], end: dict[str, Any]) -> Iterator[str]:
        """What is wrong with the lines, which end where ``end`` says."""
        for place, line in enumerate(lines, 1):
            yield from self._take(line, place)
        if self.proved:
            yield from (fault for line in lines for fault in self._keep_back(line))
        elif self.leaving.purpose != HOUSE:  # nobody knows whose the words are
            self.wordless.missing.clear()
        yield from self.wordless.faults(lambda kind, phase: WORDS_OF.get(kind, NO_WORDS))
        if (len(lines), self.before.hex()) != (end.get("events"), end.get("head")):
            yield "it does not end where the file says"

    def _take(self, line: Line, place: int) -> list[str]:
        found = line.faults(self.stream, self.before)
        found += [] if line.seq == place else [f"event {line.seq} stands in the place of event {place}"]
        self.proved = self.proved and not found
        self.before = bytes.fromhex(line.digest)
        self.wordless.take(line, not found)
        self.unheard = (self.unheard | texts_in(line)) if line.wordless else (self.unheard - texts_in(line))
        if self.proved:  # what is not proved is never folded
            self.record.evolve(line.event())
        return found

    def _keep_back(self, line: Line) -> Iterator[str]:
        """Whether words that are missing may be, and for a level whether those that are there may."""
        why = self.leaving.record_kept(line, self.record) if line.words_digest is not None else ""
        if why and line.wordless:
            self.wordless.keep_back(line.seq, why)
        elif why and self.leaving.is_level:
            yield f"event {line.seq} ({line.kind}): its words are not for this level ({why_not(why)})"

    def strange(self, session: Session | None) -> Iterator[str]:
        """What the record says otherwise than the session that it still follows, if both are proved."""
        if self.proved and session is not None:
            yield from _against(session, self.stream, self.record, self._is_heard)

    def _is_heard(self, name: str) -> bool:
        """Whether a field can be compared: its text is here, and in the session's log. For a level none is taken to be,
        nor what says whose a text is."""
        if self.leaving.is_level:
            return name in STRUCTURE
        return name not in self.unheard and (self.leaving.purpose == HOUSE or name not in JURYS)


def _against(session: Session, stream: str, record: Record, is_heard: Callable[[str], bool]) -> Iterator[str]:
    """Where a record is of another entry, or says something else than the session that it still follows."""
    entry = session.entries.get(record.entry)
    if entry is None or stream_of(session.code, entry) != stream or record.id not in stream:
        if not record.approved and entry is not None:
            yield "it is of no entry of this session"
        return
    if _follows(record, entry, session):
        facts = facts_of(entry, session, record.values.get("shape", 1))
        yield from (
            f"{name} is not what the session says"
            for name in sorted(filter(is_heard, facts))
            if record.values.get(name) != facts[name]
        )


def _follows(record: Record, entry: Entry, session: Session) -> bool:
    """Whether the record has nothing of its own, and has heard the last that the session says of its entry."""
    last = max(entry.changed_seq, session.erased_seq, session.revealed_seq)
    return not record.approved and record.heard.get(session.code, 0) >= last
