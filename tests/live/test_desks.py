"""The sessions of a process: a desk opens once, when somebody asks for it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from app.database import open_database
from app.planning.create_session import Plan, create_session
from app.streams.deletion import delete_session
from sessions.messages import Command
from tests.live.test_socket import ROOM
from tests.support.house import house
from tests.support.patience import SOON, within


async def test_a_session_is_opened_once_however_many_ask_at_the_same_time(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        desks = home.inside.desks
        opened = await asyncio.gather(*(desks.get(home.code) for _ in range(20)))
        assert len({id(desk) for desk in opened}) == 1


async def test_there_is_no_desk_for_what_is_no_session(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        for code in ("00000000", "", home.code.lower() + " ", "' OR 1=1 --"):
            assert await home.inside.desks.get(code) is None


async def test_a_session_that_was_founded_while_the_server_runs_is_served(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        database = open_database(tmp_path)
        founded = await create_session(database, Plan(ROOM, 0.0, title="Second"), ["facilitator"])
        await database.close()
        desk = await home.inside.desks.get(founded.code)
        assert desk is not None
        assert (desk.session.code, desk.session.title["en"]) == (founded.code, "Second")


async def test_sessions_know_nothing_of_each_other(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        first, code = await home.desk(), home.code
        await home.staff(live=False)
        await home.begin(ROOM)
        second = await home.desk()
        assert home.code != code
        assert second.session.people == {}
        await home.guest("Aino", live=False)
        assert (len(first.session.people), len(second.session.people)) == (1, 1)
        assert set(first.session.people) & set(second.session.people) == set()


async def test_a_session_that_another_process_has_deleted_is_served_no_more(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        desks, gone = home.inside.desks, home.code
        aino = await home.guest("Aino")
        await home.begin(ROOM)
        kept = await home.desk()
        database = open_database(tmp_path)
        await database.write(lambda db: delete_session(db, gone))
        await database.close()
        await desks.look()
        assert (desks.opened(gone), desks.opened(home.code)) == (None, kept)
        assert aino.socket is not None
        await within(aino.socket.wait_closed(), SOON)
        assert await desks.get(gone) is None


async def test_who_asks_for_a_session_that_another_process_has_deleted_finds_none(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        desk = await home.desk()
        assert await desk.catch_up()
        database = open_database(tmp_path)
        await database.write(lambda db: delete_session(db, home.code))
        await database.close()
        assert not await desk.catch_up()


async def test_a_session_has_its_own_address_for_joining(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        desk = await home.inside.desks._start(home.code)
        assert desk is not None
        assert desk.hall.join_url.endswith(f"/s/{home.code}")
        assert desk.hall.epoch != ""
        await desk.close()


async def test_what_was_accepted_is_there_when_the_desks_open_again(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        await home.staff(live=False)
        desk = await home.desk()
        await desk.submit(Command("announce", "a", "", {"text": "Soup"}), desk.session.driver)
        await home.inside.desks.close()
        again = await home.desk()
        assert again is not desk
        assert [n.text for n in again.session.announcements.values()] == ["Soup"]
