"""The journal keeps logs: what was appended is acknowledged only after the commit."""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from app.database import Database, WriteError
from app.database.sqlite import SqliteDatabase
from app.streams import log
from app.streams.log import Batch, Conflict, Head, event_of
from sessions.messages import Event

__all__ = ["Batch", "Conflict", "Decide", "Head", "Journal", "JournalError", "SqliteJournal", "open_journal"]

tell = logging.getLogger(__name__)

CHUNK = 5000
"""Events read at a time."""
WIPE_SECONDS = 1.0
"""Real seconds for which the database may keep former rows that, as a batch says, tell what nobody may know."""

JournalError = WriteError
"""It is not in the log: drop the live state, read the log again, let the senders send again."""

Decide = Callable[[Sequence[Event]], Batch]
"""Given the events that others have appended meanwhile: what to append after them."""

Look = Callable[[Connection, str], None]
"""Reads, ``look(connection, stream)``, what the decision has to know beside the events; it keeps what it has read."""

_READ = f"{log.READ} WHERE session = ? AND seq > ? ORDER BY seq LIMIT ?"


class Journal(Protocol):
    """Where logs are kept. What writes returns after the commit; JournalError if the database fails."""

    @property
    def shared(self) -> bool:
        """Whether other processes append to the logs that this one appends to."""

    async def create(self, code: str, format_key: str, title: str) -> Head:
        """Begin an empty log. Raises Conflict if the code is taken."""

    async def append(self, session: str, known: int, decide: Decide, look: Look | None = None) -> None:
        """Take the log for writing, and add what ``decide`` makes of the events after seq ``known``.

        ``look``, if given, has been called when ``decide`` is, and nobody has written in between.
        ``decide`` is called once, on the event loop, while nobody else can write: it must not take long, and
        an empty batch writes nothing. Raises Conflict unless the batch follows on the head, or if one of its
        commands was answered before. Cancelling whoever waits does not cancel it.
        """

    async def read(self, session: str, after: int = 0) -> list[Event]:
        """The events after a seq, in order; none for an unknown session."""

    def chunks(self, session: str, after: int = 0) -> AsyncIterator[list[Event]]:
        """As ``read``, a few thousand at a time: for logs that are long, so that others get their turn."""

    async def head(self, session: str) -> Head | None:
        """The end of a log; None if there is no such session."""

    async def heads(self, sessions: Iterable[str]) -> dict[str, int]:
        """The seq of the last event of each of these logs that there is."""

    async def answers(self, session: str, commands: Iterable[str]) -> dict[str, int]:
        """The seq of the last event of each of these commands that is in the log."""

    async def erase(self, session: str, remains: Mapping[int, Mapping[str, Any]]) -> None:
        """Forget bodies, by seq, for good. ``remains`` says what is left of each, so that it still folds."""

    async def close(self) -> None:
        """Finish what is under way."""


class Kept(ABC):
    """What is the same in every database. Methods as in Journal."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._traces: frozenset[str] = frozenset()
        self._wiping: asyncio.Task[None] | None = None

    @property
    def shared(self) -> bool:
        return self._database.shared

    async def read(self, session: str, after: int = 0) -> list[Event]:
        return [event async for chunk in self.chunks(session, after) for event in chunk]

    async def chunks(self, session: str, after: int = 0) -> AsyncIterator[list[Event]]:
        while events := await self._chunk(session, after, CHUNK):
            yield events
            after = events[-1].seq

    @abstractmethod
    async def _chunk(self, session: str, after: int, most: int) -> list[Event]:
        """The events after a seq, so many at most."""

    async def create(self, code: str, format_key: str, title: str) -> Head:
        return await self._database.write(lambda db: log.create(db, code, format_key, title))

    async def head(self, session: str) -> Head | None:
        return await self._database.read(lambda db: log.head_of(db, session))

    async def heads(self, sessions: Iterable[str]) -> dict[str, int]:
        asked = list(sessions)
        return await self._database.read(lambda db: log.heads(db, asked))

    async def answers(self, session: str, commands: Iterable[str]) -> dict[str, int]:
        asked = list(commands)
        return await self._database.read(lambda db: log.answers(db, session, asked))

    async def erase(self, session: str, remains: Mapping[int, Mapping[str, Any]]) -> None:
        await self._database.write(lambda db: log.erase(db, session, remains))
        await self._database.forget_erased("log", "snapshots")

    def wipe_soon(self, tables: frozenset[str]) -> None:
        """The database still shows what former rows have held, until it is told to forget them."""
        self._traces |= tables
        if self._traces and (self._wiping is None or self._wiping.done()):
            self._wiping = asyncio.create_task(self._wipe())

    async def _wipe(self) -> None:
        while self._traces:
            await asyncio.sleep(WIPE_SECONDS)
            await self._forget()

    async def _forget(self) -> None:
        tables, self._traces = self._traces, frozenset()
        try:
            await self._database.forget_erased(*sorted(tables))
        except Exception:  # whatever keeps the database from it: the next such batch tries again
            tell.exception("former rows of %s could not be wiped", ", ".join(sorted(tables)))

    async def close(self) -> None:
        await self._database.write(lambda db: None)
        if self._wiping is not None:
            self._wiping.cancel()
        if self._traces:
            await self._forget()


class SqliteJournal(Kept):
    """The journal in SQLite, through this process's one writer."""

    def __init__(self, database: SqliteDatabase) -> None:
        super().__init__(database)
        self._reading = database.reading

    async def append(self, session: str, known: int, decide: Decide, look: Look | None = None) -> None:
        if look is not None:
            await self._look(session, look)
        batch = decide(())  # nobody else writes here, so there is nothing that the desk does not know
        if batch:
            await self._database.write(lambda db: log.append(db, session, batch))
        self.wipe_soon(batch.traces)

    async def _look(self, session: str, look: Look) -> None:
        try:
            await self._database.read(lambda db: look(db, session))
        except SQLAlchemyError as error:
            raise JournalError(f"what lies beside the log of {session} cannot be read: {error}") from error

    async def _chunk(self, session: str, after: int, most: int) -> list[Event]:
        return await asyncio.to_thread(self._read_chunk, session, after, most)

    def _read_chunk(self, session: str, after: int, most: int) -> list[Event]:
        with self._reading.connect() as db:
            cursor = db.connection.cursor()  # SQLAlchemy's own rows would double the time of a long log
            cursor.execute(_READ, (session, after, most))
            rows = cursor.fetchall()
        return [event_of(*row) for row in rows]


def open_journal(database: Database) -> Journal:
    """The journal in a database, in the way that is fast there."""
    from app.streams.postgres_journal import PostgresDatabase, PostgresJournal

    if isinstance(database, PostgresDatabase):
        return PostgresJournal(database)
    assert isinstance(database, SqliteDatabase)
    return SqliteJournal(database)
