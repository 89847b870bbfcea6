"""How far a log goes now, asked for by many at once.

People come in crowds: five thousand who reconnect ask a handful of times. Nobody gets an answer from before they asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable


class Glance:
    """Asks ``question`` for everybody who wants to know, one time after the other."""

    def __init__(self, question: Callable[[], Awaitable[int]]) -> None:
        self._question = question
        self._under_way: asyncio.Task[int] | None = None
        self._next: asyncio.Task[int] | None = None

    async def now(self) -> int:
        """An answer that was true at some moment since this was called. Raises what the question raises."""
        if self._next is None:
            self._next = asyncio.create_task(self._after(self._under_way))
        return await asyncio.shield(self._next)

    async def _after(self, before: asyncio.Task[int] | None) -> int:
        if before is not None:
            await asyncio.wait([before])
        self._under_way, self._next = self._next, None
        return await self._question()
