"""A proxy cuts whatever is silent for 55 seconds."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.faults.finding import SMALL, Finding
from tests.faults.proxy import proxy
from tests.faults.venue import Venue, begun, heard

CHECKED = "sockets on which nobody says anything stay open, for the server's beat is quicker than the proxy's patience"
BROKEN = ("no_beat",)

BEAT = {SMALL: 0.4}
"""Real seconds between beats; 20 in earnest."""
IDLE = 55 / 20
"""Beats after which the proxy cuts."""
PERIODS = {SMALL: 2}
"""How often the proxy would have cut."""
PHONES = {SMALL: 10}


async def run(dose: str, folder: Path, broken: str = "") -> Finding:
    finding, beat = Finding(), BEAT.get(dose, 20.0)
    held = Venue(folder, broken, RACE_BEAT_SECONDS=str(beat))
    await held.begin()
    try:
        await held.start()
        console = await begun(held)
        phones = await held.people(PHONES.get(dose, 100))
        async with proxy(held.port) as way:
            way.idle_seconds = beat * IDLE
            for phone in phones:
                await phone.load()
                await phone.connect(way.port)
            await heard(console, phones)
            await asyncio.sleep(way.idle_seconds * PERIODS.get(dose, 4))
            finding.injected = len(phones) * PERIODS.get(dose, 4)
            dropped = sum(bool(phone.codes) for phone in phones)
            finding.check(not dropped, f"{dropped} of {len(phones)} sockets were cut")
            finding.check(way.cuts == dropped, f"the proxy has cut {way.cuts}")
            if not dropped:
                await heard(console, phones)
            for phone in (*phones, console):
                await phone.leave()
    finally:
        await held.kill()
    return finding
