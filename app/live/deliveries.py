"""When everybody is shown what has changed: at once when idle, else at a pace that leaves time for what comes in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

from app.audience.fanout import Fanout

TICK, TICK_IN_CROWDS = 0.1, 0.2
"""Real seconds between two deliveries under load, and while a crowd waits: each of them makes the database wait. When
idle a change goes out at once."""
SHARE = 0.5
"""At most this share of the time goes into deliveries to everybody."""
FIRST_SLICE = 0.001
"""Real seconds in which sockets are written to at once; the rest is written beside the next batches."""


class Deliveries:
    """The deliveries of one desk. ``wake`` is called when there may be another."""

    def __init__(self, fanout: Fanout, wake: Callable[[], None]) -> None:
        self._fanout, self._wake = fanout, wake
        self._next = 0.0
        """When the next delivery to everybody may begin, by the loop's clock."""
        self._under_way: asyncio.Task[None] | None = None

    def due(self, seq: int) -> bool:
        """Whether a delivery of what has happened up to ``seq`` may begin: at once when idle, else at the next tick."""
        if seq <= self._fanout.published or self._under_way is not None:
            return False
        loop = asyncio.get_running_loop()
        if loop.time() < self._next:
            loop.call_at(self._next, self._wake)
            return False
        return True

    def deliver(self, crowded: bool) -> None:
        """Render what has changed now; write it now as far as a slice goes, the rest beside the next batches. In
        between whoever has done it sees their own part: after thousands of writes the processor has forgotten how to
        draw."""
        clock = asyncio.get_running_loop().time
        begun = clock()
        self._next = begun + (TICK_IN_CROWDS if crowded else TICK)
        steps = self._fanout.publish()
        self._fanout.catch_up(clock() + FIRST_SLICE)
        for _ in steps:
            self._under_way = asyncio.create_task(self._go_on(steps, begun))
            return

    async def _go_on(self, steps: Iterator[None], begun: float) -> None:
        loop = asyncio.get_running_loop()
        try:
            await asyncio.sleep(0)
            for _ in steps:
                await asyncio.sleep(0)
        finally:
            self._under_way = None
            self._next = max(self._next, begun + (loop.time() - begun) / SHARE)
            self._wake()

    def close(self) -> None:
        """Stop where it is."""
        if self._under_way is not None:
            self._under_way.cancel()
