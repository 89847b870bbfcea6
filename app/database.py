"""The database: one file of SQLite, two engines on it, and the way to its newest shape.

Pages read through ``db`` and ``read``. Everything that writes goes through ``write``, the one place that
takes the write lock within this process.
"""

import asyncio
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from alembic import command
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from app.migrations import Progress, settings
from app.writer import Writer

Result = TypeVar("Result")

PRAGMAS = (
    "busy_timeout=10000",  # first, because the next one may have to wait for another process
    "journal_mode=WAL",
    "synchronous=FULL",  # acknowledged means on disk
    "foreign_keys=ON",
    "secure_delete=ON",  # an erased name is overwritten, not only forgotten
)
CHECKPOINT_TRIES = 50
CHECKPOINT_PAUSE = 0.1
"""Seconds between tries to empty the write-ahead log while somebody still reads from it."""


class Database:
    """Both engines on the one file ``race.sqlite`` in a data folder. Nothing is opened before it is used."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "race.sqlite"
        self.engine: AsyncEngine = create_async_engine(f"sqlite+aiosqlite:///{self.path}")
        _prepare(self.engine.sync_engine)
        engine = create_engine(f"sqlite+pysqlite:///{self.path}")
        _prepare(engine)
        self.read_now: Engine = engine
        """For reading from a thread."""
        self.write_now: Engine = engine.execution_options(sqlite_begin="IMMEDIATE")
        """For writing from a thread. IMMEDIATE, because a transaction that begins by reading and then
        writes is refused at once where another process writes, however long it would be ready to wait."""
        self._sessions = async_sessionmaker(self.engine, class_=AsyncSession, expire_on_commit=False)

    def db(self) -> AsyncSession:
        """SQLModel's session, for reading: ``async with database.db() as db:``."""
        return self._sessions()

    async def read(self, question: Callable[[Connection], Result]) -> Result:
        """What ``question(connection)`` returns, without holding up the event loop."""
        async with self.engine.connect() as connection:
            return await connection.run_sync(question)

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        """What ``work(connection)`` returns, once it is on disk. See Writer for what work may do.

        Raises what ``work`` raises, with nothing written, and WriteError if the database fails.
        """
        return await self._writer.write(work)

    @cached_property
    def _writer(self) -> Writer:
        return Writer(self.write_now)

    async def migrate(self, progress: Progress | None = None) -> None:
        """Bring the tables to their newest shape, without holding up the event loop."""
        await asyncio.to_thread(self.migrate_now, progress)

    def migrate_now(self, progress: Progress | None = None) -> None:
        """Bring the tables to their newest shape. ``progress(done, total, revision)`` hears of each step.

        All steps are one transaction under the write lock: a second process waits and finds nothing to do.
        """
        self.path.parent.mkdir(0o700, parents=True, exist_ok=True)
        with self.write_now.begin() as connection:
            config = settings(connection)
            missing = _missing_steps(ScriptDirectory.from_config(config), connection)
            config.attributes["told"] = _counting(progress, missing)
            command.upgrade(config, "head")
        self.read_now.dispose()  # it may have been for this alone

    async def forget_erased(self) -> None:
        """Empty the write-ahead log, which may still hold what has just been erased from the tables."""
        for _ in range(CHECKPOINT_TRIES):
            if await asyncio.to_thread(self._checkpoint):
                return
            await asyncio.sleep(CHECKPOINT_PAUSE)

    def _checkpoint(self) -> bool:
        with self.read_now.connect() as connection:
            connection.commit()
            busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        return not busy

    async def close(self) -> None:
        """Finish what is being written, and close every connection."""
        if "_writer" in vars(self):
            await self._writer.close()
        await self.engine.dispose()
        self.read_now.dispose()


def _prepare(engine: Engine) -> None:
    """Make every connection durable, and every transaction begin in words of ours instead of the driver's."""
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)


def _set_pragmas(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN " + connection.get_execution_options().get("sqlite_begin", "DEFERRED"))


def _missing_steps(scripts: ScriptDirectory, connection: Connection) -> int:
    current = MigrationContext.configure(connection).get_current_revision() or "base"
    return len(list(scripts.iterate_revisions("head", current)))


def _counting(progress: Progress | None, total: int) -> Callable[..., None]:
    """Alembic's callback for each step, as a progress bar wants it."""
    done = 0

    def told(*, step: Any, **_: Any) -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, total, step.up_revision_id)

    return told
