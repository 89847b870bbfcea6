"""Two servers on one PostgreSQL serve one session, and people who go from one to the other in the middle of a word."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

from app.rehearsal.venue.postgres import Postgres
from tests.faults.finding import Finding
from tests.faults.ledger import Ledger
from tests.faults.phone import Phone
from tests.faults.venue import CARDS, DOTS, OPTIONS, Venue, begun, heard
from tests.support.patience import stopped

WATCHED = 4
"""Phones that hold their whole page."""
PATIENCE = 0.1
"""Seconds after which a phone sends again what could not be stored."""
ANSWERED = 60.0
"""Seconds after which everything that was said is answered."""
TOLD, NEVER_TOLD = 10.0, 3.0
"""Seconds after which everybody has heard what was said to all; and after which a server that was broken so that
somebody never hears of it has shown that (it looks for itself each second)."""


class Pair:
    """The servers, everybody in the room, and what they were told."""

    def __init__(self, postgres: Postgres, venues: tuple[Venue, Venue], finding: Finding) -> None:
        self.postgres, self.venues, self.finding, self.chance = postgres, venues, finding, Random(1)
        self.ledger = Ledger(venues[0])
        self.phones: list[Phone] = []
        self.moves = 0

    async def fill(self, people: int) -> None:
        """Everybody comes in, one half at each server; the facilitator is at the first."""
        self.console = await begun(self.venues[0])
        for held, share in zip(self.venues, (people - people // 2, people // 2), strict=True):
            self.phones += await held.people(share)
        self.watched = [*self.phones[: WATCHED // 2], *self.phones[-(WATCHED // 2) :]]
        for phone in self.phones:
            await phone.load(keep=phone in self.watched)
            await phone.connect_somehow()
        self.ledger.phones = [*self.phones, self.console]
        for phone in self.ledger.phones:
            phone.patience = PATIENCE
        await heard(self.console, self.phones)
        for held in self.venues:
            held.arm()

    @asynccontextmanager
    async def under_load(self, pause: float) -> AsyncIterator[None]:
        """Everybody goes on and on until the block ends, with ``pause`` seconds between two words at the most."""
        busy = [asyncio.create_task(self._act(phone, pause)) for phone in self.ledger.phones]
        try:
            yield
        finally:
            failed = await stopped(*busy)
        for error in failed:
            raise error

    async def _act(self, phone: Phone, pause: float) -> None:
        while True:
            await asyncio.sleep(self.chance.uniform(0, pause))
            if not phone.connected:
                await phone.connect_somehow()
            elif phone is self.console:
                phone.give("announce", text=f"Announcement {self.chance.random()}")
            elif self.chance.random() < 0.7:
                phone.give("cast_ballot", DOTS, option=self.chance.choices(OPTIONS, k=3))
            else:
                phone.give("add_card", CARDS, text=f"Card {self.chance.random()}")
            if phone is not self.console and self.chance.random() < 0.05:
                await self._move(phone)

    async def _move(self, phone: Phone) -> None:
        """Hang up in the middle of it, and go on at the other server, where what was not answered is said again."""
        phone.hang_up()
        phone.port = next(held.port for held in self.venues if held.port != phone.port)
        self.moves += 1
        await phone.connect_somehow()

    async def settle(self) -> None:
        """Everything that was said is answered, and everybody has heard everything."""
        for phone in self.ledger.phones:
            if not phone.connected:
                await phone.connect_somehow()
        until, told = time.monotonic() + ANSWERED, NEVER_TOLD if self.finding.broken else TOLD
        try:
            for phone in self.ledger.phones:
                await phone.until(lambda p=phone: not p.outbox, max(0.1, until - time.monotonic()))
        except TimeoutError:
            waiting = sum(len(phone.outbox) for phone in self.ledger.phones)
            self.finding.violations.append(f"{waiting} commands were never answered")
        try:
            async with asyncio.timeout(told):
                await heard(self.console, self.phones)
        except TimeoutError:
            behind = sum(phone.seq < self.console.seq for phone in self.phones)
            self.finding.violations.append(f"{behind} people have not heard what was said {told:.0f} s ago")

    async def audit(self) -> None:
        """The log against the acknowledgements, and pages that lived against pages that either server draws now."""
        self.finding.violations += self.ledger.audit()
        for phone in self.ledger.phones:
            for name, reason in phone.refused.items():
                self.finding.violations.append(f"{name} was refused as {reason}")
            phone.refused.clear()
        for phone in self.watched:
            for phone.port in [held.port for held in self.venues]:
                if difference := await phone.differs():
                    self.finding.violations.append(f"the page of {phone.person} differs: {difference}")

    async def leave(self) -> None:
        for phone in self.ledger.phones:
            await phone.leave()


@asynccontextmanager
async def pair(folder: Path, finding: Finding, people: int, broken: str = "") -> AsyncIterator[Pair]:
    """A PostgreSQL that keeps its word about the disk, two servers, and a session with people in it."""
    postgres = Postgres(durable=True)
    venues: list[Venue] = []
    try:
        await asyncio.to_thread(postgres.start)
        first = Venue(folder / "one", broken, url=postgres.url())
        await first.begin()
        venues += [first, first.neighbour(folder / "other", broken)]
        for held in venues:
            await held.start()
        room = Pair(postgres, (venues[0], venues[1]), finding)
        await room.fill(people)
        yield room
        await room.leave()
    finally:
        for held in venues:
            await held.kill()
        await asyncio.to_thread(postgres.close)
