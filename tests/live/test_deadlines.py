"""The clock as a sender: what is due is sent at its moment, once, and tried again if it was refused."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, cast

import pytest

from app.clock import RaceClock
from app.live.answers import BUSY
from app.live.deadlines import Deadlines, Timekeeper
from sessions.audience import CLOCK
from sessions.messages import Command, Refused
from sessions.session import Accepted, Session
from tests.live.test_socket import ROOM
from tests.support.house import house
from tests.support.patience import rest, until
from tests.support.stage import START, Stage, phase

MEAL = phase("pause", "P1", minutes=10, ends="close", rules={"reason": "meal"})
RATE = 3000.0
"""Ten minutes pass in a fifth of a second."""


class Table:
    """What a timekeeper needs of a desk: a session, the time, and somebody who takes commands."""

    def __init__(self) -> None:
        self.stage = Stage(MEAL, aino="participant")
        wall = time.time()
        self.clock = RaceClock((START - wall * RATE) / (1 - RATE), RATE)  # it is START now
        self.code = self.stage.session.code
        self.sent: list[Command] = []
        self.answers: Iterator[Refused] = iter(())

    @property
    def session(self) -> Session:
        return self.stage.session

    @property
    def state(self) -> str:
        return self.session.agenda.phases["P1"].state

    @property
    def ends_at(self) -> float:
        return self.session.agenda.phases["P1"].ends_at

    def now(self) -> float:
        return self.clock.now()

    async def submit(self, command: Command, sender: str) -> int | Refused:
        assert sender == CLOCK
        self.sent.append(command)
        self.stage.now = self.now()
        told = next(self.answers, None) or self.stage.give(command, sender)
        return self.session.seq if isinstance(told, Accepted) else told

    def do(self, name: str, *where: str, **fields: Any) -> None:
        self.stage.now = self.now()
        self.stage.ok(name, "kim", *where, **fields)


@pytest.fixture
def table() -> Table:
    table = Table()
    table.do("open_phase", "P1")
    return table


@asynccontextmanager
async def kept(table: Table) -> AsyncIterator[Timekeeper]:
    """A timekeeper at work."""
    keeper = Timekeeper(table.clock, Deadlines(lambda: table.session), table.submit)
    running = asyncio.create_task(keeper.run())
    try:
        yield keeper
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def test_a_deadline_is_kept_at_its_moment_and_once(table: Table) -> None:
    due = table.ends_at
    async with kept(table) as keeper:
        await until(lambda: table.state == "closed")
        keeper.recheck()
        await rest()
    closed = [event for event in table.stage.log if event.kind == "phase_closed"]
    assert ([event.actor for event in closed], len(table.sent)) == ([CLOCK], 1)
    assert 0 <= closed[0].at - due < 1.0 * RATE


async def test_a_deadline_that_is_moved_is_kept_where_it_is_now(table: Table) -> None:
    was = table.ends_at
    async with kept(table) as keeper:
        await rest()
        table.do("extend_phase", "P1", minutes="10")
        keeper.recheck()
        await until(lambda: table.state == "closed")
    closed = next(event for event in table.stage.log if event.kind == "phase_closed")
    assert closed.at >= was + 600


async def test_a_deadline_that_comes_nearer_is_seen_when_somebody_says_so(table: Table) -> None:
    table.do("extend_phase", "P1", minutes="120")
    async with kept(table) as keeper:
        await rest()
        table.do("extend_phase", "P1", minutes="-120")
        was = table.ends_at
        keeper.recheck()
        await until(lambda: table.state == "closed")
    closed = next(event for event in table.stage.log if event.kind == "phase_closed")
    assert closed.at - was < 1.0 * RATE


async def test_whoever_wakes_for_a_deadline_sends_it_under_the_same_name(table: Table) -> None:
    other = Table()
    other.stage, other.clock = table.stage, table.clock
    refusals = iter([BUSY] * 99)
    table.answers = other.answers = refusals
    async with kept(table), kept(other):
        await until(lambda: bool(table.sent and other.sent))
    assert {command.id for command in table.sent} == {command.id for command in other.sent}
    assert {command.phase for command in table.sent} == {"P1"}


async def test_what_was_refused_is_tried_again_now_and_then_and_not_with_everything_that_happens(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.live.deadlines.WAKE_SECONDS", 0.3)
    table.answers = iter([BUSY, BUSY])
    async with kept(table) as keeper:
        await until(lambda: len(table.sent) == 1)
        for _ in range(10):
            keeper.recheck()
            await asyncio.sleep(0.01)
        assert len(table.sent) == 1
        await until(lambda: table.state == "closed")
    assert len(table.sent) == 3
    assert len({command.id for command in table.sent}) == 1


async def test_a_rule_that_cannot_tell_its_deadlines_stops_no_clock(
    table: Table, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("app.live.deadlines.WAKE_SECONDS", 0.02)
    with monkeypatch.context() as broken:
        broken.setattr(Session, "deadlines", lambda session: 1 / 0)
        async with kept(table):
            await until(lambda: len(caplog.records) > 2)
            assert (table.state, {record.message for record in caplog.records}) == (
                "open",
                {f"the deadlines of {table.code} cannot be told"},
            )
            broken.undo()
            await until(lambda: table.state == "closed")


async def test_two_clocks_of_one_desk_close_a_phase_once(tmp_path: Path) -> None:
    form = {**ROOM, "phase": [MEAL]}
    async with house(tmp_path, form, clock_origin=time.time(), clock_rate=RATE / 3) as home:
        await home.staff(live=False)
        desk = await home.desk()
        await desk.submit(Command("next_phase", "n", ""), desk.session.driver)
        async with kept(cast(Table, desk)):
            await until(lambda: desk.session.agenda.phases["P1"].state == "closed")
            await rest()
            await desk.submit(Command("announce", "last", "", {"text": "after that"}), desk.session.driver)
        async with desk.settled:
            events = await desk.journal.read(home.code)
    assert [event.actor for event in events if event.kind == "phase_closed"] == [CLOCK]
