"""Processes that put tasks and do them, each of which kills itself at a step of its own: every statement is one.

``python -m tests.faults.errands FOLDER URL BROKEN FIRST LAST STRIDE``: one life after the other ends before its step
FIRST, FIRST + STRIDE … LAST. A step of 0 never comes: that one puts nothing, and does what is left.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from random import Random

from sqlalchemy import Connection, event

from app.clock import RaceClock
from app.database import Database
from app.database.postgres import PostgresDatabase
from app.database.sqlite import SqliteDatabase
from app.streams import tasks, worker
from app.streams.journal import Batch, Journal, open_journal
from app.streams.log import Tail
from app.streams.task_outcomes import Ended
from app.streams.tasks import Task, ended
from app.streams.worker import Worker
from sessions.messages import Event
from tests.faults import broken
from tests.support.databases import Place

RACE, ENTRIES = "7K3MQX9T", 3
RECORD = "record"
LEASE = 0.05
"""Real seconds: whoever was killed does not keep the others waiting."""


def record_of(entry: str) -> str:
    """The stream of an entry's record."""
    return f"r-{entry}"


class Steps:
    """Counts what a process does, and ends it before a step."""

    def __init__(self, last: int) -> None:
        self._last, self._done = last, 0

    def step(self, *_: object) -> None:
        self._done += 1
        if self._done == self._last:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self, database: Database) -> None:
        """Each statement of those who write is a step, and each commit."""
        if isinstance(database, SqliteDatabase):
            event.listen(database.reading, "connect", lambda driver, _: driver.set_trace_callback(self.step))
        elif isinstance(database, PostgresDatabase):
            for moment in ("before_cursor_execute", "commit"):
                event.listen(database._engine.sync_engine, moment, self.step)


class Life:
    """One process from its beginning to its end."""

    def __init__(self, place: Place, last: int) -> None:
        self._database = place.open()
        self._steps = Steps(last)
        self._steps.watch(self._database)
        self._journal: Journal = open_journal(self._database)
        self._mails, self._chance = place.data / "mails", Random()
        handlers = {"handover": self.hand_over, "mail": self.send}
        self._worker = Worker(self._database, RaceClock(), handlers)

    async def live(self) -> None:
        """Put and do tasks until the step comes."""
        while True:
            await self.produce()
            await self._worker.work()
            await self._worker.work()

    async def finish(self) -> None:
        """Do what is left, whoever had taken it."""
        while any(await self._database.read(_left)):
            if not await self._worker.work():
                await asyncio.sleep(LEASE)
        await self._database.close()

    async def produce(self) -> None:
        """An entry changes: an event with the hand-over of that entry, and a mail."""
        known = await self._journal.heads([RACE])
        await self._journal.append_all(known, self._changed)

    def _changed(self, tails: Mapping[str, Tail]) -> dict[str, Batch]:
        seq, entry = tails[RACE].head.seq + 1, f"e{self._chance.randrange(ENTRIES)}"
        change = Event("changed", "", {"entry": entry, "figure": seq}, seq, 1.5, "p1", f"c{seq}")
        body = {"entry": entry, "figure": seq}
        wanted = (
            Task(f"handover/{RACE}/{entry}", "handover", RACE, seq, body=body),
            Task(f"mail/{RACE}/{seq}", "mail", RACE, seq),
        )
        return {RACE: Batch([change], [lambda db, stream: tasks.put(db, wanted)])}

    async def hand_over(self, task: Task) -> Ended:
        """The record follows, and the task ends, in one transaction."""
        stream = record_of(task.body["entry"])

        def decide(tails: Mapping[str, Tail]) -> dict[str, Batch]:
            tail = tails[stream]
            heard = max((event.body["origin"] for event in tail.events), default=0)
            follow = {"origin": task.seq, "figure": task.body["figure"]}
            command = f"{task.stream}:{task.seq}"
            fact = Event("followed", "", follow, tail.head.seq + 1, 1.5, "", command)
            return {stream: Batch([fact] if task.seq > heard else [], [ended(task)])}

        await self._journal.append_all({stream: 0}, decide, RECORD)
        return Ended()

    async def send(self, task: Task) -> None:
        """Something outside of the database, under the task's id."""
        self._steps.step()
        with self._mails.open("a") as mails:
            mails.write(f"{task.id}\n")
        self._steps.step()


def _left(db: Connection) -> list[bool]:
    return [tasks.earliest(db, ("handover", "mail")) is not None]


def main(folder: str, url: str, broken_name: str, first: str, last: str, stride: str) -> None:
    """All lives; what a life printed about itself is a failure."""
    for module in (tasks, worker):
        module.LEASE_SECONDS = LEASE  # type: ignore[attr-defined]  # both have it
    with broken.here(broken_name):
        for step in range(int(first), int(last) + 1, int(stride)):
            _fork(Place(Path(folder), url), step)


def _fork(place: Place, step: int) -> None:
    """A process of its own, without the time that all imports take. Nothing runs beside in this one."""
    child = os.fork()
    if not child:
        life = Life(place, step)
        asyncio.run(life.live() if step else life.finish())
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code != (-signal.SIGKILL if step else 0):
        sys.exit(f"the life of {step} steps ended with {code}")


if __name__ == "__main__":
    main(*sys.argv[1:])
