"""The disk is full for a while, and then has room again."""

from __future__ import annotations

from pathlib import Path

from tests.faults.finding import Finding
from tests.faults.shim import Shim
from tests.faults.writers import Writers, suffer_on_disk

CHECKED = (
    "while the disk is full nothing is acknowledged that is not in the log, what finds no room is refused as not "
    "stored, and pages still open; afterwards everything is stored exactly once without anybody's help, and memory has "
    "not grown"
)


async def run(dose: str, folder: Path) -> Finding:
    return await suffer_on_disk(folder, dose, Shim.disk_is_full, Writers.all_that_is_acknowledged_is_on_disk)
