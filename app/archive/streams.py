"""The streams of a session's records in an export, each with its own chain: written, checked, and read again."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import orjson
from sqlalchemy import Connection, text

from app.archive.facts import facts_of, stream_of
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
_HEADS = text("""
    SELECT heads.stream, heads.kind, heads.seq, heads.digest FROM heads JOIN records ON records.stream = heads.stream
    WHERE records.session = :session ORDER BY heads.stream
""")
_READ = text(f"{READ} WHERE stream = :stream AND seq <= :last ORDER BY seq")


def line_of(kept: Stored) -> Line:
    """A line of what is kept; what is bytes there is hexadecimal here."""
    told: list[Any] = [value.hex() if isinstance(value, bytes) else value for value in kept]
    return Line(*told)


def add_streams(pack: Pack, db: Connection, code: str) -> None:
    """Put the streams of a session's records into an export."""
    ends = db.execute(_HEADS, {"session": code}).all()
    pack.add(LOG, (_stream_lines(db, end.stream, end.seq) for end in ends))
    told = [{"stream": e.stream, "kind": e.kind, "events": e.seq, "head": e.digest.hex()} for e in ends]
    pack.add(HEADS, (orjson.dumps(row) + b"\n" for row in told))


def _stream_lines(db: Connection, stream: str, last: int) -> bytes:
    rows = (Stored(*row) for row in db.execute(_READ, {"stream": stream, "last": last}))
    held = following(stream, rows, 0, GENESIS)
    return b"".join(b'{"stream":"%s",' % stream.encode() + written(line_of(row))[1:] for row in held)


def streams_in(archive: zipfile.ZipFile) -> Iterator[tuple[str, list[Line]]]:
    """The streams of records in an export, with their lines; none in an export of release 1."""
    if LOG not in archive.namelist():
        return
    with archive.open(LOG) as log:
        rows = map(orjson.loads, log)
        for stream, lines in groupby(rows, key=lambda row: row.pop("stream")):
            yield stream, [line_from(orjson.dumps(row)) for row in lines]


def faults(archive: zipfile.ZipFile, session: Session | None) -> Iterator[str]:
    """What does not hold in the streams of an export. ``session`` is its log folded, None where that is not proved."""
    ends = _ends(archive)
    for stream, lines in streams_in(archive):
        end = ends.pop(stream, {})
        yield from (f"{stream}: {fault}" for fault in _stream_faults(stream, lines, end, session))
    yield from (f"{stream}: its events are not in the file" for stream in ends)


def _ends(archive: zipfile.ZipFile) -> dict[str, dict[str, Any]]:
    if HEADS not in archive.namelist():
        return {}
    rows = map(orjson.loads, archive.read(HEADS).splitlines())
    return {row["stream"]: row for row in rows}


def _stream_faults(
    stream: str, lines: list[Line], end: dict[str, Any], session: Session | None
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
        yield from _against(session, stream, record)


def _against(session: Session, stream: str, record: Record) -> Iterator[str]:
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
            for name in sorted(said)
            if record.values.get(name) != said[name]
        )


def _follows(record: Record, entry: Entry, session: Session) -> bool:
    """Whether the record has nothing of its own, and has heard the last that the session says of its entry."""
    last = max(entry.changed_seq, session.erased_seq)
    return not record.approved and record.heard.get(session.code, 0) >= last
