"""Everybody who takes part, as one sees them when looking around the room."""

from __future__ import annotations

import time
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.clock import RaceClock
from sessions.format import Format, Spec

if TYPE_CHECKING:
    from app.rehearsal.person import Person

CROWD = 100
CALM_SECONDS = 0.15
"""Longer than two deliveries are apart, so that what one of us does has reached the others."""
MOST_LAG = 0.5


@dataclass
class Company:
    """The people, and what they agree on by talking to each other."""

    clock: RaceClock
    programme: Format
    unhurried: bool = False
    """Whether phases last as long as the programme says, whoever is done."""
    people: list[Person] = field(default_factory=list)
    claimed: set[Hashable] = field(default_factory=set)
    asked: set[tuple[str, str]] = field(default_factory=set)
    """Phase and command of what the facilitator has asked for aloud."""
    stirred_at: float = 0.0
    lag: float = 0.0
    """Real seconds that the server took for its last answer to the facilitator."""

    def claim(self, what: Hashable) -> bool:
        """Whether I am the first to say that I do this ("I write the market part")."""
        free = what not in self.claimed
        self.claimed.add(what)
        return free

    def ask(self, phase: str, command: str) -> bool:
        """Ask aloud for something; whether it is new and somebody can do it."""
        able = [
            p
            for p in self.people
            if command in p.habits and any(f.command == command for f in p.line.sheet.forms())
        ]
        if not able or (phase, command) in self.asked:
            return False
        self.asked.add((phase, command))
        self.stir()
        for person in able:
            person.restless = True
            person.line.changed.set()
        return True

    @property
    def crowded(self) -> bool:
        """Whether there are so many that not everybody can have a say, nor every project a slot on stage."""
        return len(self.people) > CROWD

    def phase(self, phase: str) -> Spec:
        """What the programme says about a phase."""
        return next(spec for spec in self.programme.specs if spec.id == phase)

    @property
    def waiting(self) -> int:
        """Commands that are on their way and not answered."""
        return sum(len(person.outbox.waiting) for person in self.people)

    def busy(self, seq: int) -> bool:
        """Whether anybody who is awake has not seen the page at ``seq`` yet, or waits for an answer."""
        return any(person.here and person.busy(seq) for person in self.people)

    def stir(self) -> None:
        """Somebody does something."""
        self.stirred_at = time.perf_counter()

    def calm(self, seq: int) -> bool:
        """Whether nobody has done or awaited anything for a while, longer than between two looks at a page. To be
        asked often: it remembers when it last saw somebody wait."""
        if self.busy(seq):
            self.stir()
        return time.perf_counter() - self.stirred_at >= self._while

    @property
    def _while(self) -> float:
        """Until what one of us did is certain to have reached the others, and they have looked at it."""
        pause = max((person.pause[1] for person in self.people), default=0.0)
        return CALM_SECONDS + 2.0 * min(self.lag, MOST_LAG) + pause
