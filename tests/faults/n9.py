"""SIGTERM while everybody is connected and voting; another server starts in its place."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import time
from collections import Counter
from html import unescape
from pathlib import Path

from tests.faults.finding import SMALL, Finding
from tests.faults.hall import Hall, full_hall, spread
from tests.faults.venue import STOP_SECONDS, Venue

CHECKED = (
    "the server stops by itself within its grace; every socket is closed with 1012; what was acknowledged is there "
    "once; everybody catches up; browsers spread their return"
)

SOCKETS = {SMALL: 200}
RESTARTS = {SMALL: 2}
CATCH_UP = 30.0
GOING_AWAY = 1012


async def run(dose: str, folder: Path) -> Finding:
    finding = Finding()
    async with full_hall(Venue(folder), finding, SOCKETS.get(dose, 5000)) as hall:
        for _ in range(RESTARTS.get(dose, 5)):
            await restart(hall)
        jitter = spreads_its_return(await hall.phones[0].fetch())
        finding.check(jitter, "browsers would all come back at the same moment")
    return finding


async def restart(hall: Hall) -> None:
    """Everybody votes, and in the middle of it the server is told to end."""
    process = hall.held.process
    assert process is not None
    hall.vote(hall.phones)
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    try:
        await asyncio.to_thread(process.wait, STOP_SECONDS)
    except Exception:
        hall.finding.violations.append(f"it had not stopped after {STOP_SECONDS:.0f} s")
        await hall.held.kill()
    stopped = time.monotonic() - began
    everybody = [*hall.phones, hall.console]
    await asyncio.gather(*(phone.line.closed.wait() for phone in everybody if phone.line))
    codes = Counter(phone.codes[-1] for phone in everybody)
    hall.finding.injected += len(everybody)
    hall.finding.check(set(codes) == {GOING_AWAY}, f"sockets were closed with {dict(codes)}")
    await hall.held.start()
    await hall.console.connect_somehow()
    await hall.something_happens(1)
    took = await hall.all_back(CATCH_UP)
    hall.finding.notes.append(f"stopped in {stopped:.1f} s; caught up with the next one: {spread(took)}")


def spreads_its_return(page: str) -> bool:
    """Whether htmx, as this page sets it up, comes back after delays that chance spreads (its default)."""
    config = re.search(r"<meta name=\"htmx-config\" content='([^']*)'", page)
    ws = json.loads(unescape(config[1]))["ws"] if config else {}
    return bool(ws) and ws.get("reconnectJitter", 0.3) >= 0.1 and ws.get("reconnect", True) is True
