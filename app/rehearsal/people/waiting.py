"""Waiting for something to become so, by looking again and again, as people do."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

LOOK_SECONDS = 0.02


async def until(so: Callable[[], bool], seconds: float, every: float = LOOK_SECONDS) -> bool:
    """Wait until something is so, at most so many real seconds, looking every so many; whether it is."""
    end = time.perf_counter() + seconds
    while not so() and time.perf_counter() < end:
        await asyncio.sleep(every)
    return so()
