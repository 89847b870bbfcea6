"""The power fails: of what was written only what was synced is certain, the rest is there, gone or torn.

The real server runs with a library in front of its disk (shim.c) that records every write, sync and acknowledgement in
their order. From that record the disk is made up as it could be found after a power loss at any point, many times over,
and SQLite opens it.
"""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import tempfile
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import NamedTuple

from tests.faults.disk import Disk
from tests.faults.finding import SMALL, Finding
from tests.faults.phone import Phone
from tests.faults.shim import ACK, MAIN, SYNC_ENDS, WAL, Shim, Step, acks_in
from tests.faults.venue import CARDS, DOTS, OPTIONS, Venue, begun

CHECKED = (
    "SQLite opens what is left and finds it sound; its log is a beginning of the log, without a gap, and holds "
    "everything that had been acknowledged at that point"
)
BROKEN = ("synchronous_off", "ack_first")
PROVED = ("synchronous_off",)

POINTS = {SMALL: 300}
ALONE = {SMALL: 40}
"""Commands that one person gives one after the other, each when the one before is acknowledged."""
TOGETHER = {SMALL: 5}
"""Commands that each of twenty people gives at once."""
PEOPLE = 20
SOUND_EVERY = 10
"""One image in so many is looked through page by page."""


class Row(NamedTuple):
    seq: int
    command: str
    digest: bytes


async def run(dose: str, folder: Path, broken: str = "") -> Finding:
    shim = Shim(folder / "shim")
    await shim.build()
    data = folder / "data"
    held = Venue(data, broken, **shim.environment(data, trace=True))
    await held.begin()
    before = Disk(held.database)
    try:
        await held.start()
        await load(held, ALONE.get(dose, 400), TOGETHER.get(dose, 40))
    finally:
        await held.kill()
    steps, whole = list(shim.steps()), read(held.database, held.code)
    finding = Finding()
    acks = sum(len(acks_in(step)) for step in steps if step.what == ACK)
    log, database = (sum(s.what == SYNC_ENDS and s.file == file for s in steps) for file in (WAL, MAIN))
    finding.notes.append(
        f"{len(steps):,} steps recorded, of them {acks:,} acknowledgements, {log:,} syncs of the write-ahead log, "
        f"{database:,} of the database"
    )
    finding.check(acks > 0, "nothing was acknowledged")
    await asyncio.to_thread(fail, before, steps, whole, held.code, POINTS.get(dose, 10_000), finding)
    return finding


async def load(held: Venue, alone: int, together: int) -> None:
    """Some write alone, so that every commit is small; then all at once."""
    console = await begun(held)
    held.arm()
    phones = await held.people(PEOPLE)
    for phone in phones:
        await phone.load(keep=False)
        await phone.connect()
    for number in range(alone):
        await phones[number % PEOPLE].say("add_card", CARDS, text=f"Card {number}")
    for phone in phones:
        for number in range(together):
            phone.give("cast_ballot", DOTS, option=[OPTIONS[number % 6]] * 2)
    await asyncio.gather(*(answered(phone) for phone in (*phones, console)))


async def answered(phone: Phone) -> None:
    await phone.until(lambda: not phone.outbox)
    await phone.leave()


def read(database: Path, code: str) -> list[Row]:
    with closing(sqlite3.connect(database)) as db:
        rows = db.execute("SELECT seq, command, digest FROM log WHERE stream = ? ORDER BY seq", (code,))
        return [Row(*row) for row in rows]


def fail(disk: Disk, steps: list[Step], whole: list[Row], code: str, points: int, finding: Finding) -> None:
    """Let the power fail at so many points of the record, and look at what is left each time."""
    chance, promised = Random(1), 0
    at = sorted(chance.choices(range(len(steps)), k=points))
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        for begin, end in pairwise([0, *at]):
            for step in steps[begin:end]:
                if step.what == ACK:
                    promised = max([promised, *(seq for _, seq in acks_in(step))])
                else:
                    disk.take(step)
            path = disk.after_power_loss(Path(folder), chance)
            finding.injected += 1
            sound = finding.injected % SOUND_EVERY == 0
            finding.violations += [
                f"after step {end}: {fault}" for fault in look(path, code, whole, promised, sound)
            ]
            for left in Path(folder).iterdir():
                left.unlink() if left.is_file() else shutil.rmtree(left)


def look(path: Path, code: str, whole: list[Row], promised: int, sound: bool) -> list[str]:
    """What is wrong with a database that was left."""
    try:
        with closing(sqlite3.connect(path)) as db:
            told = db.execute("PRAGMA integrity_check").fetchone()[0] if sound else "ok"
            head = db.execute("SELECT seq, digest FROM heads WHERE stream = ?", (code,)).fetchone()
        rows = read(path, code)
    except sqlite3.DatabaseError as error:
        return [f"SQLite cannot open it: {error}"]
    except ValueError as error:
        return [f"what it holds is no event: {error}"]
    faults = [] if told == "ok" else [f"it is not sound: {told}"]
    if rows != whole[: len(rows)]:
        faults.append("its log is not a beginning of the log")
    if head != (len(rows), rows[-1].digest if rows else bytes(32)):
        faults.append(f"its head says {head and head[0]}, its log ends at {len(rows)}")
    if len(rows) < promised:
        faults.append(f"{promised} was acknowledged, and it ends at {len(rows)}")
    return faults
