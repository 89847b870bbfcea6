"""How often something may be done: so many at once, and then so many a second. Per person or device, never per
address: a venue is one address.

The package ``limits`` takes 2 to 11 µs a look, by its three strategies in memory; a whole ballot has 40. One number for
each name is enough: when everything that was done will have been paid for (the "generic cell rate algorithm" of
telephone exchanges). A look costs 0.2 µs. Each process counts for itself: where there are several, whoever goes from
one to the other gets so much of each.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Hashable

SWEEP = 10_000
"""Names in memory beyond which those who have paid are forgotten."""


class TokenBucket:
    """``burst`` things at once for each name, and one more every ``1 / rate`` real seconds."""

    __slots__ = ("_clock", "_depth", "_due", "_sweep_at", "price")

    def __init__(self, burst: int, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.price = 1 / rate
        """Real seconds after which one thing is paid for."""
        self._depth = (burst - 0.5) / rate  # the half keeps rounding from eating the last one
        self._clock = clock
        self._due: dict[Hashable, float] = {}
        self._sweep_at = SWEEP

    def take(self, name: Hashable, many: int = 1) -> bool:
        """Whether one more is allowed, which it then has cost: as much as ``many``. What is refused costs nothing."""
        now = self._clock()
        due = self._due.get(name, now)
        if due - now > self._depth:
            return False
        self._due[name] = max(due, now) + self.price * many
        if len(self._due) > self._sweep_at:
            self._sweep(now)
        return True

    def owe(self, name: Hashable, many: int) -> None:
        """So many were done, allowed or not."""
        self._due[name] = max(self._due.get(name, 0.0), self._clock()) + self.price * many

    def give_back(self, name: Hashable) -> None:
        """What was taken last has not been used after all."""
        if name in self._due:
            self._due[name] -= self.price

    def owed(self, name: Hashable) -> int:
        """Things that were done and are not paid for yet."""
        return max(0, math.ceil((self._due.get(name, 0.0) - self._clock()) / self.price))

    def wait(self, name: Hashable) -> float:
        """Real seconds until one more is allowed; 0 if it is."""
        return max(0.0, self._due.get(name, 0.0) - self._depth - self._clock())

    def _sweep(self, now: float) -> None:
        """Forget those who have paid: to have paid and never to have come are the same."""
        self._due = {name: due for name, due in self._due.items() if due > now}
        self._sweep_at = max(SWEEP, 2 * len(self._due))

    def __len__(self) -> int:
        return len(self._due)
