"""The disk is full for a while, and then has room again."""

from __future__ import annotations

from pathlib import Path

from tests.faults.finding import SMALL, Finding
from tests.faults.shim import Shim
from tests.faults.venue import Venue
from tests.faults.writers import Writers, suffer

CHECKED = (
    "while the disk is full nothing is acknowledged and pages still open; afterwards everything is stored exactly once "
    "without anybody's help, and memory has not grown"
)
TIMES = {SMALL: 1}
SECONDS = {SMALL: 1.0}
PEOPLE = 20


async def run(dose: str, folder: Path) -> Finding:
    shim = Shim(folder / "shim")
    await shim.build()
    data = folder / "data"

    async def full(writers: Writers) -> None:
        shim.disk_is_full(True)
        await writers.none_is_acknowledged(SECONDS.get(dose, 10.0))
        shim.disk_is_full(False)

    return await suffer(Venue(data, **shim.environment(data)), PEOPLE, TIMES.get(dose, 10), full)
