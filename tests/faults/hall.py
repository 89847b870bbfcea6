"""A hall full of phones on one server, most of them without their page: they only keep count."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from random import Random

from tests.faults.finding import Finding
from tests.faults.ledger import Ledger
from tests.faults.phone import Phone
from tests.faults.venue import DOTS, OPTIONS, Venue, begun, heard

AT_ONCE = 50
"""People who open their page at the same time."""
PAGES = 4
"""Phones that hold their whole page."""


@asynccontextmanager
async def full_hall(held: Venue, finding: Finding, people: int) -> AsyncIterator[Hall]:
    """A hall on a server of its own. What happened in the block must not show afterwards: not on the pages, not in the
    log."""
    await held.begin()
    try:
        await held.start()
        hall = Hall(held, finding)
        await hall.fill(people)
        yield hall
        await hall.pages_are_right()
        finding.violations += hall.ledger.audit()
        await hall.leave()
    finally:
        await held.kill()


class Hall:
    """People with open sockets, and the facilitator."""

    def __init__(self, held: Venue, finding: Finding) -> None:
        self.held, self.finding, self.chance = held, finding, Random(1)
        self.phones: list[Phone] = []
        self.ledger = Ledger(held)
        self.goal = 0
        """The seq that everybody has to have seen in the end."""

    async def fill(self, people: int) -> None:
        """Everybody comes in, opens the page and its socket."""
        self.console = await begun(self.held)
        self.phones = await self.held.people(people)
        self.ledger.phones = [*self.phones, self.console]
        await in_turn(self.phones, self._come_in)
        await heard(self.console, self.phones)
        self.held.arm()

    async def _come_in(self, phone: Phone) -> None:
        await phone.load(keep=phone in self.phones[:PAGES])
        await phone.connect_somehow()

    async def something_happens(self, times: int) -> None:
        """The facilitator says things, and some people vote: pages that are away have something to catch up."""
        for number in range(times):
            told = await self.console.say("announce", text=f"Announcement {number}")
            assert isinstance(told, int), told
            self.goal = told

    def vote(self, phones: Sequence[Phone]) -> None:
        for phone in phones:
            phone.give("cast_ballot", DOTS, option=self.chance.choices(OPTIONS, k=3))

    async def all_back(self, seconds: float) -> list[float]:
        """Everybody comes back by themselves; how long each took to have caught up, the quickest first."""
        began = time.monotonic()

        async def back(phone: Phone) -> float:
            await phone.connect_somehow()
            await phone.until(lambda: phone.seq >= self.goal and not phone.outbox, seconds)
            return time.monotonic() - began

        told = await asyncio.gather(*map(back, self.phones), return_exceptions=True)
        late = [error for error in told if isinstance(error, BaseException)]
        self.finding.check(not late, f"{len(late)} had not caught up after {seconds:.0f} s: {late[:1]}")
        return sorted(t for t in told if isinstance(t, float))

    async def pages_are_right(self) -> None:
        for phone in self.phones[:PAGES]:
            if difference := await phone.differs():
                self.finding.violations.append(f"the page of {phone.person} differs: {difference}")

    async def leave(self) -> None:
        for phone in self.ledger.phones:
            await phone.leave()


async def in_turn(phones: Sequence[Phone], what: Callable[[Phone], Awaitable[None]]) -> None:
    """For each phone, not too many at once."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(phone: Phone) -> None:
        async with gate:
            await what(phone)

    await asyncio.gather(*map(one, phones))


def spread(sorted_values: Sequence[float]) -> str:
    """p50 and p99 of seconds, in words."""
    if not sorted_values:
        return "nobody"
    last = len(sorted_values) - 1
    return f"p50 {sorted_values[last // 2]:.2f} s, p99 {sorted_values[round(last * 0.99)]:.2f} s"
