"""Links go dead without a word: nothing passes any more, and both ends believe the connection to be open."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from tests.faults.finding import SMALL, Finding
from tests.faults.hall import in_turn
from tests.faults.ledger import Ledger
from tests.faults.phone import Phone
from tests.faults.proxy import Proxy, proxy
from tests.faults.venue import DOTS, OPTIONS, Venue, begun, heard

CHECKED = (
    "a phone that hears no beat gives the link up, comes back by another one and has missed nothing; nobody else is "
    "held up; the server notices as well, and lets go of the dead sockets (in the full dose)"
)

PHONES = {SMALL: 20}
TIMES = {SMALL: 1}
BEAT = {SMALL: 0.3}
"""Real seconds between the server's beats; 20 in earnest."""
SILENCE = 1.75
"""Beats that a phone waits before it gives a link up, as race.js does (35 s)."""
NOTICED = 60.0
"""Real seconds in which the server has let go of what is dead."""


async def run(dose: str, folder: Path) -> Finding:
    finding, beat = Finding(), BEAT.get(dose, 20.0)
    held = Venue(folder, RACE_BEAT_SECONDS=str(beat))
    await held.begin()
    try:
        await held.start()
        console = await begun(held)
        phones = await held.people(PHONES.get(dose, 200))
        for phone in phones:
            await phone.load()
        for _ in range(TIMES.get(dose, 3)):
            async with proxy(held.port) as way:
                await in_turn(phones, lambda phone: phone.connect_somehow(way.port))
                await hole(console, phones, way, finding, beat)
                if dose != SMALL:
                    await let_go(held, phones, finding)
        finding.violations += Ledger(held, [*phones, console]).audit()
        for phone in (*phones, console):
            await phone.leave()
    finally:
        await held.kill()
    return finding


async def hole(console: Phone, phones: list[Phone], way: Proxy, finding: Finding, beat: float) -> None:
    """The link becomes a hole while everybody votes; each phone finds out for itself."""
    await heard(console, phones)
    for phone in phones:
        await phone.until(lambda p=phone: p.beats > 0, beat * 4)
        phone.give("cast_ballot", DOTS, option=[OPTIONS[0]])
    way.holed.set()
    began = time.monotonic()
    told = await console.say("announce", text=f"Nobody behind the hole hears this {began}")
    finding.check(time.monotonic() - began < beat + 1.0, "whoever is well was held up by the hole")
    assert isinstance(told, int), told
    took = await asyncio.gather(*(notice(phone, beat) for phone in phones))
    finding.injected += len(phones)
    finding.notes.append(
        f"phones gave the link up after {min(took):.1f} to {max(took):.1f} s (a beat is {beat:.1f} s)"
    )
    await heard(console, phones)
    for phone in phones[:3]:
        if difference := await phone.differs():
            finding.violations.append(f"the page of {phone.person} differs: {difference}")
    finding.check(all(not phone.outbox for phone in phones), "a ballot was never answered")


async def notice(phone: Phone, beat: float) -> float:
    """Give the link up after so much silence, and come back by another way; the seconds until then."""
    began = time.monotonic()
    while time.monotonic() - phone.last_heard < beat * SILENCE:
        await asyncio.sleep(beat / 20)
    gave_up = time.monotonic() - began
    await phone.connect_somehow()
    await phone.until(lambda: not phone.outbox)
    return gave_up


async def let_go(held: Venue, phones: list[Phone], finding: Finding) -> None:
    """The server closes sockets that have been dead for long: it holds no more than there are phones."""
    began = time.monotonic()
    alive = len(phones) + 1
    while (count := held.sockets()) > alive and time.monotonic() - began < NOTICED:
        await asyncio.sleep(0.5)
    finding.check(count <= alive, f"the server holds {count} sockets for {alive} phones")
    finding.notes.append(f"the server has let go of the dead sockets after {time.monotonic() - began:.0f} s")
