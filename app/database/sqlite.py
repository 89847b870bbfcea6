"""SQLite: one file, two engines on it, and the one writer of this process.

``patience`` is how many real seconds somebody else may hold the file before whoever asks hears that it failed.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from app.database.checkpoints import Checkpointer, emptied
from app.database.migrations import Progress, upgrade
from app.database.pragmas import PATIENCE, set_up
from app.database.private import FolderLock, keep_private, make_private
from app.database.secret import kept_secret
from app.database.writer import Writer

Result = TypeVar("Result")

CHECKPOINT_TRIES = 50
CHECKPOINT_PAUSE = 0.1
"""Seconds between tries to empty the write-ahead log while somebody still reads from it."""


class SqliteDatabase:
    """Both engines on the one file ``race.sqlite`` in a data folder. Methods as in Database."""

    shared = False

    def __init__(self, folder: Path, patience: float = PATIENCE) -> None:
        self.path = folder / "race.sqlite"
        self._lock = FolderLock(folder)
        self.listening: dict[str, Callable[[str, str], None]] = {}
        self.engine: AsyncEngine = create_async_engine(
            f"sqlite+aiosqlite:///{self.path}", hide_parameters=True
        )
        set_up(self.engine.sync_engine, patience)
        engine = create_engine(f"sqlite+pysqlite:///{self.path}", hide_parameters=True)
        set_up(engine, patience)
        self.reading: Engine = engine
        """For reading from a thread."""
        self.writing: Engine = engine.execution_options(sqlite_begin="IMMEDIATE")
        """For writing from a thread. IMMEDIATE, because a transaction that begins by reading and then
        writes is refused at once where another process writes, however long it would be ready to wait."""
        self._sessions = async_sessionmaker(self.engine, class_=AsyncSession, expire_on_commit=False)

    @cached_property
    def secret(self) -> bytes:
        return kept_secret(self._key)

    async def adopt(self, secret: bytes) -> None:
        self._key.unlink(missing_ok=True)
        self.secret = kept_secret(self._key, secret)

    @property
    def _key(self) -> Path:
        return self.path.with_name("organisations.key")

    def db(self) -> AsyncSession:
        return self._sessions()

    async def read(self, question: Callable[[Connection], Result]) -> Result:
        async with self.engine.connect() as connection:
            return await connection.run_sync(question)

    def read_now(self, question: Callable[[Connection], Result]) -> Result:
        try:
            with self.reading.connect() as connection:
                return question(connection)
        finally:
            self.reading.dispose()  # it may have been for this alone

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        return await self._writer.write(work)

    @cached_property
    def _writer(self) -> Writer:
        return Writer(self.writing, Checkpointer(self.path))

    def horizon(self, db: Connection) -> int:
        return 0

    async def migrate(self, progress: Progress | None = None) -> None:
        await asyncio.to_thread(self.migrate_now, progress)

    def claim(self) -> None:
        keep_private(self.path.parent)
        self._lock.take()

    def migrate_now(self, progress: Progress | None = None) -> None:
        keep_private(self.path.parent)
        make_private(self.path)
        with self.writing.begin() as connection:
            upgrade(connection, progress)
        self.reading.dispose()  # it may have been for this alone

    def announce(self, topic: str, session: str, word: str = "") -> None:
        if topic in self.listening:
            self.listening[topic](session, word)

    async def forget_erased(self, *tables: str) -> None:
        """Empty the write-ahead log, which may still hold what has just been erased, whatever it was."""
        for _ in range(CHECKPOINT_TRIES):
            if await asyncio.to_thread(self._checkpoint):
                return
            await asyncio.sleep(CHECKPOINT_PAUSE)

    def _checkpoint(self) -> bool:
        """Whether it is empty."""
        with closing(sqlite3.connect(self.path, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous=FULL")
            return emptied(connection)

    async def close(self) -> None:
        if "_writer" in vars(self):
            await self._writer.close()
        await self.engine.dispose()
        self.reading.dispose()
        self._lock.release()
