"""What other processes have done to the sessions that this one serves: heard at once, and looked for each second.

A notice says where to look; the tables say what there is. So a notice that got lost costs a second, and one that comes
twice nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from app.database.bulletin import CHANNEL, heard
from app.database.postgres import FAILURES, PostgresDatabase

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
"""Real seconds between two looks, and between two tries to listen again."""

Hear = Callable[[str, str], None]
"""Told of a session, and the word of a notice."""
Look = Callable[[], Awaitable[None]]


class Notices:
    """Listens on a connection of its own, and looks."""

    def __init__(self, database: PostgresDatabase, hear: Mapping[str, Hear], look: Sequence[Look]) -> None:
        """``hear`` says by topic who is told of a notice; ``look`` is what is done each second."""
        self._database, self._hear, self._look = database, hear, look
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """From now on, until ``close``."""
        self._tasks = [asyncio.create_task(self._keep_listening()), asyncio.create_task(self._keep_looking())]

    async def close(self) -> None:
        """Hear of nothing any more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _keep_listening(self) -> None:
        while True:
            try:
                await self._listen()
            except FAILURES as error:
                log.info("nobody can be heard: %s", error)
            await asyncio.sleep(LOOK_SECONDS)

    async def _listen(self) -> None:
        """Until the connection breaks."""
        connection = await self._database.connect()
        gone = asyncio.Event()
        connection.add_termination_listener(lambda _: gone.set())
        try:
            await connection.add_listener(CHANNEL, self._take)
            await gone.wait()
        finally:
            connection.terminate()

    def _take(self, _connection: Any, _process: int, _channel: str, payload: str) -> None:
        teller, notices = heard(payload)
        if teller == self._database.name:
            return
        for notice in notices:
            if notice.topic in self._hear:
                self._hear[notice.topic](notice.session, notice.word)

    async def _keep_looking(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            for look in self._look:
                try:
                    await look()
                except FAILURES as error:
                    log.info("nothing can be seen: %s", error)
                except Exception:
                    log.exception("looking for news failed")
