"""The streams of a session's records in an export, each with its own chain: written, checked, and read again."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import groupby
from typing import Any

import orjson
from sqlalchemy import Connection, text

from app.archive.facts import facts_of, stream_of
from app.archive.limits import Members
from app.archive.line import Line, written
from app.archive.line import read as line_from
from app.archive.seal import Pack
from app.archive.wordless import Wordless
from app.streams.chain import GENESIS
from app.streams.proof import READ, Stored, following
from sessions.entry import Entry
from sessions.record import Record
from sessions.record_shapes import WORDS_OF
from sessions.session import Session
from sessions.shapes import NO_WORDS

LOG, HEADS = "records.log.jsonl", "streams.jsonl"
"""Members: the events of all records' streams, in order of stream and seq; and where each stream ends."""
JURYS = frozenset({"provenance.decisions"})
"""Fields of a record in which jurors' comments stand."""
_HEADS = text("""
    SELECT heads.stream, heads.kind, heads.seq, heads.digest FROM heads JOIN records ON records.stream = heads.stream
    WHERE records.session = :session ORDER BY heads.stream
""")
_READ = text(f"{READ} WHERE stream = :stream AND seq <= :last ORDER BY seq")


def line_of(kept: Stored) -> Line:
    """A line of what is kept; what is bytes there is hexadecimal here."""
    told: list[Any] = [value.hex() if isinstance(value, bytes) else value for value in kept]
    return Line(*told)


def add_streams(pack: Pack, db: Connection, code: str) -> int:
    """Put the streams of a session's records into an export; the bytes of the longest line. Raises Unproved."""
    ends = db.execute(_HEADS, {"session": code}).all()
    longest = [0]

    def streams() -> Iterator[bytes]:
        for end in ends:
            for line in _stream_lines(db, end.stream, end.seq):
                longest.append(max(longest.pop(), len(line)))
                yield line

    pack.add(LOG, streams())
    told = [{"stream": e.stream, "kind": e.kind, "events": e.seq, "head": e.digest.hex()} for e in ends]
    pack.add(HEADS, (orjson.dumps(row) + b"\n" for row in told))
    return longest[0]


def _stream_lines(db: Connection, stream: str, last: int) -> Iterator[bytes]:
    rows = (Stored(*row) for row in db.execute(_READ, {"stream": stream, "last": last}))
    held = following(stream, rows, 0, GENESIS)
    for row in held:
        yield b'{"stream":"%s",' % stream.encode() + written(line_of(row))[1:]


def streams_in(members: Members) -> Iterator[tuple[str, list[Line]]]:
    """The streams of records in an export, with their lines; none in an export of release 1."""
    if LOG not in members:
        return
    rows = map(orjson.loads, members.lines(LOG))
    for stream, lines in groupby(rows, key=lambda row: row.pop("stream")):
        yield stream, [line_from(orjson.dumps(row)) for row in lines]


def faults(members: Members, session: Session | None, handed_out: bool = False) -> Iterator[str]:
    """What does not hold in the streams of an export. ``session`` is its log folded, None where that is not proved;
    ``handed_out``: the log lacks what jurors wrote, which a record may have heard."""
    ends = _ends(members)
    unheard = JURYS if handed_out else frozenset()
    for stream, lines in streams_in(members):
        end = ends.pop(stream, {})
        yield from (f"{stream}: {fault}" for fault in _stream_faults(stream, lines, end, session, unheard))
    yield from (f"{stream}: its events are not in the file" for stream in ends)


def _ends(members: Members) -> dict[str, dict[str, Any]]:
    rows = map(orjson.loads, members.lines(HEADS)) if HEADS in members else ()
    return {row["stream"]: row for row in rows}


def _stream_faults(
    stream: str, lines: list[Line], end: dict[str, Any], session: Session | None, unheard: Collection[str]
) -> Iterator[str]:
    before, record, wordless, proved = GENESIS, Record(), Wordless(), True
    for place, line in enumerate(lines, 1):
        found = line.faults(stream, before)
        found += [] if line.seq == place else [f"event {line.seq} stands in the place of event {place}"]
        yield from found
        proved = proved and not found
        before = bytes.fromhex(line.digest)
        wordless.take(line, not found)
        if proved:  # what is not proved is never folded
            record.evolve(line.event())
    yield from wordless.faults(lambda kind, phase: WORDS_OF.get(kind, NO_WORDS))
    if (len(lines), before.hex()) != (end.get("events"), end.get("head")):
        yield "it does not end where the file says"
    if proved and session is not None:
        yield from _against(session, stream, record, unheard)


def _against(session: Session, stream: str, record: Record, unheard: Collection[str]) -> Iterator[str]:
    """Where a record is of another entry, or says something else than the session that it still follows."""
    entry = session.entries.get(record.entry)
    if entry is None or stream_of(session.code, entry) != stream or record.id not in stream:
        if not record.approved and entry is not None:
            yield "it is of no entry of this session"
        return
    if _follows(record, entry, session):
        said = facts_of(entry, session, record.values.get("shape", 1))
        yield from (
            f"{name} is not what the session says"
            for name in sorted(said.keys() - unheard)
            if record.values.get(name) != said[name]
        )


def _follows(record: Record, entry: Entry, session: Session) -> bool:
    """Whether the record has nothing of its own, and has heard the last that the session says of its entry."""
    last = max(entry.changed_seq, session.erased_seq, session.revealed_seq)
    return not record.approved and record.heard.get(session.code, 0) >= last
