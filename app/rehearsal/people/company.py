"""Everybody who takes part, as one sees them when looking around the room."""

from __future__ import annotations

import time
from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from app.rehearsal.browser.forms import Form
from sessions.format import Format, Spec

if TYPE_CHECKING:
    from app.rehearsal.people.person import Person

CROWD = 100
CALM_SECONDS = 0.15
"""Longer than two deliveries are apart, so that what one of us does has reached the others."""
MOST_LAG = 0.5

SESSION = "session"
"""Stands for the kind of a form that belongs to no phase, but to the session itself."""


class Clock(Protocol):
    """Race time, seconds since 1970 UTC, and how long a stretch of it lasts on the wall."""

    @property
    def rate(self) -> float: ...

    def now(self) -> float: ...

    def real_seconds(self, race_seconds: float) -> float: ...


@dataclass
class Company:
    """The people, and what they agree on by talking to each other."""

    clock: Clock
    programme: Format
    pause: tuple[float, float] = (0.0, 0.0)
    """Real seconds between two looks at a page, from and to."""
    hasty: bool = False
    """Whether the facilitator waits for no countdown: where nobody looks on, no pitch has to last."""
    unhurried: bool = False
    """Whether phases last as long as the programme says, whoever is done."""
    people: list[Person] = field(default_factory=list)
    claimed: set[Hashable] = field(default_factory=set)
    asked: set[tuple[str, str]] = field(default_factory=set)
    """Phase and command of what the facilitator has asked for aloud."""
    offers: set[tuple[str, str]] = field(default_factory=set)
    """Phase and command of every form that somebody has had before them."""
    current: str = ""
    """The phase that the facilitator has opened last."""
    stirred_at: float = 0.0
    lag: float = 0.0
    """Real seconds that the server took for its last answer to the facilitator."""

    def acts_like(self, role: str) -> str:
        """The role whose rights somebody has whom the programme calls so."""
        return self.programme.acts_like(role)[0]

    def claim(self, what: Hashable) -> bool:
        """Whether I am the first to say that I do this ("I write the market part")."""
        free = what not in self.claimed
        self.claimed.add(what)
        return free

    def ask(self, phase: str, command: str) -> bool:
        """Ask aloud for something; whether it is new and somebody can do it."""
        able = [p for p in self.people if any(p.can(form, command) for form in p.page.forms())]
        if not able or (phase, command) in self.asked:
            return False
        self.asked.add((phase, command))
        self.stir()
        for person in able:
            person.restless = True
            person.nudge()
        return True

    @property
    def crowded(self) -> bool:
        """Whether there are so many that not everybody can have a say, nor every project a slot on stage."""
        return len(self.people) > CROWD

    @cached_property
    def _specs(self) -> dict[str, Spec]:
        return {spec.id: spec for spec in self.programme.specs}

    def phase(self, phase: str) -> Spec:
        """What the programme says about a phase."""
        return self._specs[phase]

    def kind_of(self, phase: str) -> str:
        """The kind of a phase; SESSION where a form belongs to none."""
        return self._specs[phase].kind if phase in self._specs else SESSION

    def offered(self, form: Form) -> None:
        """Somebody has a form before them."""
        self.offers.add((form.phase, form.command))

    def let_go(self, what: Hashable) -> None:
        """What somebody said they do is free again."""
        self.claimed.discard(what)

    @property
    def waiting(self) -> int:
        """Commands that are on their way and not answered."""
        return sum(len(person.memory.outbox.waiting) for person in self.people)

    def busy(self, seq: int) -> bool:
        """Whether anybody who is awake has not seen the page at ``seq`` yet, or waits for an answer."""
        return any(self._is_awaited(person) and person.busy(seq) for person in self.people)

    def _is_awaited(self, person: Person) -> bool:
        """Whether somebody takes part now, or is about to: their phone is on, and they have no pass for other times."""
        own = self.programme.roles.get(person.part.role)
        passed = own.guest_pass if own else None
        return person.here and (not person.is_outside() or passed is None or self.current in passed)

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
        return CALM_SECONDS + 2.0 * min(self.lag, MOST_LAG) + self.pause[1]
