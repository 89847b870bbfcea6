"""All sockets are reset at once, again and again, while the session goes on."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.faults.finding import SMALL, Finding
from tests.faults.hall import Hall, full_hall, spread
from tests.faults.shim import Shim
from tests.faults.venue import Venue

CHECKED = (
    "everybody comes back and catches up with everything; pages are as if nothing had happened; and coming back asks "
    "the database (almost) nothing"
)

SOCKETS = {SMALL: 200}
RESETS = {SMALL: 3}
CATCH_UP = 30.0
"""Real seconds in which the last one must have caught up."""
READS = 2.0
"""Reads of the database for each client that comes back, at the most."""


async def run(dose: str, folder: Path) -> Finding:
    finding, shim = Finding(), Shim(folder / "shim")
    await shim.build()
    data = folder / "data"
    held = Venue(data, **shim.environment(data))
    async with full_hall(held, finding, SOCKETS.get(dose, 5000)) as hall:
        for _ in range(RESETS.get(dose, 10)):
            await reset(hall, shim)
        finding.notes.append(f"the server has {held.memory():.0f} MB with {len(hall.phones):,} phones")
    return finding


async def reset(hall: Hall, shim: Shim) -> None:
    """Every phone's connection breaks at once, some with a ballot under way; things happen meanwhile."""
    hall.vote(hall.phones[::10])
    for phone in hall.phones:
        phone.hang_up()
    await asyncio.gather(*(phone.line.closed.wait() for phone in hall.phones if phone.line))
    await hall.something_happens(3)
    before = shim.reads
    took = await hall.all_back(CATCH_UP)
    reads = (shim.reads - before) / len(hall.phones)
    hall.finding.injected += len(hall.phones)
    hall.finding.check(reads <= READS, f"coming back cost {reads:.1f} reads of the database each")
    hall.finding.notes.append(f"caught up: {spread(took)}, {reads:.2f} database reads each")
