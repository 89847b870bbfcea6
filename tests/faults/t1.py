"""SIGKILL between every two steps of putting a task, taking, doing and ending it; on PostgreSQL two workers at once.

One kind of task leads to an event in another stream, the other to something outside of the database.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.database import Database
from app.streams.journal import open_journal
from sessions.messages import Event
from tests.faults.errands import ENTRIES, RACE, record_of
from tests.faults.finding import SMALL, Finding
from tests.streams.test_journal import check_chain
from tests.support.databases import KINDS, Place, asked, new_place
from tests.support.forked import came_to_its_end

CHECKED = (
    "every task was done at least once or stands as given up; each fact is in its record once, in the order in which "
    "it happened, and the last is the newest; no chain has a gap"
)
BROKEN = ("taken_for_done",)
PROVED = BROKEN

ROUNDS = {SMALL: 1}
STEPS = {SMALL: 36}
STRIDE = {SMALL: 5}
AT_ONCE = {"sqlite": 1, "postgres": 2}
"""Processes that work at the same time."""


async def run(dose: str, folder: Path, broken: str = "") -> Finding:
    finding = Finding(broken=broken)
    for kind in KINDS:
        place = new_place(kind, folder / kind)
        place.data.mkdir(exist_ok=True)
        await suffer(place, dose, AT_ONCE[kind], broken, finding)
        await judge(place, kind, finding)
    return finding


async def suffer(place: Place, dose: str, at_once: int, broken: str, finding: Finding) -> None:
    """Kill so many processes, then let one finish."""
    database = place.open()
    await database.migrate()
    await open_journal(database).create(RACE, "race48", "Race")
    await database.close()
    for _ in range(ROUNDS.get(dose, 6)):
        steps, stride = STEPS.get(dose, 60), STRIDE.get(dose, 1)
        lives = [(first, steps, stride * at_once) for first in range(1, 1 + stride * at_once, stride)]
        await asyncio.gather(*(lead(place, broken, *steps) for steps in lives))
        finding.injected += sum(len(range(first, last + 1, stride)) for first, last, stride in lives)
    await lead(place, broken, 0, 0, 1)


async def lead(place: Place, broken: str, *steps: int) -> None:
    """Lives of so many steps, one after the other."""
    await came_to_its_end("tests.faults.errands", place.data, place.url, broken, *steps)


async def judge(place: Place, kind: str, finding: Finding) -> None:
    database = place.open()
    try:
        await Audit(database, place.data / "mails", kind, finding).hold()
    finally:
        await database.close()


@dataclass
class Audit:
    """What is there once everything is done, against what should be."""

    database: Database
    mails: Path
    kind: str
    finding: Finding

    async def hold(self) -> None:
        journal = open_journal(self.database)
        changes = await journal.read(RACE)
        left = {row["id"]: row for row in await asked(self.database, "SELECT * FROM tasks")}
        self.check(len(changes) > 0, "nothing was ever put")
        self.check(await check_chain(self.database, RACE) == len(changes), "the race's chain has a gap")
        self.check(all(row["next"] is None for row in left.values()), f"not given up and not done: {left}")
        self._judge_mails(changes, left)
        for entry in (f"e{number}" for number in range(ENTRIES)):
            wanted = [event for event in changes if event.body["entry"] == entry]
            facts = await journal.read(record_of(entry))
            if wanted and f"handover/{RACE}/{entry}" not in left:
                await self._judge_record(entry, wanted, facts)

    def _judge_mails(self, changes: Sequence[Event], left: dict[str, Any]) -> None:
        sent = Counter(self.mails.read_text().split()) if self.mails.exists() else Counter()
        wanted = {f"mail/{RACE}/{event.seq}" for event in changes}
        lost = wanted - set(sent) - set(left)
        self.check(not lost, f"never sent and not given up: {sorted(lost)[:5]}")
        self.check(set(sent) <= wanted, f"sent for no event: {sorted(set(sent) - wanted)[:5]}")
        self.finding.notes.append(
            f"{self.kind}: {len(changes)} events, {sent.total()} mails sent under {len(sent)} ids, {len(left)} given up"
        )

    async def _judge_record(self, entry: str, wanted: Sequence[Event], facts: Sequence[Event]) -> None:
        self.check(bool(facts), f"{entry} has no record")
        if not facts:
            return
        origins = [event.body["origin"] for event in facts]
        self.check(origins == sorted({*origins}), f"{entry}: facts came twice or out of order: {origins}")
        self.check(
            origins[-1] == wanted[-1].seq and facts[-1].body["figure"] == wanted[-1].body["figure"],
            f"{entry}: the record stands at {origins[-1]}, the race at {wanted[-1].seq}",
        )
        await check_chain(self.database, record_of(entry))

    def check(self, holds: bool, otherwise: str) -> None:
        self.finding.check(holds, f"{self.kind}: {otherwise}")
