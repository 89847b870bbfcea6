"""The wall clock jumps, forward and back and across deadlines, on both nights on which summer time begins and ends."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import time_machine

from app.live import deadlines
from app.live.desk import Desk
from sessions.audience import DOOR
from sessions.messages import Command, Event
from sessions.session import Session
from tests.faults import broken as variants
from tests.faults.finding import SMALL, Finding
from tests.support.house import House, house
from tests.support.stage import phase

CHECKED = (
    "each deadline happens once, never before its time and as soon as the clock has passed it, whatever the clock does "
    "then; 48 hours are 48 hours: noon on Friday leads to 13:00 in March and to 11:00 in October, on pages as well"
)
BROKEN = ("local_hours", "sleeping_clock")
PROVED = ("local_hours",)

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NIGHTS = {
    (2026, 3, 27): datetime(2026, 3, 29, 13, 0, tzinfo=STOCKHOLM),
    (2026, 10, 23): datetime(2026, 10, 25, 11, 0, tzinfo=STOCKHOLM),
}
"""The day whose noon begins it all, and when 48 hours have passed."""
SEEDS = {SMALL: 2}
JUMPS = {SMALL: 12}
"""Jumps before the last one, which goes beyond everything."""
WHOLE = "P1"
LENGTHS = {WHOLE: 2880, "P2": 7, "P3": 37 * 60 + 59, "P4": 38 * 60, "P5": 39 * 60 + 1, "P6": 2879}
"""Minutes of each phase; some end just before, within and just after the hour that is there twice or not at all."""
SILENT = 11
"""Minutes after which what was written in silence is shown: a deadline of a kind's own."""
WAKE = 0.01
SOON, MARGIN = 10.0, 3.0
"""Real seconds in which a deadline that has passed is kept, and those that a busy machine may take for it."""


def form() -> dict[str, Any]:
    """One phase that lasts for 48 hours, and others beside it."""
    rows = [phase("pause", WHOLE, minutes=LENGTHS[WHOLE], ends="close", rules={"reason": "meal"})]
    for name, minutes in LENGTHS.items():
        if name != WHOLE:
            rules = {"silent_minutes": SILENT if name == "P3" else 0}
            rows.append(phase("collect", name, minutes=minutes, ends="close", beside=WHOLE, rules=rules))
    return {"key": "s4", "title": {"en": "S4", "sv": "S4", "fi": "S4"}, "phase": rows}


async def run(dose: str, folder: Path, broken: str = "") -> Finding:
    finding = Finding()
    with variants.here(broken) as patch:
        patch.setattr(deadlines, "WAKE_SECONDS", WAKE)
        for day, end in NIGHTS.items():
            for seed in range(SEEDS.get(dose, 40)):
                began = datetime(*day, 12, 0, tzinfo=STOCKHOLM).timestamp()
                with time_machine.travel(began) as wall:
                    async with house(folder / f"{began:.0f}-{seed}", form()) as home:
                        night = Night(home, await home.desk(), wall, Random(seed), finding)
                        if await night.begin(end.timestamp()):
                            await night.play(JUMPS.get(dose, 60))
                            await night.look_back()
    return finding


class Night:
    """One session under a clock that cannot be trusted. ``passed`` is the first wall time after each deadline."""

    def __init__(
        self, home: House, desk: Desk, wall: time_machine.Traveller, chance: Random, finding: Finding
    ) -> None:
        self.home, self.desk, self.wall, self.chance, self.finding = home, desk, wall, chance, finding
        self.due: dict[str, float] = {}
        self.passed: dict[str, float] = {}

    async def begin(self, end: float) -> bool:
        """Open everything at once; whether its end is where it should be."""
        fields = {"person": "kim", "role": "facilitator", "language": "en", "organisation": ""}
        await self._tell(Command("join", "join", "", fields), DOOR)
        await self._tell(Command("open_phase", "open", WHOLE), "kim")  # what runs beside it opens with it
        phases = self.desk.session.agenda.phases
        for name, minutes in LENGTHS.items():
            self.due[f"{name} phase_closed"] = phases[name].opened_at + minutes * 60.0
        self.due["P3 cards_revealed"] = phases["P3"].opened_at + SILENT * 60.0
        told = phases[WHOLE].ends_at
        right = end <= told < end + 60
        self.finding.injected += 1
        self.finding.check(right, f"48 hours end {datetime.fromtimestamp(told, STOCKHOLM)}")
        page = await (await self.home.guest("Aino", live=False)).page()
        shown = datetime.fromtimestamp(end, STOCKHOLM).strftime("%H:%M</time>")
        self.finding.check(shown in page, f"the phone does not show {shown}")
        return right

    async def _tell(self, command: Command, by: str) -> None:
        told = await self.desk.submit(command, by)
        assert isinstance(told, int), f"{command.name}: {told}"

    # ---- the clock

    async def play(self, jumps: int) -> None:
        for goal in [*self._jumps(jumps), max(self.due.values()) + 1.0]:
            self.wall.move_to(goal)
            self.finding.injected += 1
            for name, at in self.due.items():
                if at < goal:
                    self.passed.setdefault(name, goal)
            if not await self._kept():
                return

    def _jumps(self, times: int) -> Iterator[float]:
        """Here and there; often to the last moment before a deadline or the first after it, often far back."""
        begin, end = min(self.due.values()) - 300.0, max(self.due.values())
        for _ in range(times):
            at = self.chance.choice(list(self.due.values()))
            yield self.chance.choice(
                (at - MARGIN, at + 0.2, self.chance.uniform(begin, end), self.desk.now() - 3600.0)
            )

    async def _kept(self) -> bool:
        """Wait until what has passed by now has happened; whether it has."""
        try:
            async with asyncio.timeout(SOON):
                while not self.passed.keys() <= {_name(event) for event in await self._events()}:
                    await asyncio.sleep(WAKE)
        except TimeoutError:
            late = self.passed.keys() - {_name(event) for event in await self._events()}
            self.finding.violations.append(f"{sorted(late)} did not happen though the clock had passed it")
            return False
        await asyncio.sleep(WAKE * 3)
        return True

    async def _events(self) -> list[Event]:
        return await self.desk.journal.read(self.desk.code)

    # ---- afterwards

    async def look_back(self) -> None:
        log = await self._events()
        for name, due in self.due.items():
            moments = [event.at for event in log if _name(event) == name]
            self.finding.check(len(moments) == 1, f"{name} happened {len(moments)} times")
            for at in moments:
                passed = self.passed.get(name, due)
                self.finding.check(at >= due, f"{name} happened {due - at:.1f} s before its time")
                self.finding.check(at <= passed + SOON, f"{name} happened {at - passed:.1f} s late")
        again = Session()
        for event in log:
            again.evolve(event)
        self.finding.check(not list(again.deadlines()), f"still to come: {list(again.deadlines())}")


def _name(event: Event) -> str:
    return f"{event.phase} {event.kind}"
