"""PostgreSQL is stopped hard, again and again, while two servers write to it."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from tests.faults.finding import SMALL, Finding
from tests.faults.pair import pair

CHECKED = (
    "what could not be stored is refused as such and never acknowledged; both servers heal by themselves; every "
    "acknowledged command is in the log exactly once, seq has no gap; pages that lived show what either server draws"
)
BROKEN = ("promised_early",)
PROVED = BROKEN

PEOPLE = {SMALL: 12}
STOPS = {SMALL: 2}
LOAD, AWAY = (0.3, 0.9), (0.0, 0.6)
"""Real seconds of load before each stop, and without a database."""
PAUSE = {SMALL: 0.1}


async def run(dose: str, folder: Path, broken: str = "") -> Finding:
    finding = Finding(broken=broken)
    healed: list[float] = []
    async with pair(folder, finding, PEOPLE.get(dose, 60), broken) as room:
        for _ in range(STOPS.get(dose, 40)):
            async with room.under_load(PAUSE.get(dose, 0.3)):
                await asyncio.sleep(room.chance.uniform(*LOAD))
                await asyncio.to_thread(room.postgres.stop_hard)
                finding.injected += 1
                await asyncio.sleep(room.chance.uniform(*AWAY))
                await asyncio.to_thread(room.postgres.start)
            began = time.monotonic()
            await room.settle()
            healed.append(time.monotonic() - began)
            await room.audit()
            if finding.found_out:
                break
        finding.notes.append(f"{room.ledger.acknowledged:,} commands acknowledged")
    finding.notes.append(f"everything answered at most {max(healed):.1f} s after PostgreSQL was back")
    return finding
