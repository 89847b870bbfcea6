"""Another process holds the database's write lock for ten seconds and more."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.faults.finding import SMALL, Finding
from tests.faults.venue import Venue
from tests.faults.writers import PEOPLE, Writers, suffer

CHECKED = (
    "while the lock is held nothing is acknowledged; afterwards everything is stored exactly once without anybody's "
    "help, and memory has not grown"
)
TIMES = {SMALL: 1}
SECONDS = {SMALL: 2.0}
"""In full a little more than the ten seconds that the server is ready to wait."""


async def run(dose: str, folder: Path) -> Finding:
    async def hold(writers: Writers) -> None:
        with closing(sqlite3.connect(writers.held.database, timeout=30, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await writers.none_is_acknowledged(SECONDS.get(dose, 12.0))
            other.execute("ROLLBACK")

    return await suffer(Venue(folder), PEOPLE, TIMES.get(dose, 10), hold)
