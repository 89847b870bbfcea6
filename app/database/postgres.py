"""PostgreSQL, shared by any number of processes. Every connection waits for nothing for long.

A connection on which anything has failed is dropped: whether a commit came through is then told by the tables alone.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, NoReturn, TypeVar

import asyncpg
from sqlalchemy import Connection, NullPool, event, text
from sqlalchemy.exc import DisconnectionError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, async_sessionmaker, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from app.database.bulletin import Bulletin
from app.database.migrations import Progress, upgrade
from app.database.secret import SECRET_BYTES
from app.database.writer import WriteError

Result = TypeVar("Result")

SCHEMES = ("postgresql://", "postgres://")
CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 10.0
"""A statement that is not answered by then is given up, with its connection: the network may be gone."""
LIMITS = {
    "application_name": "race",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "2s",  # a process that froze loses the log, so that others go on
    "jit": "off",
}
ORDINARY, LOGS = 6, 6
"""Connections at most for pages, people and records, and for logs. Two more tell and hear what is new."""
POOL_SECONDS = 10.0
FAILURES = (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError)
MIGRATING = 0x52414345
"""The number of the lock under which tables change."""

_HORIZON = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
_LOCK = text("SELECT pg_advisory_xact_lock(:number)")
_KEEP_SECRET = text("INSERT INTO secrets VALUES ('organisations', :value) ON CONFLICT DO NOTHING")
_ADOPT = text("UPDATE secrets SET value = :value WHERE name = 'organisations'")
_SECRET = text("SELECT value FROM secrets WHERE name = 'organisations'")


class PostgresDatabase:
    """The database at an address. It has to be migrated before ``secret`` is asked for. Methods as in Database."""

    shared = True

    def __init__(self, url: str) -> None:
        """Raises ValueError if the address is of another kind."""
        if not url.startswith(SCHEMES):
            raise ValueError("a database's address begins with postgresql://")
        self.url = url
        self.listening: dict[str, Callable[[str, str], None]] = {}
        self.name = secrets.token_hex(6)
        """Of this one of the processes that share the database."""
        self._engine = self._pooled(ORDINARY)
        self._logs = self._pooled(LOGS, isolation_level="AUTOCOMMIT")
        self._sessions = async_sessionmaker(self._engine, class_=AsyncSession, expire_on_commit=False)
        self._under_way: set[asyncio.Task[Any]] = set()
        self._bulletin = Bulletin(self.name, self.connect)
        self._secret: bytes | None = None
        self._closed = False

    async def connect(self, limits: dict[str, str] | None = None) -> asyncpg.Connection:
        """A connection of one's own, in the driver's terms."""
        return await asyncpg.connect(
            self.url,
            timeout=CONNECT_SECONDS,
            command_timeout=ANSWER_SECONDS if limits is None else None,
            server_settings=LIMITS if limits is None else limits,
        )

    def _pooled(self, size: int, **options: Any) -> AsyncEngine:
        engine = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=self.connect,
            pool_size=size,
            max_overflow=0,
            pool_timeout=POOL_SECONDS,
            hide_parameters=True,  # an error that is written down names nobody
            **options,
        )
        event.listen(engine.sync_engine, "checkout", _refuse_broken)
        return engine

    @property
    def secret(self) -> bytes:
        if self._secret is None:
            raise RuntimeError("the database was not migrated yet")
        return self._secret

    async def adopt(self, secret: bytes) -> None:
        await self.write(lambda db: db.execute(_ADOPT, {"value": secret}))
        self._secret = secret

    # ---- reading

    def db(self) -> AsyncSession:
        return self._sessions()

    async def read(self, question: Callable[[Connection], Result]) -> Result:
        async with self._engine.connect() as connection:
            return await connection.run_sync(question)

    def read_now(self, question: Callable[[Connection], Result]) -> Result:
        return asyncio.run(self._read_alone(question))

    async def _read_alone(self, question: Callable[[Connection], Result]) -> Result:
        async with self._alone() as engine:
            calm = engine.execution_options(isolation_level="REPEATABLE READ")
            async with calm.connect() as connection:
                return await connection.run_sync(question)

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[AsyncEngine]:
        """An engine for this event loop alone, whose transactions may take their time."""
        engine = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=lambda: self.connect({}),
            poolclass=NullPool,
            hide_parameters=True,
        )
        try:
            yield engine
        finally:
            await engine.dispose()

    def horizon(self, db: Connection) -> int:
        return int(db.execute(_HORIZON).scalar_one())

    # ---- writing

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        return await self.finish(self._write(work))

    async def finish(self, work: Coroutine[Any, Any, Result]) -> Result:
        """What ``work`` returns. Whoever waits may be cancelled; the work is not."""
        if self._closed:
            work.close()
            raise WriteError("the database is closed")
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._done)
        return await asyncio.shield(task)

    async def settle(self) -> None:
        """Wait for everything that is being written."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            task.exception()  # looked at, so that asyncio does not complain where the one who asked is gone

    async def _write(self, work: Callable[[Connection], Result]) -> Result:
        try:
            async with self._engine.connect() as connection:
                try:
                    result = await connection.run_sync(work)
                    await connection.commit()
                except FAILURES:
                    await connection.invalidate()
                    raise
        except FAILURES as error:
            failed(error)
        return result

    @asynccontextmanager
    async def transaction(
        self,
    ) -> AsyncIterator[tuple[AsyncConnection, asyncpg.Connection]]:
        """One transaction of the log, as SQLAlchemy and as the driver sees it. Raises WriteError if it failed."""
        try:
            async with self.log_connection() as (connection, driver):
                try:
                    await driver.execute("BEGIN")
                    yield connection, driver
                    if await driver.execute("COMMIT") != "COMMIT":
                        raise WriteError("PostgreSQL had given the transaction up")
                except BaseException:
                    await connection.invalidate()
                    raise
        except FAILURES as error:
            failed(error)

    @asynccontextmanager
    async def log_connection(
        self,
    ) -> AsyncIterator[tuple[AsyncConnection, asyncpg.Connection]]:
        """A connection for reading a log, as SQLAlchemy and as the driver sees it."""
        async with self._logs.connect() as connection:
            raw = await connection.get_raw_connection()
            yield connection, raw.driver_connection

    def announce(self, topic: str, session: str, word: str = "") -> None:
        self._bulletin.post(topic, session, word)
        if topic in self.listening:
            self.listening[topic](session, word)

    def claim(self) -> None:
        """Any number of processes may serve it."""

    # ---- the tables

    async def migrate(self, progress: Progress | None = None) -> None:
        async with self._alone() as engine, engine.begin() as connection:
            await connection.execute(_LOCK, {"number": MIGRATING})
            await connection.run_sync(upgrade, progress)
            await connection.execute(_KEEP_SECRET, {"value": secrets.token_bytes(SECRET_BYTES)})
            self._secret = bytes((await connection.execute(_SECRET)).scalar_one())

    def migrate_now(self, progress: Progress | None = None) -> None:
        asyncio.run(self.migrate(progress))

    async def forget_erased(self, *tables: str) -> None:
        """Free the space of rows that were replaced. What its write-ahead log and its backups keep, and for how
        long, is settled where PostgreSQL is run."""
        driver = await self.connect({})
        try:
            await driver.execute(f"VACUUM {', '.join(tables)}")
        finally:
            await driver.close()

    async def close(self) -> None:
        self._closed = True
        await self.settle()
        await self._bulletin.close()
        await self._engine.dispose()
        await self._logs.dispose()


def failed(error: Exception) -> NoReturn:
    """Say that it is not known to be on disk. Raises WriteError."""
    if isinstance(error, WriteError):
        raise error
    raise WriteError(f"{type(error).__name__}: {getattr(error, 'orig', None) or error}") from error


def _refuse_broken(connection: Any, _record: Any, _proxy: Any) -> None:
    """A connection that the server has closed meanwhile is replaced before anybody uses it."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError
