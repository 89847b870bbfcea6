"""SIGKILL at random moments while two hundred people vote and write."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from random import Random
from statistics import median

from tests.faults.finding import SMALL, Finding
from tests.faults.ledger import Ledger
from tests.faults.phone import Phone
from tests.faults.venue import CARDS, DOTS, OPTIONS, Venue, begun, heard
from tests.support.patience import stopped

CHECKED = (
    "every acknowledged command is in the log exactly once, with the seq that was acknowledged; seq has no gap; pages "
    "that lived through it all show what a page shows that is loaded now"
)
BROKEN = ("ack_first", "lost_bundle")
PROVED = ("lost_bundle",)

PEOPLE = {SMALL: 40}
KILLS = {SMALL: 4}
KILLS_A_RACE = 25
"""Kills after which another session begins, so that the log stays as short as that of a real event."""
LONGEST = 0.7
"""Real seconds of load at the most, before the kill."""
WATCHED = 4
"""Phones that hold their whole page."""
PAUSE = 0.1
"""Seconds between two commands of one person, at the most."""


async def run(dose: str, folder: Path, broken: str = "") -> Finding:
    finding, chance = Finding(broken=broken), Random(1)
    kills, people = KILLS.get(dose, 1000), PEOPLE.get(dose, 200)
    starts: list[float] = []
    acknowledged = 0
    while finding.injected < kills and not finding.found_out:
        held = Venue(folder / f"race{finding.injected}", broken)
        race = Race(held, chance, finding)
        await race.play(min(KILLS_A_RACE, kills - finding.injected), people)
        starts += held.started
        acknowledged += race.ledger.acknowledged
    finding.notes.append(f"{acknowledged:,} commands acknowledged by {people} people")
    finding.notes.append(f"a start takes {median(starts):.2f} s (median; {max(starts):.2f} s at the most)")
    return finding


class Race:
    """One session that is killed again and again."""

    def __init__(self, held: Venue, chance: Random, finding: Finding) -> None:
        self.held, self.chance, self.finding = held, chance, finding
        self.ledger = Ledger(held)

    async def play(self, kills: int, people: int) -> None:
        await self.held.begin()
        try:
            await self.held.start()
            await self._let_in(people)
            for _ in range(kills):
                await self._load_and_kill()
                await self._come_back()
                await self._look()
                if self.finding.found_out:
                    return
        finally:
            await self.held.kill()

    async def _let_in(self, people: int) -> None:
        self.console = await begun(self.held)
        self.phones = [*await self.held.people(people), self.console, await self.held.staff("screen")]
        self.watched = [*self.phones[:WATCHED], *self.phones[-2:]]
        self.ledger.phones = self.phones
        for phone in self.phones:
            await phone.load(keep=phone in self.watched)
            await phone.connect_somehow()
        self.held.arm()

    async def _load_and_kill(self) -> None:
        until = time.monotonic() + self.chance.uniform(0.02, LONGEST)
        busy = [asyncio.create_task(self._act(phone)) for phone in self.phones if phone.view != "screen"]
        await asyncio.sleep(until - time.monotonic())
        await self.held.kill()
        await stopped(*busy)
        self.finding.injected += 1

    async def _act(self, phone: Phone) -> None:
        """Somebody goes on and on; what is not answered yet waits in the outbox."""
        while phone.connected:
            if phone is self.console:
                phone.give("announce", text=f"Announcement {self.chance.random()}")
            elif self.chance.random() < 0.7:
                phone.give("cast_ballot", DOTS, option=self.chance.choices(OPTIONS, k=3))
            else:
                phone.give("add_card", CARDS, text=f"Card {self.chance.random()}")
            await asyncio.sleep(self.chance.uniform(0, PAUSE))

    async def _come_back(self) -> None:
        """A new server; everybody finds it by themselves and sends what was not answered."""
        await self.held.start()
        await asyncio.gather(*(phone.connect_somehow() for phone in self.phones))
        try:
            await asyncio.gather(*(phone.until(lambda p=phone: not p.outbox) for phone in self.phones))
        except TimeoutError:
            waiting = sum(len(phone.outbox) for phone in self.phones)
            self.finding.violations.append(f"{waiting} commands were never answered")

    async def _look(self) -> None:
        self.finding.violations += self.ledger.audit()
        phone = self.chance.choice(self.watched)
        await heard(self.console, [phone])
        if difference := await phone.differs():
            self.finding.violations.append(f"the {phone.view} of {phone.person} differs: {difference}")
