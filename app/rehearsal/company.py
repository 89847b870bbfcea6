"""Everybody who takes part, as one sees them when looking around the room."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.rehearsal.person import Person

CALM_SECONDS = 0.3
"""Nobody has anything to do for so long: then everybody is done. Longer than two deliveries are apart."""
LOOK_SECONDS = 0.05


@dataclass
class Company:
    """The people, and what they agree on by talking to each other."""

    people: list[Person] = field(default_factory=list)
    claimed: set[Hashable] = field(default_factory=set)

    def claim(self, what: Hashable) -> bool:
        """Whether I am the first to say that I do this ("I write the market part")."""
        free = what not in self.claimed
        self.claimed.add(what)
        return free

    @property
    def awake(self) -> list[Person]:
        return [person for person in self.people if person.here]

    def busy(self, seq: int) -> int:
        """How many have not seen the page at ``seq`` yet, or still have something to do or to be answered."""
        return sum(not person.at_rest(seq) for person in self.awake)

    async def settle(self, seq: int, seconds: float) -> bool:
        """Wait until everybody has done what they wanted to, at most ``seconds``; whether they have."""
        until = time.perf_counter() + seconds
        calm_since = time.perf_counter()
        while time.perf_counter() < until:
            if self.busy(seq):
                calm_since = time.perf_counter()
            elif time.perf_counter() - calm_since >= CALM_SECONDS:
                return True
            await asyncio.sleep(LOOK_SECONDS)
        return False
