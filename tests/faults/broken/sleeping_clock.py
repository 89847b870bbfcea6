"""The clock of a session sleeps until the next deadline as it looked when it went to sleep."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import pytest

from app.live.deadlines import Timekeeper


def break_it(patch: pytest.MonkeyPatch) -> None:
    async def sleep(self: Any, at: float | None) -> None:
        clock = self._desk.clock
        seconds = None if at is None else clock.real_seconds(at - clock.now())
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._changed.wait()

    patch.setattr(Timekeeper, "_sleep_until", sleep)
