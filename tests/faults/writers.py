"""People who go on writing while something happens to the server's disk."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random

from tests.faults.finding import SMALL, Finding
from tests.faults.ledger import Ledger
from tests.faults.phone import Phone
from tests.faults.shim import Shim
from tests.faults.venue import CARDS, DOTS, OPTIONS, Venue, begun, heard
from tests.support.patience import stopped, within

PEOPLE = 20
BAD_TIMES = {SMALL: 1}
BAD_SECONDS = {SMALL: 1.0}
"""How often and for how many real seconds a disk misbehaves."""
PAUSE = 0.2
"""Seconds between two commands of one person, at the most."""
AT_ONCE = 5
"""Commands of one person that may wait for an answer before they write no more."""
PAGES = 3
"""Phones that hold their whole page."""
HEALED = 30.0
"""Seconds within which everything is answered once the fault is over."""
AGAIN = 0.5
"""Seconds after which a phone sends again what was refused as not stored."""


class Writers:
    """Some people on a server. What could not be stored they send again, with the same id, until it is."""

    def __init__(self, held: Venue, finding: Finding) -> None:
        self.held, self.finding, self.chance = held, finding, Random(1)
        self.ledger = Ledger(held)
        self.phones: list[Phone] = []
        self.not_stored = 0
        self._going = True
        self._busy: list[asyncio.Task[None]] = []

    async def come(self, people: int) -> None:
        self.console = await begun(self.held)
        self.phones = await self.held.people(people)
        self.ledger.phones = [*self.phones, self.console]
        for phone in self.phones:
            await phone.load(keep=phone in self.phones[:PAGES])
            await phone.connect()
        self.held.arm()

    def write(self) -> None:
        """Everybody begins to write, and goes on until ``rest``."""
        self._going = True
        self._busy = [asyncio.create_task(self._write(phone)) for phone in self.phones]

    async def _write(self, phone: Phone) -> None:
        said = dict[str, str]()
        while self._going or phone.outbox:
            if self._going and len(phone.outbox) < AT_ONCE:
                name = self._say_something(phone)
                said[name] = phone.outbox[name]
            await asyncio.sleep(self.chance.uniform(0, PAUSE))
            await self._insist(phone, said)

    def _say_something(self, phone: Phone) -> str:
        if self.chance.random() < 0.5:
            return phone.give("add_card", CARDS, text=f"Card {self.chance.random()}")
        return phone.give("cast_ballot", DOTS, option=self.chance.choices(OPTIONS, k=3))

    async def _insist(self, phone: Phone, said: dict[str, str]) -> None:
        """What the server could not store is sent again; any other no is one."""
        for name, reason in list(phone.refused.items()):
            del phone.refused[name]
            self.finding.check(reason in ("not_stored", "busy"), f"{name} was refused as {reason}")
            if reason in ("not_stored", "busy"):
                self.not_stored += 1
                await asyncio.sleep(AGAIN)
                phone.outbox[name] = said[name]
                if phone.connected and phone.line is not None:
                    phone.line.say(said[name])

    async def rest(self) -> None:
        """Everybody waits until all that they have written is answered."""
        self._going = False
        began = time.monotonic()
        _, late = await asyncio.wait(self._busy, timeout=HEALED)
        await stopped(*late)
        waiting = sum(len(phone.outbox) for phone in self.phones)
        self.finding.check(not late, f"{waiting} commands were not answered in {HEALED:.0f} s")
        self.finding.notes.append(f"everything was answered {time.monotonic() - began:.1f} s after the fault")

    async def audit(self) -> None:
        """The log against what everybody was told, and the pages against pages that are loaded now."""
        await heard(self.console, self.phones)
        self.finding.violations += self.ledger.audit()
        for phone in self.phones[:PAGES]:
            if difference := await phone.differs():
                self.finding.violations.append(f"the page of {phone.person} differs: {difference}")

    def acknowledged(self) -> int:
        return sum(len(phone.acked) for phone in self.phones)

    async def none_is_acknowledged(self, seconds: float, settled: float = 0.3) -> None:
        """For so long nothing may be; what was on its way when the fault began may come in the first moment."""
        await asyncio.sleep(settled)
        before = self.acknowledged()
        self._busy.append(asyncio.create_task(self._pages_open(seconds - settled)))
        await asyncio.sleep(seconds - settled)
        count = self.acknowledged() - before
        self.finding.check(count == 0, f"{count} commands were acknowledged that could not be on disk")

    async def all_that_is_acknowledged_is_on_disk(self, seconds: float) -> None:
        """For so long some may be, as far as the database has room in files that it has; but not all."""
        refused = self.not_stored
        await self._pages_open(seconds)
        self.finding.violations += self.ledger.audit()
        self.finding.check(self.not_stored > refused, "nothing was refused as not stored")

    async def _pages_open(self, seconds: float) -> None:
        """Pages are asked for all the while. One may have to wait, until nobody is being written to the log."""
        until, waited = time.monotonic() + seconds, [0.0]
        while time.monotonic() < until:
            began = time.monotonic()
            try:
                await within(self.phones[0].fetch(), seconds + HEALED)
            except (TimeoutError, AssertionError, OSError) as error:
                self.finding.violations.append(f"a page could not be loaded meanwhile: {error!r}")
            waited.append(time.monotonic() - began)
            await asyncio.sleep(0.2)
        told = f"{len(waited) - 1} pages were loaded meanwhile; one took {max(waited):.1f} s at the most"
        self.finding.notes.append(told)

    async def leave(self) -> None:
        for phone in self.ledger.phones:
            await phone.leave()


async def suffer_on_disk(
    folder: Path,
    dose: str,
    spoil: Callable[[Shim, bool], None],
    watch: Callable[[Writers, float], Awaitable[None]],
) -> Finding:
    """The disk misbehaves for a while, as ``spoil(shim, True)`` makes it, and then works again; ``watch`` looks
    meanwhile."""
    shim, data = Shim(folder / "shim"), folder / "data"
    await shim.build()

    async def fault(writers: Writers) -> None:
        spoil(shim, True)
        await watch(writers, BAD_SECONDS.get(dose, 10.0))
        spoil(shim, False)

    return await suffer(Venue(data, **shim.environment(data)), PEOPLE, BAD_TIMES.get(dose, 10), fault)


async def suffer(held: Venue, people: int, times: int, fault: Callable[[Writers], object]) -> Finding:
    """People write, and ``fault`` happens so many times while they do."""
    finding = Finding()
    writers = Writers(held, finding)
    await held.begin()
    try:
        await held.start()
        await writers.come(people)
        for _ in range(times):
            writers.write()
            await asyncio.sleep(0.5)
            before = held.memory()
            told = fault(writers)
            if asyncio.iscoroutine(told):
                await told
            finding.injected += 1
            await writers.rest()
            finding.check(
                held.memory() - before < 100, f"memory grew from {before:.0f} to {held.memory():.0f} MB"
            )
            await writers.audit()
        await writers.leave()
    finally:
        await held.kill()
    finding.notes.append(f"{writers.not_stored} commands were refused as not stored, and sent again")
    return finding
