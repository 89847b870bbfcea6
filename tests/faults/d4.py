"""The disk is full for a while, and then has room again."""

from __future__ import annotations

from pathlib import Path

from tests.faults.finding import Finding
from tests.faults.shim import Shim
from tests.faults.writers import suffer_on_disk

CHECKED = (
    "while the disk is full nothing is acknowledged and pages still open; afterwards everything is stored exactly once "
    "without anybody's help, and memory has not grown"
)


async def run(dose: str, folder: Path) -> Finding:
    return await suffer_on_disk(folder, dose, Shim.disk_is_full)
