"""The journal keeps logs: what was appended is acknowledged only after the commit."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

import orjson

from app.database import Database
from app.live import log
from app.live.log import Batch, Conflict, Head
from app.writer import WriteError
from sessions.messages import Event

__all__ = ["Batch", "Conflict", "Decide", "Head", "Journal", "JournalError", "SqliteJournal"]

CHUNK = 5000
"""Events read at a time."""

JournalError = WriteError
"""It is not in the log: drop the live state, read the log again, let the senders send again."""

Decide = Callable[[Sequence[Event]], Batch]
"""Given the events that others have appended meanwhile: what to append after them."""

_READ = """
    SELECT kind, phase, body, seq, at, actor, command FROM log
    WHERE session = ? AND seq > ? ORDER BY seq LIMIT ?
"""


class Journal(Protocol):
    """Where logs are kept. What writes returns after the commit; JournalError if the database fails."""

    async def create(self, code: str, format_key: str, title: str) -> Head:
        """Begin an empty log. Raises Conflict if the code is taken."""

    async def append(self, session: str, known: int, decide: Decide) -> None:
        """Take the log for writing, and add what ``decide`` makes of the events after seq ``known``.

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

    async def answers(self, session: str, commands: Iterable[str]) -> dict[str, int]:
        """The seq of the last event of each of these commands that is in the log."""

    async def erase(self, session: str, remains: Mapping[int, Mapping[str, Any]]) -> None:
        """Forget bodies, by seq, for good. ``remains`` says what is left of each, so that it still folds."""

    async def close(self) -> None:
        """Finish what is under way."""


class SqliteJournal:
    """The journal in SQLite, through this process's one writer. Methods as in Journal."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(self, code: str, format_key: str, title: str) -> Head:
        return await self._database.write(lambda db: log.create(db, code, format_key, title))

    async def append(self, session: str, known: int, decide: Decide) -> None:
        batch = decide(())  # nobody else writes here, so there is nothing that the desk does not know
        if batch:
            await self._database.write(lambda db: log.append(db, session, batch))

    async def read(self, session: str, after: int = 0) -> list[Event]:
        return [event async for chunk in self.chunks(session, after) for event in chunk]

    async def chunks(self, session: str, after: int = 0) -> AsyncIterator[list[Event]]:
        while events := await asyncio.to_thread(self._read_chunk, session, after):
            yield events
            after = events[-1].seq

    def _read_chunk(self, session: str, after: int) -> list[Event]:
        with self._database.read_now.connect() as db:
            cursor = db.connection.cursor()  # SQLAlchemy's own rows would double the time of a long log
            cursor.execute(_READ, (session, after, CHUNK))
            rows = cursor.fetchall()
        return [
            Event(kind, phase, orjson.loads(body or "{}"), seq, at, actor, command)
            for kind, phase, body, seq, at, actor, command in rows
        ]

    async def head(self, session: str) -> Head | None:
        return await self._database.read(lambda db: log.head_of(db, session))

    async def answers(self, session: str, commands: Iterable[str]) -> dict[str, int]:
        asked = list(commands)
        return await self._database.read(lambda db: log.answers(db, session, asked))

    async def erase(self, session: str, remains: Mapping[int, Mapping[str, Any]]) -> None:
        await self._database.write(lambda db: log.erase(db, session, remains))
        await self._database.forget_erased()

    async def close(self) -> None:
        await self._database.write(lambda db: None)
