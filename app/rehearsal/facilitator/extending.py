"""Time for those who work: what ends by the clock is put off while people are still at it."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from app.rehearsal.browser.forms import Form
from app.rehearsal.facilitator.console import Console
from app.rehearsal.people.company import Company

SHORT, SHORT_EACH = 1.5, 0.01
"""Real seconds that people shall have at least, and more for each of them."""
EXTENSION = 15
"""The console's larger step, in minutes."""

What = tuple[str, str]
"""A phase that closes by itself (stop ""), or one of its hard deadlines."""


class Extender:
    """Knows from the programme what ends when, and extends it at the console."""

    def __init__(self, console: Console, company: Company) -> None:
        self.console, self.company = console, company
        self.ends: dict[What, float] = {}
        """Race time."""

    def begin(self, phase: str) -> None:
        """A phase has just opened, with those beside it."""
        self.ends = dict(self._endings(phase))

    def _endings(self, phase: str) -> Iterator[tuple[What, float]]:
        now = self.company.clock.now()
        for spec in self.company.programme.specs:
            if phase not in (spec.id, spec.beside) or spec.apart:
                continue
            if spec.ends == "close":
                yield (spec.id, ""), now + spec.minutes * 60.0
            for number, stop in enumerate(spec.rules.get("deadlines", ())):
                if stop["hard"]:
                    yield (spec.id, str(number)), now + stop["minute"] * 60.0

    @property
    def _short(self) -> float:
        return SHORT + SHORT_EACH * len(self.company.people)

    async def give_time(self) -> None:
        """Move what would end too soon."""
        clock = self.company.clock
        for what, at in list(self.ends.items()):
            if (
                0 < clock.real_seconds(at - clock.now()) < self._short
                and (more := self._form(*what)) is not None
            ):
                form, minutes = more
                await self.console.send(form, {} if "minutes" in form.hidden else {"minutes": str(minutes)})
                self.ends[what] = at + minutes * 60.0

    def _form(self, phase: str, stop: str) -> tuple[Form, int] | None:
        """What gives more time, and how many minutes."""
        if stop:
            form, minutes = (
                self.console.form("move_stop", phase, stop=stop),
                ceil(self.company.clock.rate * self._short / 60),
            )
        else:
            form, minutes = self.console.form("extend_phase", phase, minutes=str(EXTENSION)), EXTENSION
        return None if form is None else (form, minutes)
