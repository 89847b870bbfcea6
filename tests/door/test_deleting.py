"""Deleting a session: staff types its title, has a week to take it back, then nothing is left but what is named."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from app.cli.backup import backup, restore
from app.database import Database
from app.database.key_folder import KeyFolder
from app.database.tables import METADATA
from app.live.deleting import Deleting
from app.settings import Settings
from app.streams.deletion import DELETE, UNDO_SECONDS, delete_session
from app.streams.ledger import Ledger
from app.streams.tasks import Task
from tests.support.databases import Place, asked
from tests.support.house import Guest, House, house
from tests.support.stage import phase, words

NAME, CARD = "Marker-Aino-11d2", "marker card 40fe"
FORM = {
    "key": "gone",
    "title": words("Race to be gone"),
    "phase": [
        phase("collect", "N", rules={"fields": ["text"], "main": "text", "columns": ["need"]}),
        phase("vote", "V", inputs=["N"], rules={"method": "approval", "keep": "1", "ballots": "secret"}),
    ],
}


async def played(home: House) -> Guest:
    """Something in every kind of place: names, words, a sealed ballot and its key. The console."""
    kim = await home.staff()
    aino = await home.guest(NAME)
    assert "ack" in await kim.say("open_phase", "N")
    assert "ack" in await aino.say("add_card", "N", text=CARD, column="need")
    assert "ack" in await kim.say("open_phase", "V")
    assert "ack" in await aino.say("cast_ballot", "V", option="Nc1")
    return kim


async def post(guest: Guest, **fields: str) -> int:
    return (await guest.http.post(f"/s/{guest.house.code}/delete", data=fields)).status_code


def deleting(home: House) -> Deleting:
    keys = KeyFolder(home.inside.settings.key_folder)
    return Deleting(home.inside.database, home.inside.desks, Ledger(keys))


async def left(database: Database, code: str) -> dict[str, int]:
    """Rows that say anything of a session, by table."""
    found = {}
    for each in METADATA.sorted_tables:
        column = next((n for n in ("session", "stream", "code") if n in each.c), "")
        if column:
            (row,) = await asked(
                database, f"SELECT count(*) AS n FROM {each.name} WHERE {column} = :code", code=code
            )
            found[each.name] = row["n"]
    return {name: number for name, number in found.items() if number}


def lies_in(folder: Path) -> list[str]:
    content = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    return [mark for mark in (NAME, CARD) if mark.encode() in content]


async def test_a_session_is_deleted_a_week_after_its_title_was_typed_and_can_be_kept_until_then(
    place: Place,
) -> None:
    async with house(place.data, FORM, database_url=place.url) as home:
        kim = await played(home)
        database = home.inside.database
        assert f"/s/{home.code}/delete" in await kim.page("people")
        assert await post(kim, title="Another race") == 422
        assert await asked(database, "SELECT id FROM tasks WHERE kind = 'delete'") == []
        assert await post(kim, title="race to be GONE") == 303
        ((due,),) = [
            row.values() for row in await asked(database, "SELECT next FROM tasks WHERE kind = 'delete'")
        ]
        assert due == pytest.approx((await home.desk()).now() + UNDO_SECONDS, abs=60)
        page = await kim.http.get(f"/s/{home.code}/delete")
        assert "It will be deleted on" in page.text
        assert await post(kim, keep="yes") == 303
        assert await asked(database, "SELECT id FROM tasks WHERE kind = 'delete'") == []
        assert (await left(database, home.code))["people"] == 2


async def test_who_is_about_to_delete_reads_that_archived_records_can_be_read_only_in_an_export(
    tmp_path: Path,
) -> None:
    async with house(tmp_path, FORM) as home:
        kim = await played(home)
        page = (await kim.http.get(f"/s/{home.code}/delete")).text
        assert "they can be read only in an export that was taken before" in page


async def test_only_staff_may_have_a_session_deleted(place: Place) -> None:
    async with house(place.data, FORM, database_url=place.url) as home:
        await played(home)
        aino = home.guests[1]
        assert (await aino.http.get(f"/s/{home.code}/delete")).status_code == 403
        assert await post(aino, title="Race to be gone") == 403


async def test_nothing_of_a_deleted_session_is_left(place: Place) -> None:
    async with house(place.data, FORM, database_url=place.url) as home:
        kim = await played(home)
        database = home.inside.database
        assert {"log", "heads", "people", "cookies", "sealed_slips"} <= set(await left(database, home.code))
        keys = KeyFolder(home.inside.settings.key_folder)
        assert len(keys.names(f"ballots/{home.code}")) == 1
        for _ in range(2):  # a task may be done twice
            await deleting(home)(Task(f"{DELETE}/{home.code}", DELETE, home.code, 1))
        assert (await left(database, home.code), keys.names(f"ballots/{home.code}")) == ({}, [])
        assert (await kim.http.get(f"/s/{home.code}/console")).status_code == 404
        if not place.url:
            assert lies_in(place.data) == []


class AskedFor(Ledger):
    """A ledger that somebody's phone asks for the session, just when all has been closed that served it."""

    def __init__(self, home: House) -> None:
        super().__init__(KeyFolder(home.inside.settings.key_folder))
        self._home, self._loop = home, asyncio.get_running_loop()

    def note_session(self, stream: str) -> None:
        asyncio.run_coroutine_threadsafe(self._home.desk(), self._loop).result(10)
        super().note_session(stream)


async def test_a_session_that_was_asked_for_while_it_was_deleted_is_served_no_more(tmp_path: Path) -> None:
    async with house(tmp_path, FORM) as home:
        kim = await played(home)
        task = Task(f"{DELETE}/{home.code}", DELETE, home.code, 1)
        await Deleting(home.inside.database, home.inside.desks, AskedFor(home))(task)
        assert home.inside.desks.opened(home.code) is None
        assert (await kim.http.get(f"/s/{home.code}/console")).status_code == 404


async def test_archived_records_stay_with_their_own_history_and_others_go(place: Place) -> None:
    database = place.open()
    await database.migrate()
    kept, gone = (f"r-{uuid4()}" for _ in range(2))
    code = "7K3MQX9T"
    at = "2026-11-07 12:00:00+00:00"
    statements = [f"INSERT INTO sessions (code, format, title) VALUES ('{code}', 'f', 'T')"]
    for stream, archived in ((kept, f"'{at}'"), (gone, "NULL")):
        statements += [
            "INSERT INTO heads (stream, kind, seq, digest, epoch, created)"
            f" VALUES ('{stream}', 'record', 0, '', 'e', '{at}')",
            "INSERT INTO records (id, stream, session, entry, status, title, body, seq, digest, updated, archived_at)"
            f" VALUES ('{uuid4().hex}', '{stream}', '{code}', 'e1', 's', 't', '{{}}', 0, '', '{at}', {archived})",
        ]
    for statement in statements:
        await database.write(lambda db, said=statement: db.execute(text(said)))  # type: ignore[misc]  # a default
    await database.write(lambda db: delete_session(db, code))
    for name in ("heads", "records"):
        assert [row["stream"] for row in await asked(database, f"SELECT stream FROM {name}")] == [kept]
    assert await asked(database, "SELECT title FROM sessions") == [{"title": "T"}]
    await database.close()


async def test_an_older_backup_does_not_bring_a_deleted_session_back(tmp_path: Path) -> None:
    data, copy = tmp_path / "data", tmp_path / "copy"
    async with house(data, FORM) as home:
        await played(home)
        await asyncio.to_thread(backup, data, copy)
        await deleting(home)(Task(f"{DELETE}/{home.code}", DELETE, home.code, 1))
        code = home.code
    assert (lies_in(copy), lies_in(data)) == ([NAME, CARD], [])
    shutil.rmtree(data)
    await asyncio.to_thread(restore, copy, data)
    assert lies_in(data) == []
    async with house(data, FORM) as again:
        assert await again.inside.desks.get(code) is None
    assert Settings(data=data).key_folder.exists()
