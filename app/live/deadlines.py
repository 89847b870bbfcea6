"""The clock of one session: it sends what is due, as a sender like any other.

Its commands' ids are made of phase, deadline and moment, so each deadline happens once, however many processes wake.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import NamedTuple

from app.clock import RaceClock
from app.wire.messages import new_seed
from sessions.audience import CLOCK
from sessions.messages import Command, Refused
from sessions.session import Session

log = logging.getLogger(__name__)

WAKE_SECONDS = 5.0
"""Real seconds after which deadlines are looked at in any case: somebody may have set the clock, or a deadline
could not be stored."""

Submit = Callable[[Command, str], Awaitable[int | Refused]]


class Deadline(NamedTuple):
    """A command that the clock gives: when (race time, seconds since 1970 UTC), about which phase, and which."""

    at: float
    phase: str
    command: str
    key: str

    @property
    def id(self) -> str:
        """The command's id: the same for whoever wakes."""
        return f"{self.phase}:{self.command}:{self.key}:{self.at:.3f}"


class Deadlines:
    """The deadlines of a session as it stands, which ``session`` gives."""

    def __init__(self, session: Callable[[], Session]) -> None:
        self._session = session
        self._known: tuple[Session | None, int, list[Deadline]] = (None, 0, [])

    def all(self) -> list[Deadline]:
        """Every deadline, soonest first; none while a rule that names them is broken, so that the rest goes on."""
        session = self._session()
        if self._known[:2] != (session, session.seq):
            try:
                deadlines = sorted(
                    Deadline(d.at, phase, d.command, d.key) for phase, d in session.deadlines()
                )
            except Exception:
                log.exception("the deadlines of %s cannot be told", session.code)
                return []
            self._known = (session, session.seq, deadlines)
        return self._known[2]

    def next(self) -> float | None:
        """When the soonest is; None if there is none."""
        return next((deadline.at for deadline in self.all()), None)


class Timekeeper:
    """Wakes at the next deadline of a session, and submits what is due."""

    def __init__(self, clock: RaceClock, deadlines: Deadlines, submit: Submit) -> None:
        self._clock, self._deadlines, self._submit = clock, deadlines, submit
        self._changed = asyncio.Event()
        self._refused: dict[str, float] = {}
        """Deadlines that were refused, and when they are worth another try, by the loop's clock: a rule that breaks in
        one, which costs the desk its whole state, breaks every few seconds and not with everything that happens."""

    def recheck(self) -> None:
        """Deadlines may have changed."""
        self._changed.set()

    async def run(self) -> None:
        """Send what is due, until cancelled."""
        while True:
            self._changed.clear()
            deadlines, now = self._deadlines.all(), self._clock.now()
            for deadline in deadlines:
                if deadline.at <= now:
                    await self._keep(deadline)
            await self._sleep_until(next((each.at for each in deadlines if each.at > now), None))

    async def _keep(self, deadline: Deadline) -> None:
        loop = asyncio.get_running_loop()
        if self._refused.get(deadline.id, 0.0) > loop.time():
            return
        command = Command(deadline.command, deadline.id, deadline.phase, {"key": deadline.key}, new_seed())
        if isinstance(await self._submit(command, CLOCK), Refused):
            self._refused[deadline.id] = loop.time() + WAKE_SECONDS
        else:
            self._refused.pop(deadline.id, None)

    async def _sleep_until(self, at: float | None) -> None:
        seconds = WAKE_SECONDS if at is None else max(0.0, self._clock.real_seconds(at - self._clock.now()))
        with suppress(TimeoutError):
            async with asyncio.timeout(min(seconds, WAKE_SECONDS)):
                await self._changed.wait()
