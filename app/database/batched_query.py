"""Questions to the database that many ask at once are put together into a few.

People come in crowds: five thousand who reconnect ask whose their cookies are, and how far the log goes, a handful of
times. Nobody gets an answer from before they asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from itertools import islice
from typing import Any, Generic, TypeVar

Key = TypeVar("Key")
Answer = TypeVar("Answer")

MOST = 1000
"""Things asked for in one question."""


class BatchedQuery(Generic[Key, Answer]):
    """Asks ``question`` for everybody who wants to know, one time after the other."""

    def __init__(self, question: Callable[[list[Key]], Awaitable[Mapping[Key, Answer]]]) -> None:
        self._question = question
        self._waiting: dict[Key, asyncio.Future[Answer | None]] = {}
        self._asking: asyncio.Task[None] | None = None

    async def ask(self, key: Key) -> Answer | None:
        """What was true of ``key`` at some moment since this was called, None if the question says nothing about it.
        Raises what the question raises."""
        if key not in self._waiting:
            self._waiting[key] = asyncio.get_running_loop().create_future()
            self._waiting[key].add_done_callback(_seen)
        answer = self._waiting[key]
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask())
        return await asyncio.shield(answer)

    async def _ask(self) -> None:
        try:
            while self._waiting:
                asked = {key: self._waiting.pop(key) for key in [*islice(self._waiting, MOST)]}
                await self._answer(asked)
        finally:
            self._asking = None

    async def _answer(self, asked: Mapping[Key, asyncio.Future[Answer | None]]) -> None:
        try:
            known = await self._question([*asked])
            for key, answer in asked.items():
                answer.set_result(known.get(key))
        except Exception as error:
            for answer in asked.values():
                if not answer.done():
                    answer.set_exception(error)
        finally:
            for answer in asked.values():
                answer.cancel()  # the loop ends: nobody is to wait for ever


def _seen(answer: asyncio.Future[Any]) -> None:
    """Look at the error, so that asyncio does not complain where whoever asked is gone."""
    if not answer.cancelled():
        answer.exception()
