"""Whether the database does its work."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from sqlalchemy import text

from app.database import Database

HEALTH_SECONDS = 3.0
"""Real seconds within which a healthy database reads, and writes."""


class Health:
    """Whether the database answers and its writer is not stuck. However many ask, one look is under way."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._look: asyncio.Task[list[str]] | None = None

    async def faults(self) -> list[str]:
        """What does not work: ``reading``, ``writing``, or nothing."""
        if self._look is None or self._look.done():
            self._look = asyncio.create_task(self._look_now())
        return await asyncio.shield(self._look)

    async def _look_now(self) -> list[str]:
        works = await asyncio.gather(_in_time(self._read), _in_time(self._write))
        return [name for name, fine in zip(("reading", "writing"), works, strict=True) if not fine]

    async def _read(self) -> None:
        await self._database.read(lambda db: db.execute(text("SELECT 1")))

    async def _write(self) -> None:
        """The smallest piece of work there is takes the whole way: queue, thread, write lock, commit."""
        await self._database.write(lambda db: None)


async def _in_time(work: Callable[[], Awaitable[None]]) -> bool:
    try:
        async with asyncio.timeout(HEALTH_SECONDS):
            await work()
    except Exception:  # whatever it is, it does not work
        return False
    return True
