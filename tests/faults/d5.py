"""A sync fails with an input/output error for a while."""

from __future__ import annotations

from pathlib import Path

from tests.faults.finding import Finding
from tests.faults.shim import Shim
from tests.faults.writers import Writers, suffer_on_disk

CHECKED = (
    "while syncs fail nothing is acknowledged and pages still open; afterwards everything is stored exactly once "
    "without anybody's help"
)


async def run(dose: str, folder: Path) -> Finding:
    return await suffer_on_disk(folder, dose, Shim.syncs_fail, Writers.none_is_acknowledged)
