"""The one writer of this process: a thread that takes whatever is waiting into one transaction.

While one transaction waits for the disk, the next ones gather, so that a burst costs a few commits. Work that
was handed over is done even if nobody waits for it any more: a commit is never cancelled half-way.
"""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from app.database.checkpoints import Checkpointer

Result = TypeVar("Result")

DATABASE_ERRORS = (SQLAlchemyError, sqlite3.Error)
MAX_BUNDLE = 1000
"""Pieces of work in one transaction."""
MAX_WAITING = 20_000
"""Pieces of work that may wait; more are refused rather than kept in memory while the disk is stuck."""


class WriteError(Exception):
    """It is not on disk. The cause is a database error, or that too much is waiting."""


@dataclass(slots=True)
class _Job:
    work: Callable[[Connection], Any]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]
    result: Any = None
    error: Exception | None = field(default=None)

    def resolve(self) -> None:
        if self.future.done():
            return
        if self.error is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(self.error)


class Writer:
    """Does pieces of work, ``work(connection)``, on ``engine``, whose transactions begin IMMEDIATE.

    A piece of work uses the connection and nothing else that lasts: when another in its bundle fails,
    everything is rolled back and each is done again by itself.
    """

    def __init__(self, engine: Engine, checkpointer: Checkpointer) -> None:
        self._engine, self._checkpointer = engine, checkpointer
        self._waiting: SimpleQueue[_Job | None] = SimpleQueue()
        self._connection: Connection | None = None
        """Kept from one bundle to the next."""
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        """What ``work`` returns, once it is on disk.

        Raises what ``work`` raises, with nothing written; WriteError if the database fails.
        """
        if self._closed or self._waiting.qsize() >= MAX_WAITING:
            raise WriteError("the writer is closed" if self._closed else "too much is waiting for the disk")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()
        future.add_done_callback(_seen)
        self._waiting.put(_Job(work, loop, future))
        return await asyncio.shield(future)

    async def close(self) -> None:
        """Finish what is waiting, then end the thread."""
        self._closed = True
        self._waiting.put(None)
        await asyncio.to_thread(self._thread.join)
        await asyncio.to_thread(self._checkpointer.close)

    def _run(self) -> None:
        while (bundle := self._drain()) is not None:
            self._do(bundle)
            _hand_back(bundle)
            self._tidy_up()
        self._let_go()

    def _tidy_up(self) -> None:
        """Whoever waited for this bundle has been told. What is done here only the next one waits for."""
        self._checkpointer.note_written()
        if self._connection is not None:
            with suppress(
                *DATABASE_ERRORS
            ):  # a disk that fails: the next bundle says so to whoever waits for it
                self._checkpointer.keep_small(_driver_of(self._connection))

    def _drain(self) -> list[_Job] | None:
        """Everything that is waiting, at least one piece; None after the last."""
        first = self._waiting.get()
        if first is None:
            return None
        bundle = [first]
        while len(bundle) < MAX_BUNDLE:
            try:
                job = self._waiting.get_nowait()
            except Empty:
                break
            if job is None:
                self._waiting.put(None)
                break
            bundle.append(job)
        return bundle

    def _do(self, bundle: Sequence[_Job]) -> None:
        try:
            failed = self._commit(bundle)
        except Exception as error:  # beginning or committing failed: nothing of it is known to be on disk
            self._let_go()
            for job in bundle:
                job.error = _as_write_error(error)
            return
        if failed is not None and len(bundle) > 1:
            for job in bundle:
                job.error = None
                self._do([job])

    def _commit(self, bundle: Sequence[_Job]) -> _Job | None:
        """Do a bundle in one transaction. What failed, with everything rolled back; None if all is well."""
        self._connection = connection = self._connection or self._engine.connect()
        with connection.begin() as transaction:
            for job in bundle:
                try:
                    job.result = job.work(connection)
                except Exception as error:
                    job.error = _as_write_error(error) if isinstance(error, DATABASE_ERRORS) else error
                    transaction.rollback()
                    return job
        return None

    def _let_go(self) -> None:
        """Whatever is wrong with the connection, the next bundle gets another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(*DATABASE_ERRORS):
                connection.invalidate()  # else the pool would hand out the same one again
                connection.close()


def _driver_of(connection: Connection) -> sqlite3.Connection:
    driver: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment]  # it knows any
    return driver


def _seen(future: asyncio.Future[Any]) -> None:
    """Look at the error, so that asyncio does not complain where the one who asked is gone."""
    if not future.cancelled():
        future.exception()


def _as_write_error(error: Exception) -> WriteError:
    wrapped = WriteError(f"{type(error).__name__}: {getattr(error, 'orig', None) or error}")
    wrapped.__cause__ = error
    return wrapped


def _hand_back(bundle: Sequence[_Job]) -> None:
    """Tell each event loop once about everything of its own that is done."""
    for loop in {job.loop for job in bundle}:
        own = [job for job in bundle if job.loop is loop]
        try:
            loop.call_soon_threadsafe(_resolve_all, own)
        except RuntimeError:  # that loop has ended, and with it everybody who waited
            continue


def _resolve_all(jobs: Sequence[_Job]) -> None:
    for job in jobs:
        job.resolve()
