"""Snapshots: what a long log has come to, kept so that a start need not fold all of it.

A snapshot is worth nothing by itself. It counts only for the very log it was folded from (its epoch, and the chain's
digest at its seq), for the very rules that folded it, and under the database's own seal; else it is as if it were not
there. Any of them may be thrown away at any time.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, select

from app.database import Database
from app.database.tables import table
from app.streams.journal import Journal
from app.streams.state_codec import Unreadable, freeze, rules, thaw
from sessions.session import Session

log = logging.getLogger(__name__)

PART = 1 << 20
"""Bytes in one row and one transaction: nobody's commit waits for a whole snapshot."""

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
        said = f"{self.session} {self.rules} {self.seq} {self.epoch} {self.digest.hex()} ".encode()
        return hmac.digest(secret, said + body, "sha256")


Kept = tuple[Stamp, bytes, bytes]
"""What a snapshot is of, its seal, its body."""


class Snapshots:
    """The snapshots in a database. ``key_of`` is what its sessions call organisations by."""

    def __init__(self, database: Database, key_of: Callable[[str], str]) -> None:
        self._database, self._key_of = database, key_of

    async def load(self, code: str) -> Session | None:
        """A session as it was some time ago; None if nothing is kept that counts."""
        for kept in await self._database.read(lambda db: _read(db, code)):
            session = await asyncio.to_thread(self._thawed, *kept)
            if session is not None:
                return session
        return None

    def _thawed(self, stamp: Stamp, seal: bytes, body: bytes) -> Session | None:
        if not hmac.compare_digest(seal, stamp.sealed(self._database.secret, body)):
            log.warning("a snapshot of %s is broken", stamp.session)
            return None
        try:
            session = thaw(body, self._key_of)
        except Unreadable:
            log.exception("a snapshot of %s cannot be read", stamp.session)
            return None
        return session if session.seq == stamp.seq else None

    async def newest(self, code: str) -> int:
        """The seq of the newest snapshot by these rules, as far as its label says; 0 if there is none."""
        return await self._database.read(lambda db: _newest(db, code))

    async def save(self, code: str, session: Session) -> None:
        """Keep a session's state, which nobody changes meanwhile, in place of older ones. Raises WriteError."""
        stamp = await self._database.read(lambda db: _stamp(db, code, session.seq))
        if stamp is None:
            return
        body = await asyncio.to_thread(freeze, session)
        seal = stamp.sealed(self._database.secret, body)
        parts = [body[at : at + PART] for at in range(0, len(body), PART)]
        for number, part in enumerate(parts):
            await self._database.write(partial(_put, stamp, number, len(parts), seal, part))
        await self._drop_others(stamp)

    async def _drop_others(self, stamp: Stamp) -> None:
        """One row at a time: what is deleted is overwritten on disk."""
        for row in await self._database.read(lambda db: _others(db, stamp)):
            await self._database.write(partial(_drop, row))


def _read(db: Connection, code: str) -> list[Kept]:
    """The whole snapshots of this log by these rules, newest first."""
    mine = (_snapshots.c.session == code) & (_snapshots.c.rules == rules())
    wanted = select(_snapshots).join(_log, _ITS_LOG).join(_heads, _ITS_HEAD).where(mine)
    rows = db.execute(wanted.order_by(_snapshots.c.seq.desc(), _snapshots.c.part))
    by_seq = [list(parts) for _, parts in groupby(rows, key=lambda row: row.seq)]
    return [_joined(parts) for parts in by_seq if len(parts) == parts[0].parts]


def _newest(db: Connection, code: str) -> int:
    mine = (_snapshots.c.session == code) & (_snapshots.c.rules == rules())
    return db.execute(select(func.max(_snapshots.c.seq)).where(mine)).scalar_one() or 0


def _joined(parts: Sequence[Any]) -> Kept:
    one = parts[0]
    stamp = Stamp(one.session, one.rules, one.seq, one.epoch, one.digest)
    return stamp, one.seal, b"".join(part.body for part in parts)


def _stamp(db: Connection, code: str, seq: int) -> Stamp | None:
    """What a state at this seq is of; None if the log is not there, or not as long."""
    there = (_log.c.stream == code) & (_log.c.seq == seq)
    wanted = select(_heads.c.epoch, _log.c.digest).join(_log, _log.c.stream == _heads.c.stream)
    row = db.execute(wanted.where(there)).one_or_none()
    return row and Stamp(code, rules(), seq, row.epoch, row.digest)


def _put(stamp: Stamp, number: int, parts: int, seal: bytes, body: bytes, db: Connection) -> None:
    if number == 0:  # whatever an attempt has left that was cut off
        db.execute(delete(_snapshots).where(_of(stamp)))
    row = {**asdict(stamp), "part": number, "parts": parts, "seal": seal, "body": body}
    db.execute(insert(_snapshots).values(row))


def _of(stamp: Stamp) -> ColumnElement[bool]:
    return and_(*(_snapshots.c[name] == getattr(stamp, name) for name in ("session", "rules", "seq")))


def _others(db: Connection, stamp: Stamp) -> list[tuple[Any, ...]]:
    """The keys of a session's rows that belong to other snapshots."""
    mine = (_snapshots.c.session == stamp.session) & ~_of(stamp)
    return [tuple(row) for row in db.execute(select(*_snapshots.primary_key).where(mine))]


def _drop(key: tuple[Any, ...], db: Connection) -> None:
    here = (column == value for column, value in zip(_snapshots.primary_key, key, strict=True))
    db.execute(delete(_snapshots).where(and_(*here)))


async def fold(journal: Journal, snapshots: Snapshots, code: str, key_of: Callable[[str], str]) -> Session:
    """A session from its log, as far as there is one: from a snapshot on, or from the first event."""
    kept = await snapshots.load(code)
    if kept is not None:
        try:
            return await _folded(journal, code, kept)
        except Exception:  # whatever a state that fits in nothing may lead to
            log.exception("a snapshot of %s does not go on as its log does", code)
    return await _folded(journal, code, Session(key_of))


async def _folded(journal: Journal, code: str, session: Session) -> Session:
    async for events in journal.chunks(code, session.seq):
        for event in events:
            session.evolve(event)
        await asyncio.sleep(0)  # others have their turn
    return session
