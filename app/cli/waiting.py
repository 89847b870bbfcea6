"""uvicorn's server, which waits to be told to stop instead of looking ten times a second whether it should.

Where nothing happens each of these looks has to fetch everything from memory again: with 1,000 phones connected they
were more than half of what a quiet second cost.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from types import FrameType

import uvicorn

TICK_SECONDS = 1.0
"""How often uvicorn writes the date of its answers anew, and looks whether it should stop for reasons of its own."""


class WaitingServer(uvicorn.Server):
    """Stops at once when a signal tells it to."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._signalled = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def main_loop(self) -> None:
        self._loop = asyncio.get_running_loop()
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                async with asyncio.timeout(TICK_SECONDS):
                    await self._signalled.wait()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        if self._loop is not None:  # else it has not begun, and sees for itself that it should stop
            self._loop.call_soon_threadsafe(self._signalled.set)
