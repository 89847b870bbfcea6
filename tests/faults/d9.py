"""SIGKILL between every two steps of a secret vote's life, from the making of its key to the end of it."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections import Counter
from pathlib import Path
from typing import Any

from app.database import open_database
from app.database.key_folder import KeyFolder
from app.planning.create_session import Plan, create_session
from app.settings import Settings
from app.streams.journal import open_journal
from sessions.messages import Event
from tests.faults.finding import SMALL, Finding
from tests.faults.secret_lives import ACKNOWLEDGED, CODE, VOTERS
from tests.support.forked import came_to_its_end
from tests.support.stage import phase, words

CHECKED = (
    "every ballot is counted once, whoever was killed when; what was acknowledged is in the count; once that is on the "
    "disk no key is left, and none of a phase that never opened"
)
BROKEN = ("key_in_memory", "kept_keys")
PROVED = BROKEN

STEPS = {SMALL: (38, 132, 9)}
"""First, last and stride of the steps before which a vote's first life is ended; the second goes on to its end."""


def form() -> dict[str, Any]:
    write = {"fields": ["text"], "main": "text", "columns": ["need"], "per_person": 9}
    secret = {"method": "approval", "keep": "1", "ballots": "secret"}
    return {
        "key": "d9",
        "title": words("D9"),
        "phase": [phase("collect", "N", rules=write), phase("vote", "V", inputs=["N"], rules=secret)],
    }


async def run(dose: str, folder: Path, broken: str = "") -> Finding:
    finding = Finding(broken=broken)
    first, last, stride = STEPS.get(dose, (1, 135, 1))
    await _begin(folder / "begun")
    for step in range(first, last + 1, stride):
        await asyncio.to_thread(shutil.copytree, folder / "begun", folder / str(step))
    await came_to_its_end("tests.faults.secret_lives", folder, broken, first, last, stride)
    for step in range(first, last + 1, stride):
        finding.injected += 1
        await _judge(folder / str(step), step, finding)
    return finding


async def _begin(folder: Path) -> None:
    database = open_database(folder / "data")
    await database.migrate()
    founded = await create_session(database, Plan(form(), time.time()), ["facilitator"])
    await database.close()
    await asyncio.to_thread((folder / CODE).write_text, founded.code)


async def _judge(folder: Path, step: int, finding: Finding) -> None:
    settings = Settings(data=folder / "data")
    database = open_database(settings.data)
    events = await open_journal(database).read((folder / CODE).read_text())
    await database.close()
    keys = KeyFolder(settings.key_folder)
    left = [name for code in keys.folders("ballots") for name in keys.names(f"ballots/{code}")]
    finding.check(not left, f"killed at step {step}: {len(left)} keys are left")
    said = set((folder / ACKNOWLEDGED).read_text().split())
    finding.check(said == {*VOTERS, "counted"}, f"killed at step {step}: acknowledged were {sorted(said)}")
    finding.check(_counted(events) == _all(), f"killed at step {step}: counted were {_counted(events)}")


def _counted(events: list[Event]) -> Counter[str]:
    """How often each option stands in the ballots of the count."""
    counts = [event for event in events if event.kind == "result_counted"]
    return Counter(option for count in counts for ballot in count.body["ballots"] for option in ballot)


def _all() -> Counter[str]:
    return Counter(f"Nc{number}" for number in range(1, len(VOTERS) + 1))
