"""What one process tells the others of PostgreSQL after it has committed something: where to look, and no more.

It goes out on a connection of its own, a few times a second at most: told within a transaction, all commits of all
sessions would wait for each other. It may get lost; whoever listens also looks now and then.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any, NamedTuple

import orjson

log = logging.getLogger(__name__)

CHANNEL = "race"
GATHER_SECONDS = 0.01
"""Real seconds for which news gathers before it is told."""
MAX_PAYLOAD = 7900
"""Bytes; PostgreSQL takes less than 8,000."""
MAX_KEPT = 10_000
"""News that wait for a connection; what is older is left to those who look."""


class Notice(NamedTuple):
    """Something new: of which kind, in which session, and the least that whoever hears it must know."""

    topic: str
    session: str
    word: str


class Bulletin:
    """Tells news in the name of a process, by ``connect`` of the driver."""

    def __init__(self, process: str, connect: Callable[[], Awaitable[Any]]) -> None:
        self._process, self._connect = process, connect
        self._news: dict[Notice, None] = {}
        self._task: asyncio.Task[None] | None = None
        self._connection: Any = None

    def post(self, topic: str, session: str, word: str) -> None:
        """Tell this soon."""
        if len(self._news) < MAX_KEPT:
            self._news[Notice(topic, session, word)] = None
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._tell())

    async def _tell(self) -> None:
        while self._news:
            await asyncio.sleep(GATHER_SECONDS)
            news, self._news = list(self._news), {}
            try:
                await self._notify(news)
            except Exception as error:
                log.info("%s notices were not told: %s", len(news), error)
                self._drop()

    async def _notify(self, news: Sequence[Notice]) -> None:
        if self._connection is None or self._connection.is_closed():
            self._connection = await self._connect()
        for payload in payloads(self._process, news):
            await self._connection.execute("SELECT pg_notify($1, $2)", CHANNEL, payload)

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
        self._connection = None

    async def close(self) -> None:
        """Tell what is left, and close the connection."""
        if self._task is not None:
            await self._task
        self._drop()


def payloads(process: str, news: Sequence[Notice]) -> Iterator[str]:
    """News as texts that are short enough, each with the name of the process that tells it."""
    payload = orjson.dumps([process, *map(tuple, news)])
    if len(payload) <= MAX_PAYLOAD or len(news) == 1:
        yield payload.decode()
        return
    half = len(news) // 2
    yield from payloads(process, news[:half])
    yield from payloads(process, news[half:])


def heard(payload: str) -> tuple[str, list[Notice]]:
    """Who tells, and what."""
    process, *news = orjson.loads(payload)
    return process, [Notice(*notice) for notice in news]
