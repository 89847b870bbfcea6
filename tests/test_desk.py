"""The only writer: what it acknowledges is on disk, and what fails leaves nothing behind."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
import time_machine

from app.live.desk import Desk
from sessions.messages import Command, Refused
from tests.house import SOON, House, house
from tests.stage import phase
from tests.test_socket import ROOM


async def test_a_burst_becomes_gapless_events_in_order(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        kim = await home.staff(live=False)
        assert kim is not None
        desk = await home.desk()
        driver, before = desk.session.driver, desk.session.seq
        commands = [Command("announce", f"b{n}", "", {"text": f"word {n}"}) for n in range(100)]
        told = await asyncio.gather(*(desk.submit(command, driver) for command in commands))
        assert len({*told}) == 100
        assert [e.seq for e in await desk.journal.read(home.code, before)] == list(
            range(before + 1, before + 101)
        )


async def test_a_hundred_times_the_same_id_is_one_event(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        await home.staff(live=False)
        desk = await home.desk()
        same = Command("announce", "same", "", {"text": "once"})
        told = await asyncio.gather(*(desk.submit(same, desk.session.driver) for _ in range(100)))
        assert (len(set(map(str, told))), len(desk.session.announcements)) == (1, 1)


async def test_two_who_press_next_at_once_change_one_phase(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        await home.staff(live=False)
        desk = await home.desk()
        press = [desk.submit(Command("next_phase", f"n{n}", ""), desk.session.driver) for n in range(2)]
        told = await asyncio.gather(*press)
        assert [t.reason if isinstance(t, Refused) else "yes" for t in told] == ["yes", "moved_on"]


async def test_a_rule_that_breaks_costs_only_its_own_command(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        await home.staff(live=False)
        desk = await home.desk()
        driver = desk.session.driver
        broken = Command("announce", "bad", "", {"text": 7})  # type: ignore[dict-item]  # a rule that breaks
        commands = [
            Command("announce", "a", "", {"text": "a"}),
            broken,
            Command("announce", "b", "", {"text": "b"}),
        ]
        told = await asyncio.gather(*(desk.submit(command, driver) for command in commands))
        assert [t.reason if isinstance(t, Refused) else "yes" for t in told] == ["yes", "failed", "yes"]
        assert [n.text for n in desk.session.announcements.values()] == ["a", "b"]


async def test_what_cannot_be_stored_is_not_acknowledged_and_the_desk_goes_on(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        await home.staff(live=False)
        desk = await home.desk()
        driver = desk.session.driver
        with desk.journal._database.writing.connect() as database:  # type: ignore[attr-defined]  # break the table
            database.exec_driver_sql("ALTER TABLE log RENAME TO lost")
            database.commit()
        told = await desk.submit(Command("announce", "x", "", {"text": "x"}), driver)
        assert isinstance(told, Refused)
        with desk.journal._database.writing.connect() as database:  # type: ignore[attr-defined]  # and mend it
            database.exec_driver_sql("ALTER TABLE lost RENAME TO log")
            database.commit()
        assert isinstance(await desk.submit(Command("announce", "x", "", {"text": "x"}), driver), int)


async def test_a_restart_gives_the_same_session(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        kim = await home.staff()
        await kim.say("next_phase", phase="")
        await kim.say("announce", text="Still here")
        code, before = home.code, (await home.desk()).session
    async with house(tmp_path, ROOM) as again:
        again.code = code
        after = (await again.desk()).session
        assert (after.seq, after.touched, after.announcements) == (
            before.seq,
            before.touched,
            before.announcements,
        )


async def test_a_deadline_is_kept_even_if_somebody_sets_the_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.live.timekeeper.WAKE_SECONDS", 0.05)
    async with house(tmp_path, CLOSING) as home:
        desk = await open_first(home)
        with time_machine.travel(desk.session.agenda.phases["P1"].ends_at + 1):
            await until(lambda: desk.session.agenda.phases["P1"].state == "closed")
        async with desk.settled:
            closings = [e for e in await desk.journal.read(home.code) if e.kind == "phase_closed"]
        assert [(e.phase, e.actor) for e in closings] == [("P1", "clock")]


async def test_a_deadline_that_could_not_be_stored_is_kept_when_the_disk_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.live.timekeeper.WAKE_SECONDS", 0.05)
    async with house(tmp_path, CLOSING) as home:
        desk = await open_first(home)
        database = desk.journal._database.writing  # type: ignore[attr-defined]  # break the table
        with database.connect() as db:
            db.exec_driver_sql(
                "CREATE TRIGGER full BEFORE INSERT ON log BEGIN SELECT RAISE(FAIL, 'disk full'); END"
            )
            db.commit()
        with time_machine.travel(desk.session.agenda.phases["P1"].ends_at + 1):
            told = await desk.submit(Command("announce", "x", "", {"text": "x"}), desk.session.driver)
            assert isinstance(told, Refused)
            with database.connect() as db:
                db.exec_driver_sql("DROP TRIGGER full")
                db.commit()
            await until(lambda: desk.session.agenda.phases["P1"].state == "closed")


async def test_whatever_breaks_after_a_commit_the_desk_goes_on(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        await home.staff(live=False)
        desk = await home.desk()
        driver, renderer = desk.session.driver, desk.fanout.renderer
        aino = await home.guest("Aino")
        desk.fanout.renderer = cast(Any, None)  # what nobody had thought of
        assert isinstance(await desk.submit(Command("announce", "a", "", {"text": "a"}), driver), int)
        await until(lambda: not desk.settled.locked())
        desk.fanout.renderer = renderer
        assert isinstance(await desk.submit(Command("announce", "b", "", {"text": "b"}), driver), int)
        assert [n.text for n in desk.session.announcements.values()] == ["a", "b"]
        assert f"notice-n{desk.session.seq}" in await aino.hears("notice-n")


CLOSING = {**ROOM, "phase": [phase("pause", "P1", minutes=10, ends="close", rules={"reason": "meal"})]}


async def open_first(home: House) -> Desk:
    """The session's desk with its first phase open."""
    await home.staff(live=False)
    desk = await home.desk()
    await desk.submit(Command("next_phase", "n", ""), desk.session.driver)
    return desk


async def until(true: Callable[[], bool]) -> None:
    """Wait, not for ever, until something is true."""
    async with asyncio.timeout(SOON):
        while not true():
            await asyncio.sleep(0.02)
