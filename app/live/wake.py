"""A session's next deadline, kept as a task: whoever does it opens the desk, also where nobody is there any more.

The deadline's own command id lets it happen once, whoever woke for it; the batch that keeps it puts the next wake.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Protocol

from sqlalchemy import Connection

from app.clock import RaceClock
from app.live.deadlines import Deadlines
from app.streams import tasks
from app.streams.log import Batch
from app.streams.task_outcomes import Later
from app.streams.tasks import TASKS, Task

WAKE = "wake"
"""The kind of these tasks."""
EARLY_SECONDS = 5.0
"""Real seconds before the deadline: so long it may take to open a desk."""
LATE_SECONDS = 20.0
"""Real seconds after which a deadline that an open desk has not kept is worth telling."""


class Unkept(Exception):
    """A desk is open, and its deadline is over and was not kept."""


class Wake:
    """What one desk knows of its session's wake task."""

    def __init__(self, code: str, deadlines: Deadlines, clock: RaceClock) -> None:
        self._code, self._deadlines, self._clock = code, deadlines, clock
        self._stored: tuple[float | None] | None = None
        """The deadline that the task on disk stands for; None while this desk has not written it yet."""
        self._wanted: tuple[float | None] | None = None

    def added_to(self, batch: Batch) -> Batch:
        """The batch, with the task in it if the next deadline is another now. Ballots change none."""
        if not batch.events:
            self._wanted = self._stored
            return batch
        at = self._deadlines.next()
        self._wanted = (at,)
        if self._wanted == self._stored:
            return batch
        due = None if at is None else at - EARLY_SECONDS * self._clock.rate
        notices = [] if due is None else [(TASKS, repr(due))]
        seq = batch.events[-1].seq
        write = self._put(due, seq)
        return replace(batch, beside=[*batch.beside, write], notices=[*batch.notices, *notices])

    def note_stored(self) -> None:
        """The batch is on disk."""
        self._stored = self._wanted

    def _put(self, due: float | None, seq: int) -> Callable[[Connection, str], None]:
        name = f"{WAKE}/{self._code}"
        if due is None:
            return lambda db, stream: tasks.drop(db, name, seq)
        return lambda db, stream: tasks.put(db, [Task(name, WAKE, stream, seq, due)])


class Woken(Protocol):
    """A desk, as whoever wakes it sees it."""

    @property
    def deadlines(self) -> Deadlines:
        """Those of its session."""


class Waking:
    """Does wake tasks: ``open_desk`` opens the desk of a session, None if there is no such session."""

    def __init__(self, open_desk: Callable[[str], Awaitable[Woken | None]], clock: RaceClock) -> None:
        self._open_desk, self._clock = open_desk, clock

    async def __call__(self, task: Task) -> Later | None:
        """Open the desk, which keeps the deadline by itself, and look again when that should be done: the batch in
        which it is puts a task in this one's place. Raises Unkept if it is not."""
        desk = await self._open_desk(task.stream)
        at = None if desk is None else desk.deadlines.next()
        if at is None:
            return None
        now, early = self._clock.now(), EARLY_SECONDS * self._clock.rate
        if now < at:
            return Later(at - early if now < at - early else at)
        if now < at + LATE_SECONDS * self._clock.rate:
            return Later(now + early)
        raise Unkept(f"{self._clock.real_seconds(now - at):.0f} s ago something was due in {task.stream}")
