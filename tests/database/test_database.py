"""The database's engines, its durability and its way to the newest shape."""

import asyncio
import sqlite3
import subprocess
import sys
import threading
import traceback
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, insert, inspect, select

from app.database import Database, open_database
from app.database.migrations import HERE, newest, settings
from app.database.pragmas import PRAGMAS
from app.database.sqlite import SqliteDatabase
from app.database.tables import METADATA, HeadRow, table
from app.database.writer import WriteError
from app.streams.chain import GENESIS
from app.telemetry.logs import discreet
from tests.support.databases import KINDS, SQLITE_ONLY, Place, asked, new_place


@pytest.fixture
async def database(place: Place) -> AsyncIterator[Database]:
    database = place.open()
    await database.migrate()
    yield database
    await database.close()


@pytest.fixture(params=KINDS)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A place without any tables."""
    return new_place(request.param, tmp_path / "data", migrated=False)


def row(code: str, created: datetime | None = None) -> dict[str, object]:
    told = {"stream": code, "kind": "session", "seq": 0, "digest": GENESIS, "epoch": "e"}
    return {**told, "created": created or datetime(2026, 3, 27, 11, tzinfo=UTC)}


def add(code: str, created: datetime | None = None) -> Callable[[Connection], None]:
    def work(db: Connection) -> None:
        db.execute(insert(table("heads")).values(row(code, created)))

    return work


async def test_migrating_makes_the_tables_that_the_models_describe(database: Database) -> None:
    def differences(db: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(db), METADATA))

    assert await database.read(differences) == []


async def test_migrating_tells_of_each_step_and_the_second_time_of_none(empty: Place) -> None:
    database = empty.open()
    told: list[tuple[int, int, str]] = []
    await database.migrate(lambda *step: told.append(step))
    assert told[-1][0] == told[-1][1] == len(told) >= 1
    again: list[tuple[int, int, str]] = []
    await database.migrate(lambda *step: again.append(step))
    assert again == []
    await database.close()


def test_the_newest_step_is_known_without_alembic() -> None:
    assert newest() == ScriptDirectory(str(HERE)).get_current_head()


def test_where_nothing_is_missing_alembic_is_not_even_imported(tmp_path: Path) -> None:
    open_database(tmp_path).migrate_now()
    look = (
        "import sys; from pathlib import Path; from app.database import open_database;"
        " open_database(Path(sys.argv[1])).migrate_now(); print('alembic' in sys.modules)"
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", look, folder], capture_output=True, text=True, check=True
        ).stdout
        for folder in (tmp_path, tmp_path / "new")
    ]
    assert told == ["False\n", "True\n"]


async def test_two_processes_migrate_at_once_and_both_come_through(empty: Place) -> None:
    databases = [empty.open() for _ in range(4)]
    await asyncio.gather(*(database.migrate() for database in databases))
    for number, database in enumerate(databases):
        await database.write(add(f"AAAAAAA{number}"))
        await database.close()
    seen = empty.open()
    rows = await asked(seen, "SELECT stream FROM heads ORDER BY stream")
    assert [row["stream"] for row in rows] == ["AAAAAAA0", "AAAAAAA1", "AAAAAAA2", "AAAAAAA3"]
    await seen.close()


def test_those_who_open_a_new_file_at_once_wait_for_each_other(tmp_path: Path) -> None:
    """Without patience about one round in twenty-five of these fails."""
    for number in range(100):
        databases = [SqliteDatabase(tmp_path) for _ in range(6)]
        with ThreadPoolExecutor(len(databases)) as threads:
            told = list(threads.map(_opened_together, databases, [threading.Barrier(6)] * 6))
        assert told == ["wal"] * 6, number
        databases[0].path.unlink()


def _opened_together(database: SqliteDatabase, gate: threading.Barrier) -> str:
    gate.wait()
    with database.reading.connect() as db:
        mode = str(db.exec_driver_sql("PRAGMA journal_mode").scalar_one())
    database.reading.dispose()
    return mode


async def test_a_downgrade_leaves_nothing_behind(database: Database) -> None:
    def down(db: Connection) -> list[str]:
        command.downgrade(settings(db), "base")
        return inspect(db).get_table_names()

    assert await database.write(down) == ["alembic_version"]


async def test_migrating_takes_the_labels_away_of_links_by_which_somebody_came_who_was_erased(
    database: Database,
) -> None:
    at = "2026-11-07 12:00:00+00:00"
    people = "INSERT INTO people (session, person, name, organisation, language, contact, created, erased)"
    links = "INSERT INTO links (token, session, role, label, made_by, person, created)"
    before = [
        "INSERT INTO sessions (code, format, title) VALUES ('S', 'f', 'T')",
        *(
            f"{people} VALUES ('S', '{person}', '', '', '', '{{}}', '{at}', {erased})"
            for person, erased in (("anna", f"'{at}'"), ("bo", "NULL"))
        ),
        *(
            f"{links} VALUES ('{person}', 'S', 'juror', 'For {person}', '', '{person}', '{at}')"
            for person in ("anna", "bo", "")
        ),
    ]

    def up(db: Connection) -> None:
        command.downgrade(settings(db), "0010")
        for statement in before:
            db.exec_driver_sql(statement)
        command.upgrade(settings(db), "head")

    await database.write(up)
    labels = await asked(database, "SELECT label FROM links ORDER BY person")
    assert [row["label"] for row in labels] == ["For ", "", "For bo"]


@SQLITE_ONLY
@pytest.mark.parametrize("pragma", PRAGMAS)
async def test_every_connection_is_durable(database: Database, pragma: str) -> None:
    name, _, wanted = pragma.partition("=")
    meant = {"FULL": "2", "ON": "1"}.get(wanted, wanted.lower())

    def told(db: Connection) -> str:
        return str(db.exec_driver_sql(f"PRAGMA {name}").scalar_one())

    assert await database.read(told) == meant
    assert await database.write(told) == meant


async def test_what_is_written_is_there_for_the_next_reader(database: Database) -> None:
    await database.write(add("AAAAAAAA"))
    async with database.db() as db:
        found = await db.get(HeadRow, "AAAAAAAA")
    assert found is not None
    assert found.kind == "session"


async def test_an_error_tells_nothing_of_what_was_to_be_written(database: Database) -> None:
    name = "".join(("Aino", "Virtanen"))  # a traceback shows the lines of this test too

    def name_somebody(db: Connection) -> None:
        db.execute(insert(table("people")).values(session=None, person="p1", name=name))

    with pytest.raises(WriteError) as failed:
        await database.write(name_somebody)
    told = discreet("".join(traceback.format_exception(failed.value)))
    assert ("IntegrityError" in told, name in told) == (True, False)


async def test_moments_come_back_in_utc_whatever_zone_they_were_told_in(database: Database) -> None:
    noon = datetime(2026, 3, 27, 12, tzinfo=timezone(timedelta(hours=1)))
    await database.write(add("AAAAAAAA", noon))
    async with database.db() as db:
        found = await db.get_one(HeadRow, "AAAAAAAA")
    assert found.created == noon
    assert found.created.tzinfo is UTC


async def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(WriteError, match="without a time zone"):
        await database.write(add("AAAAAAAA", datetime(2026, 3, 27)))


async def test_a_failing_piece_of_work_takes_nothing_else_with_it(database: Database) -> None:
    def fail(db: Connection) -> None:
        db.execute(insert(table("heads")).values(row("GONE")))
        raise ValueError("on purpose")

    works = [add("A"), fail, add("B"), add("A")]
    results = await asyncio.gather(*map(database.write, works), return_exceptions=True)
    assert isinstance(results[1], ValueError)
    assert sorted(type(result).__name__ for result in results[::2] + results[3:]) == ["NoneType"] * 2 + [
        "WriteError"
    ]
    codes = await database.read(lambda db: db.execute(select(table("heads").c.stream)).scalars().all())
    assert sorted(codes) == ["A", "B"]


async def test_work_goes_on_when_nobody_waits_for_it_any_more(database: Database) -> None:
    task = asyncio.create_task(database.write(add("AAAAAAAA")))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(5.0):
        while await asked(database, "SELECT stream FROM heads") != [{"stream": "AAAAAAAA"}]:
            await asyncio.sleep(0.01)


@SQLITE_ONLY
async def test_another_process_that_holds_the_lock_too_long_is_a_write_error_that_heals(
    database: Database, place: Place
) -> None:
    await database.write(lambda db: db.exec_driver_sql("PRAGMA busy_timeout=50"))
    other = sqlite3.connect(place.data / "race.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(WriteError, match="locked"):
        await database.write(add("AAAAAAAA"))
    other.execute("ROLLBACK")
    other.close()
    await database.write(add("AAAAAAAA"))


async def test_a_closed_database_refuses_to_write(database: Database) -> None:
    await database.write(add("AAAAAAAA"))
    await database.close()
    with pytest.raises(WriteError, match="closed"):
        await database.write(add("BBBBBBBB"))
