"""The write-ahead log never grows without bound, whoever reads, and whoever stops leaves none behind."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from app.database import checkpoints
from app.database.sqlite import SqliteDatabase

PIECE = 100_000
"""Bytes that are written at a time."""
LARGE = 10 * PIECE


@pytest.fixture
async def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SqliteDatabase]:
    monkeypatch.setattr(checkpoints, "LARGE", LARGE)
    monkeypatch.setattr(checkpoints, "EVERY_SECONDS", 0.01)
    monkeypatch.setattr(checkpoints, "AGAIN_SECONDS", 0.01)
    database = SqliteDatabase(tmp_path)
    await database.migrate()
    yield database
    await database.close()


def size(database: SqliteDatabase) -> int:
    wal = database.path.with_name("race.sqlite-wal")
    return wal.stat().st_size if wal.exists() else 0


def put(number: int, db: Connection) -> None:
    db.execute(
        text("INSERT OR REPLACE INTO secrets VALUES (:name, randomblob(:size))"),
        {"name": f"{number % 5}", "size": PIECE},
    )


async def write(database: SqliteDatabase, pieces: int) -> int:
    """Write so many pieces one after the other; the most that the write-ahead log has held."""
    most = 0
    for number in range(pieces):
        await database.write(lambda db, number=number: put(number, db))  # type: ignore[misc]  # a default
        most = max(most, size(database))
    return most


async def until_small(database: SqliteDatabase) -> None:
    async with asyncio.timeout(10):
        while size(database) > LARGE:
            await asyncio.sleep(0.01)


async def test_without_anybody_to_move_it_the_log_grows_with_everything_that_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "EVERY_SECONDS", 3600.0)
    database = SqliteDatabase(tmp_path)
    await database.migrate()
    assert await write(database, 100) > 100 * PIECE
    await database.close()


async def test_the_log_stays_small_however_much_is_written(database: SqliteDatabase) -> None:
    assert await write(database, 300) < 100 * PIECE
    await until_small(database)


async def test_a_writer_whose_disk_is_behind_waits_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "EVERY_SECONDS", 3600.0)
    monkeypatch.setattr(checkpoints, "LARGEST", LARGE)
    database = SqliteDatabase(tmp_path)
    await database.migrate()
    assert await write(database, 100) < LARGE + 3 * PIECE
    await database.close()


async def test_who_reads_for_long_is_waited_for_by_nobody_and_the_log_shrinks_once_they_are_done(
    database: SqliteDatabase,
) -> None:
    with closing(sqlite3.connect(database.path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM secrets").fetchone()
        async with asyncio.timeout(20):
            assert await write(database, 100) > 50 * PIECE
        reader.execute("COMMIT")
    await until_small(database)


async def test_whoever_stops_leaves_one_file_with_everything_in_it(database: SqliteDatabase) -> None:
    await write(database, 3)
    assert size(database) > 0
    await database.close()
    assert size(database) == 0
    with closing(sqlite3.connect(f"file:{database.path}?immutable=1", uri=True)) as db:
        assert db.execute("SELECT count(*) FROM secrets").fetchone() == (3,)


class ClosedMeanwhile(threading.Event):
    """Is set by somebody else right after it was first found not to be."""

    def __init__(self, written: threading.Event) -> None:
        super().__init__()
        self._written = written

    def wait(self, timeout: float | None = None) -> bool:
        found = super().wait(0)
        self.set()
        self._written.set()
        return found


def test_whoever_stops_while_the_log_is_about_to_be_moved_is_heard(tmp_path: Path) -> None:
    checkpointer = checkpoints.Checkpointer(tmp_path / "race.sqlite")
    checkpointer._closing = ClosedMeanwhile(checkpointer._written)
    checkpointer.note_written()
    checkpointer._thread.join(10)
    assert not checkpointer._thread.is_alive()
