"""Snapshots: what a long log has come to, kept so that a start need not fold all of it.

A snapshot is worth nothing by itself. It counts only for the very log it was folded from (its epoch, and the chain's
digest at its seq), for the very rules that folded it, and under a seal whose key lies apart from the database: whoever
writes into that can make none. Else it is as if it were not there. Any of them may be thrown away at any time.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import secrets
from collections.abc import Callable
from functools import cached_property, partial

from app.database import Database, WriteError
from app.database.key_folder import KeyFolder
from app.streams import snapshot_rows
from app.streams.journal import Journal
from app.streams.proof import Unproved
from app.streams.snapshot_rows import Stamp
from app.streams.state_codec import Unreadable, freeze, thaw
from sessions.session import Session

log = logging.getLogger(__name__)

PART = 1 << 20
"""Bytes in one row and one transaction: nobody's commit waits for a whole snapshot."""

SEAL, SEAL_BYTES = "snapshots", 32
"""The file of the key that seals snapshots."""


class Snapshots:
    """The snapshots in a database. ``key_of`` is what its sessions call organisations by, ``keys`` holds what seals
    them: processes that have another folder of keys fold from the log."""

    def __init__(self, database: Database, key_of: Callable[[str], str], keys: KeyFolder) -> None:
        self._database, self._key_of, self._keys = database, key_of, keys

    @cached_property
    def _secret(self) -> bytes:
        """What seals a snapshot; made where there is none. Raises WriteError where there can be none."""
        try:
            return self._keys.kept(SEAL, lambda: secrets.token_bytes(SEAL_BYTES)) + self._database.secret
        except OSError as error:
            raise WriteError(f"the folder of keys cannot be used: {error}") from error

    async def load(self, code: str) -> Session | None:
        """A session as it was some time ago; None if nothing is kept that counts."""
        try:
            for kept in await self._database.read(lambda db: snapshot_rows.read(db, code)):
                session = await asyncio.to_thread(self._thawed, *kept)
                if session is not None:
                    return session
        except WriteError:
            log.exception("no snapshot of %s can be read", code)
        return None

    def _thawed(self, stamp: Stamp, seal: bytes, body: bytes) -> Session | None:
        if not hmac.compare_digest(seal, stamp.sealed(self._secret, body)):
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
        return await self._database.read(lambda db: snapshot_rows.newest(db, code))

    async def save(self, code: str, session: Session) -> None:
        """Keep a session's state, which nobody changes meanwhile, in place of older ones. Raises WriteError."""
        stamp = await self._database.read(lambda db: snapshot_rows.stamp(db, code, session.seq))
        if stamp is None:
            return
        body = await asyncio.to_thread(freeze, session)
        seal = stamp.sealed(self._secret, body)
        parts = [body[at : at + PART] for at in range(0, len(body), PART)]
        for number, part in enumerate(parts):
            await self._database.write(partial(snapshot_rows.put, stamp, number, len(parts), seal, part))
        await self._drop_others(stamp)

    async def _drop_others(self, stamp: Stamp) -> None:
        """One row at a time: what is deleted is overwritten on disk."""
        for row in await self._database.read(lambda db: snapshot_rows.others(db, stamp)):
            await self._database.write(partial(snapshot_rows.drop, row))


async def fold(journal: Journal, snapshots: Snapshots, code: str, key_of: Callable[[str], str]) -> Session:
    """A session from its log, as far as there is one: from a snapshot on, or from the first event. Raises Unproved if
    the log does not hold."""
    await journal.check_end(code)
    kept = await snapshots.load(code)
    if kept is not None:
        try:
            return await _folded(journal, code, kept)
        except Unproved:
            raise
        except Exception:  # whatever a state that fits in nothing may lead to
            log.exception("a snapshot of %s does not go on as its log does", code)
    return await _folded(journal, code, Session(key_of))


async def _folded(journal: Journal, code: str, session: Session) -> Session:
    async for events in journal.chunks(code, session.seq):
        for event in events:
            session.evolve(event)
        await asyncio.sleep(0)  # others have their turn
    return session
