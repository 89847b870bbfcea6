"""A sync fails with an input/output error for a while."""

from __future__ import annotations

from pathlib import Path

from tests.faults.finding import SMALL, Finding
from tests.faults.shim import Shim
from tests.faults.venue import Venue
from tests.faults.writers import Writers, suffer

CHECKED = (
    "while syncs fail nothing is acknowledged and pages still open; afterwards everything is stored exactly once "
    "without anybody's help"
)
TIMES = {SMALL: 1}
SECONDS = {SMALL: 1.0}
PEOPLE = 20


async def run(dose: str, folder: Path) -> Finding:
    shim = Shim(folder / "shim")
    await shim.build()
    data = folder / "data"

    async def fail(writers: Writers) -> None:
        shim.syncs_fail(True)
        await writers.none_is_acknowledged(SECONDS.get(dose, 10.0))
        shim.syncs_fail(False)

    return await suffer(Venue(data, **shim.environment(data)), PEOPLE, TIMES.get(dose, 10), fail)
