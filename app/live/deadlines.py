"""The clock of one session: it sends what is due, as a sender like any other.

Its commands' ids are made of phase, deadline and moment, so each deadline happens once, however many processes wake.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from app.wire.messages import new_seed
from sessions.audience import CLOCK
from sessions.messages import Command, Refused

if TYPE_CHECKING:
    from app.live.desk import Desk

log = logging.getLogger(__name__)

WAKE_SECONDS = 5.0
"""Real seconds after which deadlines are looked at in any case: somebody may have set the clock, or a deadline
could not be stored."""


class Timekeeper:
    """Wakes at the next deadline of a desk's session."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._changed = asyncio.Event()
        self._refused: dict[str, float] = {}
        """Deadlines that were refused, and when they are worth another try, by the loop's clock: a rule that breaks in
        one, which costs the desk its whole state, breaks every few seconds and not with everything that happens."""

    def look_again(self) -> None:
        """Deadlines may have changed."""
        self._changed.set()

    async def run(self) -> None:
        """Send what is due, until cancelled."""
        while True:
            self._changed.clear()
            due, now = self._due(), self._desk.now()
            for at, phase, name, key in due:
                if at <= now:
                    await self._keep(at, phase, name, key)
            await self._sleep_until(next((at for at, *_ in due if at > now), None))

    async def _keep(self, at: float, phase: str, name: str, key: str) -> None:
        loop = asyncio.get_running_loop()
        command = Command(name, f"{phase}:{name}:{key}:{at:.3f}", phase, {"key": key}, new_seed())
        if self._refused.get(command.id, 0.0) > loop.time():
            return
        if isinstance(await self._desk.submit(command, CLOCK), Refused):
            self._refused[command.id] = loop.time() + WAKE_SECONDS
        else:
            self._refused.pop(command.id, None)

    def _due(self) -> list[tuple[float, str, str, str]]:
        """Every deadline, soonest first; none while a rule that names them is broken, so that the rest goes on."""
        try:
            return sorted((d.at, phase, d.command, d.key) for phase, d in self._desk.session.deadlines())
        except Exception:
            log.exception("the deadlines of %s cannot be told", self._desk.code)
            return []

    async def _sleep_until(self, at: float | None) -> None:
        clock = self._desk.clock
        seconds = WAKE_SECONDS if at is None else max(0.0, clock.real_seconds(at - clock.now()))
        with suppress(TimeoutError):
            async with asyncio.timeout(min(seconds, WAKE_SECONDS)):
                await self._changed.wait()
