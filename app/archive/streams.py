"""The streams of a session's records in an export, each with its own chain: written, and read again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
from sessions.levels import own_of
from sessions.record import fold
from sessions.session import Session
from sessions.viewers import Own

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


def stored_streams(db: Connection, code: str) -> Iterator[tuple[str, list[Line]]]:
    """The streams of a session's records as they are kept, with their lines. Raises Unproved."""
    for end in db.execute(_HEADS, {"session": code}).all():
        check_end(db, end.stream)
        rows = (Stored(*row) for row in db.execute(_READ, {"stream": end.stream, "last": end.seq}))
        yield end.stream, [line_of(row) for row in following(end.stream, rows, 0, GENESIS)]


def add_streams(pack: Pack, db: Connection, code: str, leaving: Leaving) -> int:
    """Put the streams of a session's records into an export, as much of them as leaves (see leaving.py); the bytes of
    the longest line. Raises Unproved, Inseparable."""
    longest = [0]

    def written_streams() -> Iterator[bytes]:
        for stream, lines in stored_streams(db, code):
            record = fold(line.event() for line in lines)
            for line in lines:
                text = b'{"stream":"%s",' % stream.encode() + written(leaving.record_line(line, record))[1:]
                longest.append(max(longest.pop(), len(text)))
                yield text

    pack.add(LOG, written_streams())
    ends = db.execute(_HEADS, {"session": code}).all()
    rows = [{"stream": e.stream, "kind": e.kind, "events": e.seq, "head": e.digest.hex()} for e in ends]
    pack.add(HEADS, (orjson.dumps(row) + b"\n" for row in rows))
    return longest[0]


def owns(streams: Iterable[tuple[str, list[Line]]], session: Session) -> dict[str, Own]:
    """What the records of a session say that decide for themselves, by entry."""
    found = {}
    for _, lines in streams:
        since = next((line.seq for line in lines if line.kind == "approved"), 0)
        record = fold(line.event() for line in lines)
        if since:
            found[record.entry] = own_of(record, since, session)
    return found


def streams_in(members: Members) -> Iterator[tuple[str, list[Line]]]:
    """The streams of records in an export, with their lines; none in an export of release 1."""
    if LOG not in members:
        return
    rows = map(orjson.loads, members.lines(LOG))
    for stream, lines in groupby(rows, key=lambda row: row.pop("stream")):
        yield stream, [line_from(orjson.dumps(row)) for row in lines]
