"""Long sessions stay quick to open: snapshots come by themselves, hold nobody up, and a failing one harms nothing."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.database.key_folder import KeyFolder
from app.live.desk import Desk
from app.planning.create_session import Plan, create_session
from app.settings import ROOT, Settings
from app.streams import snapshotting as module
from app.streams.snapshots import Snapshots
from app.streams.snapshotting import Snapshotter
from sessions import command_ids
from sessions.messages import Command
from sessions.people import organisation_key
from tests.live.test_socket import ROOM
from tests.support.databases import Place, asked
from tests.support.house import House, house
from tests.support.patience import rest, until

FEW = 20
LATER = 30.0
"""Real seconds in which another process has started, folded and ended."""


async def talk(desk: Desk, first: int, many: int) -> list[Any]:
    """The facilitator says something many times, each with an id of its own."""
    commands = [Command("announce", f"w{n}", "", {"text": f"word {n}"}) for n in range(first, first + many)]
    return [await desk.submit(command, desk.session.driver) for command in commands]


async def soon(there: Callable[[], Any]) -> None:
    async with asyncio.timeout(LATER):
        while not await there():
            await asyncio.sleep(0.05)


async def newest(home: House) -> int:
    (row,) = await asked(home.inside.people._database, "SELECT max(seq) AS seq FROM snapshots")
    return int(row["seq"] or 0)


async def drop(home: House, statement: str) -> None:
    await home.inside.people._database.write(lambda db: db.execute(text(statement)).rowcount)


async def test_a_snapshot_is_made_by_another_process_while_the_room_goes_on(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        home.inside.desks.keeper._every = FEW
        await home.staff(live=False)
        desk = await home.desk()
        await talk(desk, 0, FEW)
        said = 0

        async def made() -> bool:
            nonlocal said
            said += len(await talk(desk, FEW + said, 1))
            return await newest(home) >= FEW

        await soon(made)
        people, keys = home.inside.people, KeyFolder(home.inside.settings.key_folder)
        kept = await Snapshots(people._database, people.organisation_key, keys).load(home.code)
        assert kept is not None
        assert said > 1
        assert len(desk.session.announcements) == FEW + said
        assert kept.announcements == dict(list(desk.session.announcements.items())[: len(kept.announcements)])


async def test_a_long_session_that_is_closed_opens_from_its_snapshot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WORTH", FEW)
    async with house(tmp_path, ROOM) as home:
        await home.staff(live=False)
        await talk(await home.desk(), 0, FEW)
        before = (await home.desk()).session
        await home.inside.desks.close()
        assert await newest(home) == before.seq
        await drop(home, f"DELETE FROM log WHERE seq < {before.seq}")  # only the snapshot knows them now
        again = (await home.desk()).session
        assert again is not before
        assert again.announcements == before.announcements
        assert await talk(await home.desk(), FEW, 1) == [before.seq + 1]


async def test_a_short_session_is_closed_without_one(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        await home.staff(live=False)
        await talk(await home.desk(), 0, FEW)
        await home.inside.desks.close()
        assert await newest(home) == 0


async def test_one_that_is_new_enough_is_not_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WORTH", FEW)
    async with house(tmp_path, ROOM) as home:
        await home.staff(live=False)
        await talk(await home.desk(), 0, FEW)
        await home.inside.desks.close()
        kept = await newest(home)
        await talk(await home.desk(), FEW, FEW - 1)
        await home.inside.desks.close()
        assert await newest(home) == kept
        await talk(await home.desk(), 2 * FEW, 1)
        await home.inside.desks.close()
        assert await newest(home) == kept + FEW


async def test_what_took_long_to_fold_is_kept_before_anybody_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with house(tmp_path, ROOM) as home:
        await home.staff(live=False)
        await talk(await home.desk(), 0, FEW)
        seq = (await home.desk()).session.seq
        await home.inside.desks.close()
        await home.desk()
        assert await newest(home) == 0
        await home.inside.desks.close()
        monkeypatch.setattr(module, "LONG", FEW)
        await home.desk()
        assert await newest(home) == seq


async def test_where_none_can_be_made_the_room_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with house(tmp_path, ROOM) as home:
        asked_for: list[str] = []

        async def fail(code: str) -> None:
            asked_for.append(code)
            raise OSError("no process today")

        old: Snapshotter = home.inside.desks.keeper
        home.inside.desks.keeper = Snapshotter(old._journal, old._snapshots, fail, every=FEW)
        await home.staff(live=False)
        desk = await home.desk()
        with caplog.at_level(logging.ERROR):
            told = await talk(desk, 0, 3 * FEW)
        assert told == list(range(told[0], told[0] + 3 * FEW))
        assert asked_for == [home.code]
        assert f"no snapshot of {home.code} could be made" in caplog.text


async def test_another_process_finds_its_way_to_either_database(place: Place) -> None:
    database = place.open()
    await database.migrate()
    founded = await create_session(database, Plan(ROOM, 0.0), ())
    settings = Settings(data=place.data, database_url=place.url)
    await module.make_apart(ROOT, settings.kept_at, founded.code)
    kept = await Snapshots(database, organisation_key, KeyFolder(settings.key_folder)).load(founded.code)
    assert kept is not None
    assert (kept.code, kept.seq) == (founded.code, 1)
    await database.close()


async def test_what_another_process_says_when_it_fails_is_written_down(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"exit status 2: .*no session 00000000"):
        await module.make_apart(ROOT, {"RACE_DATA": str(tmp_path)}, "00000000")


async def test_what_is_given_up_before_anybody_listens_to_it_leaves_no_process_behind() -> None:
    def children() -> str:
        return Path(f"/proc/self/task/{os.getpid()}/children").read_text()

    begun, over = threading.Event(), threading.Event()

    def hold() -> None:
        begun.set()
        over.wait()

    with ThreadPoolExecutor(1) as one_at_a_time:
        asyncio.get_running_loop().set_default_executor(one_at_a_time)
        busy = asyncio.create_task(asyncio.to_thread(hold))
        await until(begun.is_set)
        before = children()
        making = asyncio.create_task(module.make_apart(ROOT, {}, "ABCDEFGH"))
        await until(lambda: children() != before)
        making.cancel()
        await rest()
        over.set()  # it is given up already; only now does somebody listen to it
        with pytest.raises(asyncio.CancelledError):
            await making
        assert children() == before
        await busy


async def test_a_command_of_long_ago_still_has_its_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command_ids, "BY_HEART", FEW)
    monkeypatch.setattr(module, "WORTH", FEW)
    async with house(tmp_path, ROOM) as home:
        await home.staff(live=False)
        desk = await home.desk()
        first = await talk(desk, 0, 5 * FEW)
        driver, seq = desk.session.driver, desk.session.seq
        assert desk.session.answered.forgotten([f"w0:{driver}"]) == [f"w0:{driver}"]
        assert await talk(desk, 0, 5 * FEW) == first
        assert desk.session.seq == seq
        await home.inside.desks.close()
        desk = await home.desk()
        assert await talk(desk, 0, 5 * FEW + 1) == [*first, seq + 1]
        assert len(desk.session.announcements) == 5 * FEW + 1
