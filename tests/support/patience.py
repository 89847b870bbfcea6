"""Waiting that ends: for an answer, for what can be seen, and for tasks that are told to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

T = TypeVar("T")

SOON = 30.0
"""Real seconds within which a server under test has answered, on a machine that is busy with everything else."""
AGAIN = 1.0
"""Seconds after which a task that was told to stop, and goes on, is told so once more."""


async def within(awaited: Awaitable[T], seconds: float) -> T:
    """What the awaited gives, within so many real seconds. Raises TimeoutError.

    `asyncio.wait_for` is no substitute: on Python 3.11 it swallows the cancellation of whoever waits when what they
    wait for is there at that very moment, and they go on for ever.
    """
    async with asyncio.timeout(seconds):
        return await awaited


async def until(true: Callable[[], object], seconds: float = SOON) -> None:
    """Return once something is true, which is looked at again and again. Raises TimeoutError after real seconds."""
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.005)


async def rest() -> None:
    """Let everything happen that waits for nothing."""
    for _ in range(20):
        await asyncio.sleep(0)


async def stopped(*tasks: asyncio.Task[Any]) -> list[BaseException]:
    """What went wrong in tasks that had no end of their own, in their order, once all of them have ended.

    A task that loses its cancellation (in a library, or in whatever it awaits) gets another one.
    """
    going = {*tasks}
    while going:
        for task in going:
            task.cancel()
        _, going = await asyncio.wait(going, timeout=AGAIN)
    return [error for task in tasks if not task.cancelled() and (error := task.exception()) is not None]
