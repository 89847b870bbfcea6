"""The journal in PostgreSQL: any number of processes append to one log, each behind what the others have written.

The head's row is locked, what others have appended is read, the desk decides after it, and everything is committed
together. Two statements see more than one: after the lock was waited for, what was committed meanwhile is there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any
from weakref import WeakValueDictionary

import asyncpg

from app.database.postgres import FAILURES, PostgresDatabase, failed
from app.streams import log, proof
from app.streams.base_journal import BaseJournal, Decide, Look
from app.streams.heads import Conflict, Head, follows
from app.streams.ledger import Ledger
from app.streams.log import Batch
from sessions.messages import Event

MAX_BEHIND = 20_000
"""Events that may be read while the log is held. A desk that knows less reads the log first, and holds up nobody."""

_OPEN = "SELECT * FROM stream_open($1, $2, $3)"
_READ = f"{proof.READ} WHERE stream = $1 AND seq >= $2 ORDER BY seq LIMIT $3"


class PostgresJournal(BaseJournal):
    """The journal in PostgreSQL. Methods as in Journal."""

    def __init__(self, database: PostgresDatabase, ledger: Ledger | None = None) -> None:
        super().__init__(database, ledger)
        self._postgres = database
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def append(self, stream: str, known: int, decide: Decide, look: Look | None = None) -> None:
        await self._postgres.finish(self._append(stream, known, decide, look))

    async def _append(self, stream: str, known: int, decide: Decide, look: Look | None) -> None:
        turn = self._turns.setdefault(stream, asyncio.Lock())
        async with turn:  # so that one busy stream does not keep all connections waiting for its lock
            batch = await self._decided(stream, known, decide, look)
        self.announce(stream, batch)

    async def _decided(self, stream: str, known: int, decide: Decide, look: Look | None) -> Batch:
        async with self._postgres.transaction() as (connection, driver):
            head, tail = await _open(driver, stream, known)
            if look is not None:
                await connection.run_sync(look, stream)
            batch = decide(tail)
            head = follows(stream, head, batch.events)
            if batch.events:
                await _follow(driver, log.chained(stream, head.digest, batch.events))
            if batch.beside:
                await connection.run_sync(log.write_beside, stream, batch)
        return batch

    async def _chunk(self, stream: str, after: int, most: int) -> list[Event]:
        try:
            async with self._postgres.log_connection() as (_, driver):
                rows = await driver.fetch(_READ, stream, after, most + (after > 0))
        except FAILURES as error:
            failed(error)
        return proof.proved(stream, rows, after)

    async def close(self) -> None:
        await self._postgres.settle()
        await super().close()


async def _open(driver: asyncpg.Connection, stream: str, known: int) -> tuple[Head | None, Sequence[Event]]:
    """Lock a log's head; the head, None if there is no such log, and the events after a seq. Raises Unproved."""
    rows: list[Any] = await driver.fetch(_OPEN, stream, known, MAX_BEHIND)
    if not rows:
        return None, ()
    first, *rest = rows
    if first["seq"] - known > MAX_BEHIND:
        raise Conflict(f"{stream}: {first['seq'] - known} events have to be read first")
    tail = proof.proved(stream, (row[: len(proof.COLUMNS)] for row in rest), known)
    return Head(first["seq"], first["digest"], first["epoch"]), tail


async def _follow(driver: asyncpg.Connection, rows: Sequence[log.Row]) -> None:
    try:
        await driver.execute(log.FOLLOW[len(rows[0])], *log.arrays(rows))
    except asyncpg.UniqueViolationError as error:
        raise log.answered_before(rows[0][0]) from error
