"""A second server is started on the folder of one that runs, and on that of one that was killed."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

from app.address import NOTE
from tests.faults.finding import SMALL, Finding
from tests.faults.venue import Venue, venue
from tests.faults.web import Web

CHECKED = (
    "while the first runs the second ends with one sentence that says why, and serves nobody; after the first was "
    "killed the next one starts; nobody but the owner can read what lies in the folder"
)
BROKEN = ("no_lock",)
PROVED = BROKEN

TIMES = {SMALL: 1}


async def run(dose: str, folder: Path, broken: str = "") -> Finding:
    finding = Finding(broken=broken)
    await asyncio.to_thread(folder.chmod, 0o755)
    async with venue(folder, broken) as first:
        first.arm()
        for _ in range(TIMES.get(dose, 20)):
            await _second_beside(first, finding, broken)
            if finding.found_out:
                return finding
            await first.kill()
            await first.start()
            finding.injected += 1
        readable = await asyncio.to_thread(_readable, folder)
        finding.check(not readable, f"others can read {readable}")
    return finding


def _readable(folder: Path) -> list[str]:
    """What others than the owner can read."""
    return [path.name for path in (folder, *folder.glob("*.sqlite*")) if path.stat().st_mode & 0o077]


async def _ended_or_serves(second: Venue) -> int | None:
    """How a server has ended that may not start; None if it has started. Raises AssertionError if it does neither."""
    with suppress(AssertionError):
        await second.answering()
    assert second.process is not None
    return second.process.poll()


async def _second_beside(first: Venue, finding: Finding, broken: str) -> None:
    second = Venue(first.folder, broken)
    note = (first.folder / NOTE).read_text("utf-8")
    finding.injected += 1
    second.launch()
    try:
        status = await _ended_or_serves(second)
        finding.check(
            status == 1, "the second server serves" if status is None else f"it ended with {status}"
        )
        words = (second.last_words().splitlines() or [""])[-1]
        finding.check("already serves" in words, f"it said {words}")
    finally:
        await second.kill()
    (first.folder / NOTE).write_text(note, "utf-8")
    async with Web(first.port) as web:
        finding.check((await web.get("/healthz")).status == 200, "the first server does not answer any more")
