"""What takes long to work out for a command is done in a thread before the command queues: the loop serves everybody
meanwhile, and the session's other commands go on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from app.live.answers import BUSY
from app.live.batch import Waiting
from sessions.activity import Work
from sessions.messages import Command

log = logging.getLogger(__name__)

MOST = 8
"""Commands of one session that may wait for it."""
WorkOf = Callable[[Command, str], Awaitable[Work | None]]


class Preparing:
    """Of one session, one command after the other. ``work_of`` says what there is to do for somebody's command,
    ``queue`` takes the command with what came of it, or without where that failed."""

    def __init__(self, work_of: WorkOf, queue: Callable[[Waiting], None]) -> None:
        self._work_of, self._queue = work_of, queue
        self._turn = asyncio.Lock()
        self._tasks: dict[asyncio.Task[None], Waiting] = {}

    def __len__(self) -> int:
        return len(self._tasks)

    def put(self, waiting: Waiting) -> None:
        """Prepare a command, then queue it."""
        command, _, answer = waiting
        if len(self._tasks) >= MOST:
            answer(command, BUSY)
            return
        task = asyncio.create_task(self._prepare(waiting))
        self._tasks[task] = waiting
        task.add_done_callback(lambda done: self._tasks.pop(done, None))

    def close(self) -> None:
        """Whoever waits is told to send it again."""
        for task, (command, _, answer) in list(self._tasks.items()):
            task.cancel()
            answer(command, BUSY)

    async def _prepare(self, waiting: Waiting) -> None:
        command, sender, answer = waiting
        async with self._turn:
            prepared = await self._done(command, sender)
        self._queue((command._replace(prepared=prepared), sender, answer))

    async def _done(self, command: Command, sender: str) -> object:
        """What came of the work; None where there is none, or it failed: the command is decided without."""
        try:
            work = await self._work_of(command, sender)
            return None if work is None else await asyncio.to_thread(work)
        except Exception:
            log.exception("preparing %s failed", command.name)
            return None
