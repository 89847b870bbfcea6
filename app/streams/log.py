"""The log's rows: beginning a log, adding a batch, forgetting bodies; on a connection that may write."""

import secrets
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.database.tables import now, table
from app.database.writer import WriteError
from app.streams.chain import GENESIS, SALT_BYTES, body_bytes, body_digest, link
from sessions.messages import Event

EPOCH_BYTES = 8

Row = tuple[Any, ...]
"""A row of the log, in the order of its columns."""

_log, _sessions, _snapshots = table("log"), table("sessions"), table("snapshots")
_COLUMNS = (
    *("session", "seq", "at", "actor", "command", "ordinal"),
    *("kind", "phase", "body", "salt", "body_digest", "digest"),
)
_TYPES = {
    **dict.fromkeys(("actor", "command", "kind", "phase", "body"), "text"),
    **dict.fromkeys(("salt", "body_digest", "digest"), "bytea"),
    "seq": "int",
    "ordinal": "int",
    "at": "float8",
}
# As the drivers take it: SQLAlchemy's own insert of many rows costs twice as much a row, on PostgreSQL five times.
BLOCKS = (256, 64, 16, 4, 1)
"""Rows in one statement on SQLite. Its driver lets go of the interpreter and takes it back for each statement, also
for each row of an ``executemany``: while the event loop is busy that can cost far more than the row."""
_ROW = f"({', '.join('?' * len(_COLUMNS))})"
_INSERTS = {
    size: f"INSERT INTO log ({', '.join(_COLUMNS)}) VALUES {', '.join([_ROW] * size)}"  # noqa: S608 - our own names
    for size in BLOCKS
}
_ARRAYS = ", ".join(f"${place}::{_TYPES[name]}[]" for place, name in enumerate(_COLUMNS[1:], 2))
FOLLOW = (
    f"WITH added AS (INSERT INTO log ({', '.join(_COLUMNS)}) SELECT $1, u.* FROM unnest({_ARRAYS}) AS u)"  # noqa: S608 - our own names
    f" UPDATE sessions SET seq = ${len(_COLUMNS) + 1}, digest = ${len(_COLUMNS) + 2} WHERE code = $1"
)
"""Rows, column by column, and the head that they make, as PostgreSQL's driver takes them."""
READ = "SELECT kind, phase, body, seq, at, actor, command FROM log"
"""What a log is folded from."""
_CODE = _sessions.c.code == bindparam("session")
_HEAD = select(_sessions.c.seq, _sessions.c.digest, _sessions.c.epoch).where(_CODE)
_HELD = _HEAD.with_for_update(key_share=True)
_AT_HAND = "SELECT seq, digest, epoch FROM sessions WHERE code = ?"
"""The head for SQLite, which has locked everything already."""
_ANSWERS = (
    select(_log.c.command, func.max(_log.c.seq).label("seq"))
    .where(_log.c.session == bindparam("session"), _log.c.command.in_(bindparam("commands", expanding=True)))
    .group_by(_log.c.command)
)
_MOVE = "UPDATE sessions SET seq = ?, digest = ? WHERE code = ?"


class Conflict(WriteError):
    """What was to be written does not follow on what is there: somebody else came first. None of it is."""


class Head(NamedTuple):
    """The end of a log: the last event's seq (0 before the first), the chain's digest, the log's epoch."""

    seq: int
    digest: bytes
    epoch: str


Write = Callable[[Connection, str], None]
"""Something that is written in the transaction of a batch's events: ``write(connection, stream)``."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What goes to disk in one transaction: events, and what is written beside them. All events of one command are in
    one batch. ``traces`` names tables whose former rows the database is to forget soon."""

    events: Sequence[Event]
    beside: Sequence[Write] = ()
    traces: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.events or self.beside)


def create(db: Connection, code: str, format_key: str, title: str) -> Head:
    """Begin an empty log. Raises Conflict if the code is taken."""
    head = Head(0, GENESIS, secrets.token_hex(EPOCH_BYTES))
    row = {"code": code, "format": format_key, "title": title, "created": now(), **head._asdict()}
    try:
        db.execute(insert(_sessions).values(row))
    except IntegrityError as error:
        raise Conflict(f"there is a session {code} already") from error
    return head


def head_of(db: Connection, session: str) -> Head | None:
    """The end of a log; None if there is no such session."""
    row = db.execute(_HEAD, {"session": session}).one_or_none()
    return row and Head(*row)


def heads(db: Connection, sessions: Sequence[str]) -> dict[str, int]:
    """The seq of the last event of each of these logs that there is."""
    rows = db.execute(select(_sessions.c.code, _sessions.c.seq).where(_sessions.c.code.in_(sessions)))
    return {row.code: row.seq for row in rows}


def event_of(kind: str, phase: str, body: str | None, seq: int, at: float, actor: str, command: str) -> Event:
    """An event again, from what READ gives of its row."""
    return Event(kind, phase, orjson.loads(body or "{}"), seq, at, actor, command)


def answers(db: Connection, session: str, commands: Sequence[str]) -> dict[str, int]:
    """The seq of the last event of each of these commands that is in the log."""
    rows = db.execute(_ANSWERS, {"session": session, "commands": commands})
    return {row.command: row.seq for row in rows}


def append(db: Connection, session: str, batch: Batch) -> None:
    """Add a batch. Raises Conflict unless it follows on the head, or if a command in it is there already."""
    head = follows(session, _held(db, session), batch.events)
    if batch.events:
        put_rows(db, chained(session, head.digest, batch.events))
    write_beside(db, session, batch)


def _held(db: Connection, session: str) -> Head | None:
    """The end of a log that nobody else can add to until this transaction ends."""
    if db.dialect.name == "postgresql":
        row = db.execute(_HELD, {"session": session}).one_or_none()
    else:
        row = _driver(db).execute(_AT_HAND, (session,)).fetchone()
    return row and Head(*row)


def _driver(db: Connection) -> Any:
    """SQLite's own cursor: for few rows SQLAlchemy's statements take longer than SQLite."""
    return db.connection.cursor()


def follows(session: str, head: Head | None, events: Sequence[Event]) -> Head:
    """The head, if events follow on it. Raises Conflict if not, or if there is no log."""
    seqs = [event.seq for event in events]
    if head is None or seqs != list(range(head.seq + 1, head.seq + 1 + len(seqs))):
        raise Conflict(f"{session}: events {seqs[:1]}… do not follow on {head.seq if head else 'any log'}")
    return head


def put_rows(db: Connection, rows: Sequence[Row]) -> None:
    """Add rows of one log that follow on its head, and move the head. Raises Conflict if a command is there."""
    try:
        if db.dialect.name == "postgresql":
            db.exec_driver_sql(FOLLOW, arrays(rows))
        else:
            cursor = _driver(db)
            for block in blocks(rows):
                cursor.execute(_INSERTS[len(block)], tuple(chain.from_iterable(block)))
            session, seq, *_, digest = rows[-1]
            cursor.execute(_MOVE, (seq, digest, session))
    except (IntegrityError, sqlite3.IntegrityError) as error:
        raise answered_before(rows[0][0]) from error


def blocks(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """Rows in pieces that are as large as BLOCKS says, the largest first."""
    start = 0
    for size in BLOCKS:
        while len(rows) - start >= size:
            yield rows[start : start + size]
            start += size


def answered_before(session: str) -> Conflict:
    """What is raised where the log has a command of a batch already."""
    return Conflict(f"{session}: a command was answered before")


def arrays(rows: Sequence[Row]) -> tuple[Any, ...]:
    """Rows of one log as FOLLOW takes them."""
    session, seq, *_, digest = rows[-1]
    columns = list(zip(*rows, strict=True))
    return (session, *columns[1:], seq, digest)


def write_beside(db: Connection, session: str, batch: Batch) -> None:
    """Write what goes to disk together with a batch's events."""
    for write in batch.beside:
        write(db, session)


def chained(session: str, digest: bytes, events: Sequence[Event]) -> list[Row]:
    """The rows of events that follow on ``digest``."""
    rows: list[Row] = []
    answered: Counter[str] = Counter()
    salts = secrets.token_bytes(SALT_BYTES * len(events))
    for number, event in enumerate(events):
        body, at = _body(event), float(event.at)
        salt = salts[number * SALT_BYTES : (number + 1) * SALT_BYTES]
        said = body_digest(salt, body)
        digest = link(
            digest, said, session, event.seq, at, event.actor, event.command, event.kind, event.phase
        )
        answered[event.command] += 1
        who = (session, event.seq, at, event.actor, event.command, answered[event.command])
        rows.append((*who, event.kind, event.phase, body.decode(), salt, said, digest))
    return rows


def _body(event: Event) -> bytes:
    try:
        return body_bytes(event.body)
    except TypeError as error:
        raise WriteError(f"event {event.seq} ({event.kind}) is not plain JSON: {error}") from error


def erase(db: Connection, session: str, remains: Mapping[int, Mapping[str, Any]]) -> None:
    """Forget bodies, by seq, and the salts that would let somebody check a guess; leave what may remain.
    No snapshot remembers them either."""
    for seq, body in remains.items():
        kept = body_bytes(body).decode() if body else None
        here = (_log.c.session == session) & (_log.c.seq == seq)
        db.execute(update(_log).where(here).values(body=kept, salt=None))
    db.execute(delete(_snapshots).where(_snapshots.c.session == session))
