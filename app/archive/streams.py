"""The streams of a session's records in an export, each with its own chain: written, checked, and read again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import orjson
from sqlalchemy import Connection, text

from app.archive.facts import facts_of, stream_of
from app.archive.leaving import HOUSE, JURYS, Leaving, texts_in
from app.archive.limits import Members
from app.archive.line import Line, written
from app.archive.line import read as line_from
from app.archive.seal import Pack
from app.archive.wordless import Wordless
from app.streams.chain import GENESIS
from app.streams.heads import check_end
from app.streams.proof import READ, Stored, following
from sessions.entry import Entry
from sessions.record import STRUCTURE, Record
from sessions.record_shapes import WORDS_OF
from sessions.session import Session
from sessions.shapes import NO_WORDS

LOG, HEADS = "records.log.jsonl", "streams.jsonl"
"""Members: the events of all records' streams, in order of stream and seq; and where each stream ends."""
_HEADS = text("""
    SELECT heads.stream, heads.kind, heads.seq, heads.digest FROM heads JOIN records ON records.stream = heads.stream
    WHERE records.session = :session ORDER BY heads.stream
""")
_READ = text(f"{READ} WHERE stream = :stream AND seq <= :last ORDER BY seq")


def line_of(kept: Stored) -> Line:
    """A line of what is kept; what is bytes there is hexadecimal here."""
    values: list[Any] = [value.hex() if isinstance(value, bytes) else value for value in kept]
    return Line(*values)


def add_streams(pack: Pack, db: Connection, code: str, leaving: Leaving) -> int:
    """Put the streams of a session's records into an export, as much of them as leaves (see leaving.py); the bytes of
    the longest line. Raises Unproved."""
    ends = db.execute(_HEADS, {"session": code}).all()
    longest = [0]

    def streams() -> Iterator[bytes]:
        for end in ends:
            for line in _stream_lines(db, end.stream, end.seq, leaving):
                longest.append(max(longest.pop(), len(line)))
                yield line

    pack.add(LOG, streams())
    rows = [{"stream": e.stream, "kind": e.kind, "events": e.seq, "head": e.digest.hex()} for e in ends]
    pack.add(HEADS, (orjson.dumps(row) + b"\n" for row in rows))
    return longest[0]


def _stream_lines(db: Connection, stream: str, last: int, leaving: Leaving) -> Iterator[bytes]:
    check_end(db, stream)
    rows = (Stored(*row) for row in db.execute(_READ, {"stream": stream, "last": last}))
    held = following(stream, rows, 0, GENESIS)
    for row in held:
        yield b'{"stream":"%s",' % stream.encode() + written(leaving.record_line(line_of(row)))[1:]


def streams_in(members: Members) -> Iterator[tuple[str, list[Line]]]:
    """The streams of records in an export, with their lines; none in an export of release 1."""
    if LOG not in members:
        return
    rows = map(orjson.loads, members.lines(LOG))
    for stream, lines in groupby(rows, key=lambda row: row.pop("stream")):
        yield stream, [line_from(orjson.dumps(row)) for row in lines]


def faults(members: Members, session: Session | None, leaving: Leaving) -> Iterator[str]:
    """What does not hold in the streams of an export. ``session`` is its log folded, None where that is not proved;
    both are without what does not leave."""
    ends = _ends(members)
    for stream, lines in streams_in(members):
        reading = _Reading(stream, leaving)
        found = [*reading.faults(lines, ends.pop(stream, {})), *reading.strange(session)]
        yield from (f"{stream}: {fault}" for fault in found)
    yield from (f"{stream}: its events are not in the file" for stream in ends)


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
        yield from self.wordless.faults(lambda kind, phase: WORDS_OF.get(kind, NO_WORDS))
        if (len(lines), self.before.hex()) != (end.get("events"), end.get("head")):
            yield "it does not end where the file says"

    def _take(self, line: Line, place: int) -> list[str]:
        found = line.faults(self.stream, self.before)
        found += [] if line.seq == place else [f"event {line.seq} stands in the place of event {place}"]
        self.proved = self.proved and not found
        self.before = bytes.fromhex(line.digest)
        stays = self.leaving.keeps_record(line)
        withheld = line.wordless and stays
        if self.leaving.is_level and stays and not withheld:
            found.append(f"event {line.seq} ({line.kind}): its words are not for this level")
        self.wordless.take(line, not found, withheld)
        self.unheard = (self.unheard | texts_in(line)) if withheld else (self.unheard - texts_in(line))
        if self.proved:  # what is not proved is never folded
            self.record.evolve(line.event())
        return found

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
