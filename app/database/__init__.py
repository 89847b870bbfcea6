"""The database: one file of SQLite, or a PostgreSQL that any number of processes share.

Whoever keeps something in it is written once, against SQLAlchemy's plain ``Connection``; which database stands behind
is decided here alone. Only the log knows the difference, for the sake of its speed.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel.ext.asyncio.session import AsyncSession

from app.database.migrations import Progress
from app.database.pragmas import PATIENCE, PATIENCE_SERVING
from app.database.private import Served
from app.database.writer import WriteError

__all__ = ["PATIENCE_SERVING", "Database", "Served", "WriteError", "failures", "open_database"]

Result = TypeVar("Result")


class Database(Protocol):
    """Nothing is opened before it is used. Pages read through ``db`` and ``read``; everything that writes goes
    through ``write``, except the log on PostgreSQL."""

    @property
    def shared(self) -> bool:
        """Whether other processes may write to the sessions that this one serves."""

    @property
    def listening(self) -> dict[str, Callable[[str, str], None]]:
        """Who in this process is told what it announces itself, by topic: ``listener(session, word)``."""

    @property
    def secret(self) -> bytes:
        """What makes the keys of organisations meaningless outside. No export ever has it."""

    async def adopt(self, secret: bytes) -> None:
        """Take another secret in place of the own one. Processes that are running keep to the old one."""

    def db(self) -> AsyncSession:
        """SQLModel's session, for reading: ``async with database.db() as db:``."""

    async def read(self, question: Callable[[Connection], Result]) -> Result:
        """What ``question(connection)`` returns, without holding up the event loop for longer than it computes."""

    def read_now(self, question: Callable[[Connection], Result]) -> Result:
        """As ``read``, from a thread without an event loop; all that is read is of one moment."""

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        """What ``work(connection)`` returns, once it is on disk. It uses the connection and nothing else that
        lasts: it may be done twice. Whoever waits may be cancelled; the work is not.

        Raises what ``work`` raises, with nothing written, and WriteError if the database fails.
        """

    def horizon(self, db: Connection) -> int:
        """What was told up to now: whoever reads the rows whose ``told`` is not below it misses nothing that
        comes later, however long a transaction takes. 0 where nobody else writes."""

    async def migrate(self, progress: Progress | None = None) -> None:
        """Bring the tables to their newest shape. ``progress(done, total, revision)`` hears of each step.

        All steps are one transaction under a lock: a second process waits and finds nothing to do.
        """

    def migrate_now(self, progress: Progress | None = None) -> None:
        """As ``migrate``, from a thread without an event loop."""

    def claim(self) -> None:
        """This process serves it from now on, until it is closed. Raises Served where one that serves it already is
        the only one that may."""

    def announce(self, topic: str, session: str, word: str = "") -> None:
        """Tell other processes soon that something was committed, and at once whoever listens in this one. It may get
        lost: whoever must know looks too."""

    async def forget_erased(self, *tables: str) -> None:
        """Remove what has just been erased from these tables from wherever the database still keeps a copy."""

    async def close(self) -> None:
        """Finish what is being written, and close every connection."""


def open_database(data: Path, url: str = "", patience: float = PATIENCE) -> Database:
    """The PostgreSQL at ``url``; without one the SQLite file in the data folder, for which ``patience`` says how many
    real seconds another process may hold it. Raises ValueError for an address of another kind."""
    from app.database.sqlite import SqliteDatabase

    if not url:
        return SqliteDatabase(data, patience)
    from app.database.postgres import PostgresDatabase

    return PostgresDatabase(url)


def failures(url: str = "") -> tuple[type[Exception], ...]:
    """What is raised where the database at ``url`` cannot be reached, or fails."""
    if not url:
        return (WriteError, SQLAlchemyError)
    from app.database.postgres import FAILURES

    return (WriteError, *FAILURES)
