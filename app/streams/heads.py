"""The heads of streams: where each log ends, and the lock under which it grows; on a connection that may write."""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from app.database.tables import now, table
from app.database.writer import WriteError
from app.streams.chain import GENESIS
from app.streams.proof import Unproved
from sessions.messages import Event

SESSION = "session"
"""The kind of stream that a live session is. Its name is the session's code; every other stream is called by a short
prefix and a UUID of version 7, as in ``r-0199…``: a code has no "-"."""
RECORD = "record"
"""The kind of stream that a development-project record is."""
EPOCH_BYTES = 8

_heads, _sessions, _log = table("heads"), table("sessions"), table("log")
_COLUMNS = (_heads.c.seq, _heads.c.digest, _heads.c.epoch)
_HEAD = select(*_COLUMNS).where(_heads.c.stream == bindparam("stream"))
_HELD = (
    select(_heads.c.stream, *_COLUMNS)
    .where(_heads.c.stream.in_(bindparam("streams", expanding=True)))
    .order_by(_heads.c.stream)
    .with_for_update(key_share=True)
)
_HELD_ONE = _HEAD.with_for_update(key_share=True)
_END = select(
    _heads.c.seq,
    _heads.c.digest,
    select(func.max(_log.c.seq)).where(_log.c.stream == _heads.c.stream).scalar_subquery().label("last"),
    select(_log.c.digest)
    .where(_log.c.stream == _heads.c.stream, _log.c.seq == _heads.c.seq)
    .scalar_subquery()
    .label("proof"),
).where(_heads.c.stream == bindparam("stream"))
_AT_HAND = "SELECT seq, digest, epoch FROM heads WHERE stream = ?"
"""The head for SQLite, which has locked everything already."""


class Conflict(WriteError):
    """What was to be written does not follow on what is there: somebody else came first. None of it is."""


class Head(NamedTuple):
    """The end of a log: the last event's seq (0 before the first), the chain's digest, the log's epoch."""

    seq: int
    digest: bytes
    epoch: str


def create(db: Connection, code: str, format_key: str, title: str) -> Head:
    """Begin the empty log of a session. Raises Conflict if the code is taken."""
    head = _new_head()
    try:
        db.execute(insert(_heads).values(_row(code, SESSION, head)))
        db.execute(insert(_sessions).values(code=code, format=format_key, title=title))
    except IntegrityError as error:
        raise Conflict(f"there is a stream {code} already") from error
    return head


def begin(db: Connection, streams: Iterable[str], kind: str) -> None:
    """Begin those of these streams that there are not yet. Whoever else begins one of them waits until this transaction
    has ended, and then finds it."""
    dialect = postgresql if db.dialect.name == "postgresql" else sqlite
    for stream in sorted(streams):
        fresh = dialect.insert(_heads).values(_row(stream, kind, _new_head()))
        db.execute(fresh.on_conflict_do_nothing())


def drop_empty(db: Connection, streams: Collection[str]) -> None:
    """Streams that were begun, and to which nothing was added, are not there."""
    db.execute(delete(_heads).where(_heads.c.stream.in_(streams), _heads.c.seq == 0))


def _new_head() -> Head:
    return Head(0, GENESIS, secrets.token_hex(EPOCH_BYTES))


def _row(stream: str, kind: str, head: Head) -> dict[str, Any]:
    return {"stream": stream, "kind": kind, "created": now(), **head._asdict()}


def head_of(db: Connection, stream: str) -> Head | None:
    """The end of a log; None if there is no such stream."""
    row = db.execute(_HEAD, {"stream": stream}).one_or_none()
    return row and Head(*row)


def heads(db: Connection, streams: Sequence[str]) -> dict[str, int]:
    """The seq of the last event of each of these logs that there is."""
    rows = db.execute(select(_heads.c.stream, _heads.c.seq).where(_heads.c.stream.in_(streams)))
    return {row.stream: row.seq for row in rows}


def check_end(db: Connection, stream: str) -> None:
    """Raises Unproved if the log of a stream does not end where its head says: with that event, and none after it."""
    row = db.execute(_END, {"stream": stream}).one_or_none()
    if row is None or (row.last or 0, row.proof or GENESIS) == (row.seq, row.digest):
        return
    raise Unproved(stream, min(row.seq, row.last or 0) + 1, "the log does not end where its head says")


def streams_of(db: Connection, kind: str) -> list[str]:
    """The names of all streams of a kind, in order."""
    wanted = select(_heads.c.stream).where(_heads.c.kind == kind).order_by(_heads.c.stream)
    return list(db.execute(wanted).scalars())


def hold(db: Connection, streams: Collection[str]) -> Mapping[str, Head]:
    """The ends of those of these logs that there are. Nobody else can add to them until this transaction ends: they are
    locked in the order of their names, so that two who want the same ones never wait for each other for ever."""
    rows = db.execute(_HELD, {"streams": sorted(streams)})
    return {stream: Head(*head) for stream, *head in rows}


def hold_one(db: Connection, stream: str) -> Head | None:
    """As ``hold``, for one stream, in the shortest time; None if there is no such stream."""
    if db.dialect.name == "postgresql":
        row = db.execute(_HELD_ONE, {"stream": stream}).one_or_none()
    else:
        row = db.connection.cursor().execute(_AT_HAND, (stream,)).fetchone()
    return row and Head(*row)


def follows(stream: str, head: Head | None, events: Sequence[Event]) -> Head:
    """The head, if events follow on it. Raises Conflict if not, or if there is no log."""
    seqs = [event.seq for event in events]
    if head is None or seqs != list(range(head.seq + 1, head.seq + 1 + len(seqs))):
        raise Conflict(f"{stream}: events {seqs[:1]}… do not follow on {head.seq if head else 'any log'}")
    return head
