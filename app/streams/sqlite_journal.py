"""The journal in SQLite, through this process's one writer."""

from __future__ import annotations

import asyncio

from sqlalchemy.exc import SQLAlchemyError

from app.database.sqlite import SqliteDatabase
from app.streams import log, proof
from app.streams.base_journal import BaseJournal, Decide, JournalError, Look
from app.streams.ledger import Ledger
from sessions.messages import Event

_READ = f"{proof.READ} WHERE stream = ? AND seq >= ? ORDER BY seq LIMIT ?"


class SqliteJournal(BaseJournal):
    """Methods as in Journal."""

    def __init__(self, database: SqliteDatabase, ledger: Ledger | None = None) -> None:
        super().__init__(database, ledger)
        self._reading = database.reading

    async def append(self, stream: str, known: int, decide: Decide, look: Look | None = None) -> None:
        if look is not None:
            await self._look(stream, look)
        batch = decide(())  # nobody else writes here, so there is nothing that the desk does not know
        if batch:
            await self._database.write(lambda db: log.append(db, stream, batch))
        self.announce(stream, batch)

    async def _look(self, stream: str, look: Look) -> None:
        try:
            await self._database.read(lambda db: look(db, stream))
        except SQLAlchemyError as error:
            raise JournalError(f"what lies beside the log of {stream} cannot be read: {error}") from error

    async def _chunk(self, stream: str, after: int, most: int) -> list[Event]:
        return await asyncio.to_thread(self._read_chunk, stream, after, most)

    def _read_chunk(self, stream: str, after: int, most: int) -> list[Event]:
        with self._reading.connect() as db:
            cursor = db.connection.cursor()  # SQLAlchemy's own rows would double the time of a long log
            cursor.execute(_READ, (stream, after, most + (after > 0)))
            rows = cursor.fetchall()
        return proof.proved(stream, rows, after)
