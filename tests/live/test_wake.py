"""A session wakes for its deadlines though nobody is there, also after a restart, and leaves memory when it may."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest

from app.clock import RaceClock
from app.database import open_database
from app.live import desks as module
from app.live.deadlines import Deadlines
from app.live.desk import Desk
from app.live.wake import EARLY_SECONDS, LATE_SECONDS, Unkept, Wake, Waking
from app.streams.journal import open_journal
from app.streams.log import Batch
from app.streams.task_outcomes import Later
from app.streams.tasks import Task
from sessions.messages import Command, Event
from sessions.session import Session
from tests.golden import CODE, unpack_database
from tests.live.test_socket import ROOM
from tests.support.databases import KINDS, asked, new_place
from tests.support.house import House, house
from tests.support.patience import until
from tests.support.stage import Stage, phase

MEAL = phase("pause", "P1", minutes=10, ends="close", rules={"reason": "meal"})
FORM = {**ROOM, "phase": [MEAL]}


async def tasks_of(home: House) -> list[dict[str, Any]]:
    database = open_database(home.data, home.inside.settings.database_url)
    rows = await asked(database, "SELECT id, kind, stream, seq, next FROM tasks WHERE stream <> ''")
    await database.close()
    return rows


async def open_meal(home: House) -> Desk:
    await home.staff(live=False)
    desk = await home.desk()
    await desk.submit(Command("next_phase", "n", ""), desk.session.driver)
    return desk


async def test_the_next_deadline_stands_as_a_task_and_goes_with_it(tmp_path: Path) -> None:
    async with house(tmp_path, FORM) as home:
        desk = await open_meal(home)
        ends_at = desk.session.agenda.phases["P1"].ends_at
        (task,) = await tasks_of(home)
        assert (task["id"], task["kind"], task["stream"]) == (f"wake/{home.code}", "wake", home.code)
        assert task["next"] == ends_at - EARLY_SECONDS
        driver = desk.session.driver
        await desk.submit(Command("extend_phase", "e", "P1", {"minutes": "10"}), driver)
        (moved,) = await tasks_of(home)
        assert moved["next"] == task["next"] + 600
        await desk.submit(Command("close_phase", "c", "P1"), driver)
        assert await tasks_of(home) == []


async def test_what_changes_no_deadline_puts_no_task(tmp_path: Path) -> None:
    async with house(tmp_path, FORM) as home:
        desk = await open_meal(home)
        (before,) = await tasks_of(home)
        await desk.submit(Command("announce", "a", "", {"text": "Soup"}), desk.session.driver)
        assert await tasks_of(home) == [before]
        assert desk.session.seq > before["seq"]


@pytest.mark.parametrize("kind", KINDS)
async def test_after_a_restart_a_deadline_is_kept_in_time_without_anybody_asking(
    tmp_path: Path, kind: str
) -> None:
    place = new_place(kind, tmp_path)
    rate = 300.0
    settings: dict[str, Any] = {"database_url": place.url, "clock_origin": time.time(), "clock_rate": rate}
    async with house(tmp_path, FORM, **settings) as home:
        desk = await open_meal(home)
        ends_at, code = desk.session.agenda.phases["P1"].ends_at, home.code
    async with house(tmp_path, FORM, **settings) as home:  # which begins another session, and asks for none
        assert home.inside.desks.opened(code) is None
        database = place.open()
        async with asyncio.timeout(20):
            while not (closed := await closings(database, code)):
                await asyncio.sleep(0.05)
        await database.close()
    assert [event.actor for event in closed] == ["clock"]
    assert 0 <= closed[0].at - ends_at < 3.0 * rate


async def closings(database: Any, code: str) -> list[Event]:
    return [event for event in await open_journal(database).read(code) if event.kind == "phase_closed"]


async def test_a_session_of_an_earlier_release_is_looked_at_once(tmp_path: Path) -> None:
    """Whoever migrates does not know its deadlines, so the task is due at once."""
    unpack_database(tmp_path)
    async with house(tmp_path, FORM) as home:
        await until(lambda: home.inside.desks.opened(CODE) is not None)
        async with asyncio.timeout(10):
            while any(task["next"] == 0.0 for task in await tasks_of(home)):
                await asyncio.sleep(0.02)
        desk = home.inside.desks.opened(CODE)
        assert desk is not None
        assert desk.session.seq == 556


# ---- closing


async def test_a_desk_closes_once_nobody_has_been_there_for_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHECK_SECONDS", 0.02)
    async with house(tmp_path, FORM, idle_minutes=0.3 / 60) as home:
        desks = home.inside.desks
        aino = await home.guest("Aino")
        await asyncio.sleep(0.5)  # longer than a desk waits for somebody
        assert desks.opened(home.code) is not None  # a page is open
        await aino.leave()
        await until(lambda: desks.opened(home.code) is None)
        again = await home.desk()
        assert [member.role for member in again.session.people.values()] == ["participant"]


async def test_a_desk_stays_open_while_something_is_due_soon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHECK_SECONDS", 0.02)
    async with house(tmp_path, FORM, idle_minutes=3600.0) as home:
        desk = await open_meal(home)
        desks = home.inside.desks
        await until(lambda: desk.idle)  # it is due in ten minutes
        desks.idle_seconds = 0.0
        assert desks.idle() == [home.code]
        monkeypatch.setattr("app.live.desk.NEAR_SECONDS", 700.0)
        assert desks.idle() == []


async def test_a_closed_desk_takes_nothing_that_it_would_not_answer(tmp_path: Path) -> None:
    async with house(tmp_path, FORM) as home:
        desk = await open_meal(home)
        driver = desk.session.driver
        await home.inside.desks.close()
        async with asyncio.timeout(5):
            answer = await desk.submit(Command("announce", "a", "", {"text": "Soup"}), driver)
        assert getattr(answer, "reason", "") == "busy"


# ---- the task by itself


class Woken:
    """A desk that is open, of a stage on which a meal is being had."""

    def __init__(self) -> None:
        self.stage = Stage(MEAL)
        self.stage.open("P1")
        self.deadlines = Deadlines(lambda: self.stage.session)
        self.ends_at = self.stage.session.agenda.phases["P1"].ends_at

    def at(self, seconds: float) -> Waking:
        """Whoever wakes it so long after the deadline."""

        async def open_desk(code: str) -> Woken | None:
            return self if code == self.stage.session.code else None

        return Waking(open_desk, Stopped(self.ends_at + seconds))


class Stopped(RaceClock):
    """A clock that stands at ``origin``."""

    def now(self) -> float:
        return self.origin

    def real_seconds(self, race_seconds: float) -> float:
        return race_seconds


def wake(code: str = "7K3MQX9T") -> Task:
    return Task(f"wake/{code}", "wake", code, 1)


async def test_who_wakes_in_time_leaves_the_rest_to_the_desk_and_looks_whether_it_was_done() -> None:
    woken = Woken()
    assert await woken.at(-EARLY_SECONDS)(wake()) == Later(woken.ends_at)
    assert await woken.at(1.0)(wake()) == Later(woken.ends_at + 1.0 + EARLY_SECONDS)


async def test_who_wakes_too_early_comes_back() -> None:
    woken = Woken()
    later = await woken.at(-100.0)(wake())
    assert isinstance(later, Later)
    assert later.at == woken.ends_at - EARLY_SECONDS


async def test_a_deadline_that_an_open_desk_does_not_keep_is_told() -> None:
    with pytest.raises(Unkept, match="7K3MQX9T"):
        await Woken().at(LATE_SECONDS + 1)(wake())


async def test_where_nothing_is_due_the_task_is_done() -> None:
    woken = Woken()
    woken.stage.close("P1")
    assert await woken.at(0.0)(wake()) is None
    assert await woken.at(0.0)(wake("00000000")) is None


async def test_what_was_not_stored_is_put_again() -> None:
    stage = Stage(MEAL)
    desk = Wake(stage.session.code, Deadlines(lambda: stage.session), RaceClock())
    stage.open("P1")
    batch = Batch(stage.log[-1:])
    assert desk.added_to(batch).beside
    assert desk.added_to(batch).beside  # the first was not stored
    desk.note_stored()
    assert not desk.added_to(batch).beside
    assert desk.added_to(Batch(())) == Batch(())


def test_a_session_without_events_has_no_deadline() -> None:
    assert Deadlines(lambda: Session()).next() is None
