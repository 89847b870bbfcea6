"""Rows that come from streams can be made again from them at any time, and compared with them."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.archive.move import move
from app.database import Database, open_database
from app.projections import PROJECTIONS, RECORDS
from app.streams import rebuild as module
from app.streams.journal import Batch, open_journal
from app.streams.projections import Projection, Projections
from app.streams.rebuild import check, make_current, quiet, rebuild
from sessions.record_shapes import record_event
from tests.golden import CODE, unpack_database
from tests.streams.test_journal import check_chain
from tests.support.databases import Place, asked
from tests.support.handing import hand_over_all
from tests.support.results import as_told
from tests.support.stage import START


@pytest.fixture
async def database(place: Place, tmp_path: Path) -> AsyncIterator[Database]:
    """A database of either kind with the race of release 1, whose records were made again."""
    golden = tmp_path / "golden"
    golden.mkdir()
    unpack_database(golden)
    source, database = open_database(golden), place.open()
    for each in (source, database):
        await each.migrate()
        await make_current(each, PROJECTIONS)
    await hand_over_all(source, CODE)
    await move(source, database, CODE, quiet, PROJECTIONS)
    await source.close()
    yield database
    await database.close()


async def differences(database: Database) -> list[tuple[str, str]]:
    """What differs, by kind of difference and key."""
    found = await asyncio.to_thread(database.read_now, lambda db: check(db, PROJECTIONS))
    return sorted((each.what, each.key) for each in found)


async def keys(database: Database) -> list[str]:
    rows = await database.read(lambda db: db.execute(text("SELECT id FROM records ORDER BY id")).all())
    return [str(row.id) for row in rows]


async def change(database: Database, statement: str, **values: Any) -> None:
    assert await database.write(lambda db: db.execute(text(statement), values).rowcount) > 0


async def records(database: Database) -> list[dict[str, Any]]:
    return await asked(database, "SELECT * FROM records ORDER BY id")


async def test_records_of_release_1_are_made_again_as_they_were(tmp_path: Path) -> None:
    unpack_database(tmp_path)
    wanted = "SELECT id, entry, status, title, body FROM records ORDER BY id"
    with closing(sqlite3.connect(tmp_path / "race.sqlite")) as old:
        before = old.execute(wanted).fetchall()
    assert len(before) == 3
    database = open_database(tmp_path)
    await database.migrate()
    await make_current(database, PROJECTIONS)
    await hand_over_all(database, CODE)
    with closing(sqlite3.connect(tmp_path / "race.sqlite")) as new:
        after = new.execute(wanted).fetchall()
    again = [row for row in after if row[2] == "archived"]
    assert [row[:4] for row in again] == [row[:4] for row in before]
    for new, known in zip(*([json.loads(row[4]) for row in rows] for rows in (again, before)), strict=True):
        assert {person["person"] for person in known["people"]["contributors"]} <= {
            person["person"] for person in new["people"]["contributors"]
        }
        titles = [[*record["identity"].pop("title").values()] for record in (new, known)]
        assert titles[0] == titles[1]  # today it stands under the language in which it is written
        del known["people"]["contributors"], known["provenance"]  # and more is told of where it comes from
        assert as_told(new, known) == known
    assert await check_chain(database, CODE) == 556
    await database.close()


async def test_every_row_that_is_not_what_its_stream_says_is_told(database: Database) -> None:
    first, second, third = await keys(database)
    assert await differences(database) == []
    await change(database, "UPDATE records SET title = 'Another' WHERE CAST(id AS text) = :id", id=first)
    await change(database, "DELETE FROM records WHERE CAST(id AS text) = :id", id=second)
    await change(
        database, "UPDATE records SET session = session, entry = 'e99' WHERE CAST(id AS text) = :id", id=third
    )
    assert await differences(database) == [("another", first), ("another", third), ("missing", second)]
    await rebuild(database, PROJECTIONS)
    assert await differences(database) == []
    assert await keys(database) == [first, second, third]


async def test_a_row_of_no_stream_is_told_and_goes(database: Database) -> None:
    stranger = "0199d5a4-7b1c-7000-8000-000000000000"
    await change(
        database,
        "INSERT INTO records SELECT :id, :stream, session, 'e99', status, title, body, seq, digest, updated,"
        " archived_at FROM records LIMIT 1",
        id=stranger.replace("-", "") if not database.shared else stranger,
        stream=f"r-{stranger}",
    )
    ((what, key),) = await differences(database)
    assert (what, key.replace("-", "")) == ("in no stream", stranger.replace("-", ""))
    assert await rebuild(database, PROJECTIONS) == 3
    assert await differences(database) == []


async def test_comparing_changes_nothing(database: Database) -> None:
    await change(database, "UPDATE records SET title = 'Another'")
    before = await records(database)
    assert len(await differences(database)) == 3
    assert await records(database) == before


async def test_another_version_is_made_anew_in_a_table_of_its_own_shape(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await database.write(lambda db: db.execute(text("ALTER TABLE records DROP COLUMN title")))
    told: list[tuple[int, int, str]] = []
    newer = Projections(replace(RECORDS, version=RECORDS.version + 1))
    await make_current(database, newer, lambda *step: told.append(step))
    assert told == [(number, 3, "records") for number in (1, 2, 3)]
    assert all(row["title"] for row in await records(database))
    assert await differences(database) == []
    await make_current(database, newer, lambda *step: told.append(step))
    assert len(told) == 3


async def test_whoever_was_interrupted_goes_on(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    async def interrupted(*_: object) -> int:
        raise OSError("the power is gone")

    newer = Projections(replace(RECORDS, version=RECORDS.version + 1))
    with monkeypatch.context() as patch:
        patch.setattr(module, "_rebuild", interrupted)
        with pytest.raises(OSError, match="power"):
            await make_current(database, newer)
    assert await records(database) == []
    await make_current(database, newer)
    assert len(await records(database)) == 3


async def test_what_is_added_while_a_stream_is_read_is_there_as_well(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A record changes between the reading of its stream and the writing of its rows."""
    journal, read = open_journal(database), module._read
    body: dict[str, Any] = {"fields": {"identity.visibility": "programme"}, "written": [], "texts": None}

    async def read_and_be_late(database: Database, projection: Projection[Any], stream: str) -> Any:
        making = await read(database, projection, stream)
        late = record_event("record_changed", **body).stamped(making.replay.seq + 1, START, "anna", "late")
        await journal.append(stream, late.seq - 1, lambda _: Batch([late]))
        return making

    assert not any('"visibility":"programme"' in row["body"] for row in await records(database))
    monkeypatch.setattr(module, "_read", read_and_be_late)
    await rebuild(database, PROJECTIONS)
    assert any('"visibility":"programme"' in row["body"] for row in await records(database))
    assert await differences(database) == []
