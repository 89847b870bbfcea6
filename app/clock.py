"""Race time: wall time as the session sees it. It runs with the wall, or faster in a rehearsal."""

from __future__ import annotations

import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RaceClock:
    """Seconds since 1970 UTC. From ``origin`` (a wall time) on, ``rate`` race seconds pass in each real one."""

    origin: float = 0.0
    rate: float = 1.0

    def now(self) -> float:
        """Race time now, to the millisecond."""
        return self.at(time.time())

    def at(self, real: float) -> float:
        """Race time at a wall time (seconds since 1970 UTC), to the millisecond."""
        return round(real if self.rate == 1.0 else self.origin + (real - self.origin) * self.rate, 3)

    def real_seconds(self, race_seconds: float) -> float:
        """How long a stretch of race time lasts on the wall."""
        return race_seconds / self.rate
