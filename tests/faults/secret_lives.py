"""Processes that hold a secret vote, each of which kills itself at a step of its own: every statement is one, and every
write to the folder of keys.

``python -m tests.faults.secret_lives FOLDER BROKEN FIRST LAST STRIDE``: in the folder of each step of these one life
ends before that step, and another goes on from there. It says each command under the same id, and notes what was
acknowledged.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.clock import RaceClock
from app.database import key_folder, open_database
from app.database.key_folder import KeyFolder
from app.drawing.render import Renderer
from app.live.desk import Desk
from app.live.desks import Desks
from app.people.store import People
from app.projections import PROJECTIONS
from app.settings import Settings
from app.streams.box_keys import box_keys
from app.streams.journal import open_journal
from app.streams.snapshots import Snapshots
from app.streams.snapshotting import Snapshotter
from sessions.audience import DOOR
from sessions.messages import Command
from tests.faults import broken
from tests.faults.errands import Steps

VOTERS = ("ada", "bo", "cy", "di", "ed")
CODE = "code"
ACKNOWLEDGED = "acknowledged"


async def never(code: str) -> None:
    """No snapshot is made apart."""


class Life:
    """One process from its beginning to its end."""

    def __init__(self, folder: Path, renderer: Renderer, last: int) -> None:
        self._folder, self._renderer = folder, renderer
        self._settings = Settings(data=folder / "data")
        self._database = open_database(self._settings.data)
        self._steps = Steps(last)
        self._steps.watch(self._database)
        self._watch_keys()

    def _watch_keys(self) -> None:
        """Whatever the folder of keys does to the disk is a step."""
        for name in ("_write_all", "_sync_folder"):
            setattr(key_folder, name, self._stepping(getattr(key_folder, name)))

    def _stepping(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def step(*about: Any) -> Any:
            self._steps.step()
            result = work(*about)
            self._steps.step()
            return result

        return step

    async def live(self) -> None:
        """Hold the vote, from wherever the life before was ended."""
        journal, people = open_journal(self._database), People(self._database)
        folder = KeyFolder(self._settings.key_folder)
        snapshots = Snapshots(self._database, people.organisation_key, folder)
        keys = await box_keys(self._database, folder)
        keeper = Snapshotter(journal, snapshots, never)
        desks = Desks(journal, people, RaceClock(), self._renderer, "", 1e9, keeper, PROJECTIONS, keys)
        await desks.tidy_keys()
        desk = await desks.get((self._folder / CODE).read_text())
        assert desk is not None
        await self._hold(desk)
        await desks.close()
        await journal.close()
        await self._database.close()

    async def _hold(self, desk: Desk) -> None:
        for who, role in (("kim", "facilitator"), *((voter, "participant") for voter in VOTERS)):
            body = {"person": who, "role": role, "language": "en", "organisation": ""}
            await desk.submit(Command("join", f"j-{who}", "", body), DOOR)
        for phase in ("N", "V"):
            await desk.submit(Command("open_phase", f"o-{phase}", phase), "kim")
            for number, voter in enumerate(VOTERS, 1):
                if phase == "N":
                    card = {"text": f"need {number}", "column": "need"}
                    await desk.submit(Command("add_card", "n", "N", card), voter)
                else:
                    vote = Command("cast_ballot", "b", "V", {"option": [f"Nc{number}"]})
                    self._note(await desk.submit(vote, voter), voter)
        self._note(await desk.submit(Command("close_phase", "z", "V"), "kim"), "counted")

    def _note(self, told: object, what: str) -> None:
        """What was acknowledged was so for whoever sent it, whatever happens now."""
        if isinstance(told, int):
            with (self._folder / ACKNOWLEDGED).open("a") as notes:
                notes.write(f"{what}\n")


def main(folder: str, broken_name: str, first: str, last: str, stride: str) -> None:
    """All lives; what a life printed about itself is a failure."""
    renderer = Renderer(Settings().templates)
    with broken.here(broken_name):
        for step in range(int(first), int(last) + 1, int(stride)):
            _fork(Path(folder) / str(step), renderer, step)
            _fork(Path(folder) / str(step), renderer, 0)


def _fork(folder: Path, renderer: Renderer, step: int) -> None:
    child = os.fork()
    if not child:
        asyncio.run(Life(folder, renderer, step).live())
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code not in (0, -signal.SIGKILL):
        sys.exit(f"the life of {step} steps ended with {code}")


if __name__ == "__main__":
    main(*sys.argv[1:])
