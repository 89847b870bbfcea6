"""Snapshots as they lie in the database: a row for each part of one."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, select

from app.database.tables import table
from app.streams.state_codec import rules

_snapshots, _log, _heads = table("snapshots"), table("log"), table("heads")
_ITS_LOG = and_(
    _log.c.stream == _snapshots.c.session,
    _log.c.seq == _snapshots.c.seq,
    _log.c.digest == _snapshots.c.digest,
)
_ITS_HEAD = and_(_heads.c.stream == _snapshots.c.session, _heads.c.epoch == _snapshots.c.epoch)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a snapshot is of: a session's log up to a seq, in an epoch, folded by these rules."""

    session: str
    rules: str
    seq: int
    epoch: str
    digest: bytes

    def sealed(self, secret: bytes, body: bytes) -> bytes:
        """The seal of a body with this label."""
        stamped = f"{self.session} {self.rules} {self.seq} {self.epoch} {self.digest.hex()} ".encode()
        return hmac.digest(secret, stamped + body, "sha256")


Kept = tuple[Stamp, bytes, bytes]
"""What a snapshot is of, its seal, its body."""


def read(db: Connection, code: str) -> list[Kept]:
    """The whole snapshots of this log by these rules, newest first."""
    current = (_snapshots.c.session == code) & (_snapshots.c.rules == rules())
    wanted = select(_snapshots).join(_log, _ITS_LOG).join(_heads, _ITS_HEAD).where(current)
    rows = db.execute(wanted.order_by(_snapshots.c.seq.desc(), _snapshots.c.part))
    by_seq = [list(parts) for _, parts in groupby(rows, key=lambda row: row.seq)]
    return [_joined(parts) for parts in by_seq if len(parts) == parts[0].parts]


def newest(db: Connection, code: str) -> int:
    """The seq of the newest snapshot by these rules, as far as its label says; 0 if there is none."""
    current = (_snapshots.c.session == code) & (_snapshots.c.rules == rules())
    return db.execute(select(func.max(_snapshots.c.seq)).where(current)).scalar_one() or 0


def _joined(parts: Sequence[Any]) -> Kept:
    first = parts[0]
    stamp = Stamp(first.session, first.rules, first.seq, first.epoch, first.digest)
    return stamp, first.seal, b"".join(part.body for part in parts)


def stamp(db: Connection, code: str, seq: int) -> Stamp | None:
    """What a state at this seq is of; None if the log is not there, or not as long."""
    there = (_log.c.stream == code) & (_log.c.seq == seq)
    wanted = select(_heads.c.epoch, _log.c.digest).join(_log, _log.c.stream == _heads.c.stream)
    row = db.execute(wanted.where(there)).one_or_none()
    return row and Stamp(code, rules(), seq, row.epoch, row.digest)


def put(stamp: Stamp, number: int, parts: int, seal: bytes, body: bytes, db: Connection) -> None:
    """Write one of the parts of a snapshot; the first, whose number is 0, clears its place."""
    if number == 0:  # whatever an attempt has left that was cut off
        db.execute(delete(_snapshots).where(_of(stamp)))
    row = {**asdict(stamp), "part": number, "parts": parts, "seal": seal, "body": body}
    db.execute(insert(_snapshots).values(row))


def _of(stamp: Stamp) -> ColumnElement[bool]:
    return and_(*(_snapshots.c[name] == getattr(stamp, name) for name in ("session", "rules", "seq")))


def others(db: Connection, stamp: Stamp) -> list[tuple[Any, ...]]:
    """The keys of a session's rows that belong to other snapshots."""
    others = (_snapshots.c.session == stamp.session) & ~_of(stamp)
    return [tuple(row) for row in db.execute(select(*_snapshots.primary_key).where(others))]


def drop(key: tuple[Any, ...], db: Connection) -> None:
    """Delete the row with this primary key."""
    equal = (column == value for column, value in zip(_snapshots.primary_key, key, strict=True))
    db.execute(delete(_snapshots).where(and_(*equal)))
