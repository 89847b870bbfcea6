"""The log's rows: beginning a log, adding a batch, forgetting bodies; on a connection that may write."""

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, insert, select, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import IntegrityError

from app.archive.rows import RecordDraft, put_records
from app.live.chain import GENESIS, SALT_BYTES, body_bytes, body_digest, link
from app.people.rows import put_personal
from app.tables import now, table
from app.writer import WriteError
from sessions.messages import Event, Personal

EPOCH_BYTES = 8

_log, _sessions = table("log"), table("sessions")
_COLUMNS = (
    *("session", "seq", "at", "actor", "command", "ordinal"),
    *("kind", "phase", "body", "salt", "body_digest", "digest"),
)
# As the driver takes it: SQLAlchemy's own insert of many rows costs twice as much a row.
_INSERT = str(insert(_log).values(dict.fromkeys(_COLUMNS)).compile(dialect=sqlite.dialect()))
_CODE = _sessions.c.code == bindparam("session")
_HEAD = select(_sessions.c.seq, _sessions.c.digest, _sessions.c.epoch).where(_CODE)
_ANSWERS = (
    select(_log.c.command, func.max(_log.c.seq).label("seq"))
    .where(_log.c.session == bindparam("session"), _log.c.command.in_(bindparam("commands", expanding=True)))
    .group_by(_log.c.command)
)
_MOVE = update(_sessions).where(_CODE).values(seq=bindparam("to"), digest=bindparam("proof"))


class Conflict(WriteError):
    """What was to be written does not follow on what is there: somebody else came first. None of it is."""


class Head(NamedTuple):
    """The end of a log: the last event's seq (0 before the first), the chain's digest, the log's epoch."""

    seq: int
    digest: bytes
    epoch: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What goes to disk together: stamped events without a gap, personal data for the people's rows, records
    for the archive. All events of one command are in one batch."""

    events: Sequence[Event]
    personal: Sequence[Personal] = ()
    records: Sequence[RecordDraft] = ()

    def __bool__(self) -> bool:
        return bool(self.events or self.personal or self.records)


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


def answers(db: Connection, session: str, commands: Sequence[str]) -> dict[str, int]:
    """The seq of the last event of each of these commands that is in the log."""
    rows = db.execute(_ANSWERS, {"session": session, "commands": commands})
    return {row.command: row.seq for row in rows}


def append(db: Connection, session: str, batch: Batch) -> None:
    """Add a batch. Raises Conflict unless it follows on the head, or if a command in it is there already."""
    head = head_of(db, session)
    seqs = [event.seq for event in batch.events]
    if head is None or seqs != list(range(head.seq + 1, head.seq + 1 + len(seqs))):
        raise Conflict(f"{session}: events {seqs[:1]}… do not follow on {head.seq if head else 'any log'}")
    if batch.events:
        _append_events(db, session, head, batch.events)
    put_personal(db, session, batch.personal)
    put_records(db, session, batch.records)


def _append_events(db: Connection, session: str, head: Head, events: Sequence[Event]) -> None:
    rows = _chained(session, head.digest, events)
    try:
        db.exec_driver_sql(_INSERT, rows)
    except IntegrityError as error:
        raise Conflict(f"{session}: a command was answered before") from error
    db.execute(_MOVE, {"session": session, "to": events[-1].seq, "proof": rows[-1][-1]})


def _chained(session: str, digest: bytes, events: Sequence[Event]) -> list[tuple[Any, ...]]:
    """The rows of events that follow on ``digest``, in the order of _COLUMNS."""
    rows: list[tuple[Any, ...]] = []
    answered: Counter[str] = Counter()
    for event in events:
        body, salt, at = _body(event), secrets.token_bytes(SALT_BYTES), float(event.at)
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
    """Forget bodies, by seq, and the salts that would let somebody check a guess; leave what may remain."""
    for seq, body in remains.items():
        kept = body_bytes(body).decode() if body else None
        here = (_log.c.session == session) & (_log.c.seq == seq)
        db.execute(update(_log).where(here).values(body=kept, salt=None))
