"""A queue for those who come when a purse is empty: each gets a moment at which they may."""

from __future__ import annotations

import time
from collections.abc import Callable

SLOTS, SLOT_SECONDS = 100, 2.0
"""How many may stand in it, and real seconds between two of them."""
LATE_SECONDS = 30.0
"""Real seconds after which the place of somebody who has not come is another's."""


class Slots:
    """Names in the order in which they came."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._due: dict[str, float] = {}
        self._last = 0.0

    def wait(self, name: str) -> float:
        """Real seconds until it is somebody's turn; 0 if it is now, which uses it up."""
        now = self._clock()
        self._forget_late(now)
        due = self._due.get(name)
        if due is None:
            return self._enter(name, now)
        if due > now:
            return due - now
        del self._due[name]
        return 0.0

    def _enter(self, name: str, now: float) -> float:
        if len(self._due) >= SLOTS:
            return SLOTS * SLOT_SECONDS
        self._last = self._due[name] = max(now, self._last) + SLOT_SECONDS
        return self._last - now

    def _forget_late(self, now: float) -> None:
        while self._due:
            name, due = next(iter(self._due.items()))
            if due + LATE_SECONDS > now:
                return
            del self._due[name]
