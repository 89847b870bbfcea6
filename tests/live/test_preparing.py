"""What takes long to work out for a command is worked out beside the loop, and comes in with the command."""

from __future__ import annotations

import asyncio
import threading
from itertools import combinations
from pathlib import Path
from typing import Any

from app.live.preparing import MOST, Preparing
from sessions.activities.match import Match
from sessions.activity import Work
from sessions.messages import Command, Refused
from tests.support.house import house
from tests.support.patience import SOON, within
from tests.support.stage import made_up, phase, plain

RULES = {"does": ["interest", "meet"], "slots": 1, "tables": 4, "group": 3}
FORM = {**made_up(), "phase": plain([phase("match", "M", who=["everyone"], rules=RULES)])}
PLAN = Command("plan_meetings", "c1", "M")


async def test_a_plan_that_is_drawn_beside_the_loop_comes_into_the_log(tmp_path: Path) -> None:
    """Threes are drawn beside it alone: without, a plan would have twos."""
    async with house(tmp_path, FORM) as running:
        kim = await running.staff(live=False)
        guests = [await running.guest(name, organisation=name, live=False) for name in ("Aino", "Bo", "Eve")]
        session = (await running.desk()).session
        _, *people = session.people
        await kim.post("open_phase", "M")
        for (one, mine), (other, theirs) in combinations(zip(people, guests, strict=True), 2):
            await mine.post("say_interest", "M", party=other, answer="yes")
            await theirs.post("say_interest", "M", party=one, answer="yes")
        await kim.post("plan_meetings", "M")
        activity = (await running.desk()).session.agenda.phases["M"].activity
        assert isinstance(activity, Match)
        assert [sorted(m.people) for m in activity.state.draft] == [sorted(people)]


class Desk:
    """Where prepared commands queue, with what was answered at once."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.queued: list[Any] = []
        self.answers: list[Any] = []
        self.arrived = asyncio.Event()
        self.preparing = Preparing(self.work_of, self.queue)

    async def work_of(self, command: Command, sender: str) -> Work | None:
        return self.work

    def queue(self, waiting: tuple[Command, str, Any]) -> None:
        self.queued.append(waiting[0].prepared)
        self.arrived.set()

    def put(self) -> None:
        self.preparing.put((PLAN, "kim", lambda _, answer: self.answers.append(answer)))


async def test_the_loop_goes_on_while_something_is_worked_out() -> None:
    go_on = threading.Event()
    desk = Desk(lambda: go_on.wait(SOON))
    desk.put()
    ticks = 0
    while not desk.queued:
        await asyncio.sleep(0)
        ticks += 1
        if ticks == 100:
            go_on.set()
    assert desk.queued == [True]
    assert ticks > 100


async def test_what_fails_is_decided_without_anything_prepared() -> None:
    desk = Desk(lambda: 1 // 0)
    desk.put()
    await within(desk.arrived.wait(), SOON)
    assert desk.queued == [None]


async def test_too_many_at_once_are_told_to_come_again_and_so_is_who_waits_at_the_close() -> None:
    go_on = threading.Event()
    desk = Desk(lambda: go_on.wait(SOON))
    for _ in range(MOST + 1):
        desk.put()
    assert [answer.reason for answer in desk.answers if isinstance(answer, Refused)] == ["busy"]
    desk.preparing.close()
    go_on.set()
    assert len(desk.answers) == MOST + 1
