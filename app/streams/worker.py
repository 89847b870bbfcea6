"""Does tasks: one worker in each process, which sleeps until the next of them is due."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from random import Random
from typing import Any

from sqlalchemy import Connection

from app.clock import RaceClock
from app.database import Database
from app.streams import tasks
from app.streams.task_outcomes import Ended, Handler, Later
from app.streams.tasks import LEASE_SECONDS, MOST_TRIES, Task

log = logging.getLogger(__name__)

LONGEST_SLEEP = 5.0
"""Real seconds after which it looks in any case: another process may have put a task, and its word got lost."""
SHORTEST_SLEEP = 0.05
"""Real seconds, where what is due is just being taken by another process."""
CLOSE_SECONDS = 3.0
"""Real seconds that whoever stops waits for what is being done."""
COUNT_SECONDS = 60.0
"""Real seconds between two looks at how many tasks were given up."""


class Worker:
    """The worker of this process, with a handler for each kind of task that it knows; others it leaves alone."""

    def __init__(self, database: Database, clock: RaceClock, handlers: Mapping[str, Handler]) -> None:
        self._database, self._clock, self._handlers = database, clock, handlers
        self._chance = Random()  # noqa: S311 - pauses, and nothing secret
        self._awake = asyncio.Event()
        self._sleeps_until = 0.0
        """By the product's clock."""
        self._counted = -COUNT_SECONDS
        self._closing = False
        self._running: asyncio.Task[None] | None = None
        self.given_up: Mapping[str, int] = {}
        """Tasks that wait for somebody to look, by kind."""

    def hear(self, due: float) -> None:
        """A task was put that is due then, by the product's clock."""
        if due < self._sleeps_until:
            self._awake.set()

    def start(self) -> None:
        """Do what is due from now on, until ``close``."""
        self._running = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Finish what is being done, if that takes no longer than a moment: else its lease ends."""
        self._closing = True
        self._awake.set()
        if self._running is not None:
            await asyncio.wait([self._running], timeout=CLOSE_SECONDS)
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    async def _run(self) -> None:
        while not self._closing:
            self._sleeps_until = self._clock.now() + LONGEST_SLEEP * self._clock.rate
            try:
                await self._count()
                if not await self.work():
                    await self._rest()
            except Exception:  # the database is away: its tasks wait for it
                log.exception("no task could be done")
                await self._sleep(LONGEST_SLEEP)

    async def work(self) -> int:
        """Do some of what is due now; how many tasks that were."""
        earliest = await self._earliest()
        if earliest is None or earliest > self._clock.now():
            return 0
        taken = await self._database.write(lambda db: tasks.take(db, self._clock, self._handlers))
        await asyncio.gather(*map(self._do, taken))
        return len(taken)

    async def _rest(self) -> None:
        """Sleep until the next task is due, somebody puts an earlier one, or it is time to look in any case."""
        earliest = await self._earliest()
        if earliest is not None:
            self._sleeps_until = min(self._sleeps_until, earliest)
        seconds = self._clock.real_seconds(self._sleeps_until - self._clock.now())
        await self._sleep(max(seconds, SHORTEST_SLEEP))

    async def _sleep(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._awake.wait()
                self._awake.clear()

    async def _earliest(self) -> float | None:
        return await self._database.read(lambda db: tasks.earliest(db, self._handlers))

    async def _do(self, task: Task) -> None:
        if task.tries > MOST_TRIES:
            await self._write(lambda db: tasks.give_up(db, task))
            self._counted = -COUNT_SECONDS
            return
        try:
            async with asyncio.timeout(LEASE_SECONDS):  # then another may have it
                outcome = await self._handlers[task.kind](task)
        except Exception as error:
            await self._fail(task, error)
        else:
            await self._conclude(task, outcome)

    async def _fail(self, task: Task, error: Exception) -> None:
        log.warning("task %s failed for the %s. time", task.id, task.tries, exc_info=error)
        reason = f"{type(error).__name__}: {error}"
        await self._write(lambda db: tasks.fail(db, task, self._clock, reason, self._chance))
        self._counted = -COUNT_SECONDS

    async def _conclude(self, task: Task, outcome: Ended | Later | None) -> None:
        if outcome is None:
            await self._write(lambda db: tasks.end(db, task))
        elif isinstance(outcome, Later):
            await self._write(lambda db: tasks.put_off(db, task, outcome.at))

    async def _write(self, work: Callable[[Connection], Any]) -> None:
        """Where this cannot be written, the lease ends and the task comes again."""
        try:
            await self._database.write(work)
        except Exception:
            log.exception("what became of a task could not be written")

    async def _count(self) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._counted >= COUNT_SECONDS:
            self.given_up = await self._database.read(tasks.given_up)
            self._counted = now
