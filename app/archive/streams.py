"""The streams of a session's records in an export, each with its own chain: written, and read again."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import orjson
from sqlalchemy import Connection, text

from app.archive.leaving import Leaving
from app.archive.limits import Members
from app.archive.line import Line, written
from app.archive.line import read as line_from
from app.archive.seal import Pack
from app.streams.chain import GENESIS
from app.streams.heads import check_end
from app.streams.proof import READ, Stored, following
from sessions.record import fold

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
    lines = [line_of(row) for row in following(stream, rows, 0, GENESIS)]
    record = fold(line.event() for line in lines)
    for line in lines:
        yield b'{"stream":"%s",' % stream.encode() + written(leaving.record_line(line, record))[1:]


def streams_in(members: Members) -> Iterator[tuple[str, list[Line]]]:
    """The streams of records in an export, with their lines; none in an export of release 1."""
    if LOG not in members:
        return
    rows = map(orjson.loads, members.lines(LOG))
    for stream, lines in groupby(rows, key=lambda row: row.pop("stream")):
        yield stream, [line_from(orjson.dumps(row)) for row in lines]
