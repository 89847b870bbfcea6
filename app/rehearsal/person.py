"""A simulated person: looks at the page, and does what its habits make of the forms that stand there."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from app.rehearsal.cast import Part
from app.rehearsal.forms import Form, Values
from app.rehearsal.line import Line
from app.rehearsal.memory import Memory
from app.rehearsal.outbox import Sent
from app.rehearsal.sheet import Sheet
from app.rehearsal.words import Words

if TYPE_CHECKING:
    from app.rehearsal.browser import Browser
    from app.rehearsal.company import Company

Habit = Callable[["Person", Form], Values | None]
"""What somebody fills into a form; None if they leave it alone."""

AT_A_TIME = 3
"""Commands that somebody gives before they look again."""


class Person(Memory):
    """One person at one page. ``pause`` are the seconds between two looks, from and to."""

    def __init__(
        self, part: Part, browser: Browser, company: Company, code: str, seed: int, pause: tuple[float, float]
    ) -> None:
        super().__init__(company, random.Random(f"{seed} {part.number}"))  # noqa: S311 - it is to be repeatable
        self.part, self.pause = part, pause
        self.words = Words(part.language, self.chance)
        view = "console" if part.role == "facilitator" else "phone"
        self.line = Line(browser, code, view, self.outbox, self.chance)
        self.habits: Mapping[str, Habit] = {}
        self.team = ""
        """The number of my team, as the team's page says it; "" without one."""
        self.here = True
        """Whether the phone is on; nobody waits for a sleeper."""
        self.restless = True
        """Whether the next look is a close one, though the page may offer the same as at the last."""
        self._offered: list[Form] = []
        """The forms at the last close look."""
        self._looked_at = 0

    @property
    def id(self) -> str:
        """The pseudonymous id, as the page says it."""
        return self.line.sheet.body.get("data-person", "")

    async def live(self) -> None:
        """Keep the page open and do what there is to do, until cancelled."""
        async with asyncio.TaskGroup() as both:
            both.create_task(self.line.run())
            both.create_task(self._watch())

    async def _watch(self) -> None:
        while True:
            await self.line.changed.wait()
            await asyncio.sleep(self.chance.uniform(*self.pause))
            self.line.changed.clear()
            seq, answered, offered = self.line.sheet.seq, self.learn(), self.line.sheet.forms()
            if answered or self.restless or offered is not self._offered:
                self._offered = offered
                await self._find_team()
                self._look(offered)
            self._looked_at = seq

    async def _find_team(self) -> None:
        """Once there are teams, look up the number of mine."""
        if self.team or not self.line.sheet.has_pane_of("team"):
            return
        page = Sheet()
        page.load(await self.line.browser.open(f"/s/{self.line.code}/team"))
        numbers = [mark.text for mark in page.inside("me") if mark.attributes.get("class") == "no"]
        self.team = next(iter(numbers), "")

    def _look(self, offered: list[Form]) -> None:
        """Go through the forms once, and send what the habits fill in."""
        sent, self.restless = 0, False
        for form in offered:
            values = self._made_of(form)
            if values is None:
                continue
            self.company.stir()
            self.keep(form, values)
            self.restless = True
            sent += 1
            if sent == AT_A_TIME:
                self.line.changed.set()
                break

    def _made_of(self, form: Form) -> Values | None:
        habit = self.habits.get(form.command)
        if habit is None:
            return None
        if not self.knows_what_came_of(form, self.line.sheet):
            self.restless = True
            return None
        self.begin()
        return habit(self, form)

    def give(self, form: Form, values: Values) -> Sent:
        """Fill in a form and send it, out of no habit."""
        self.begin()
        return self.keep(form, values)

    def sends(self, command: str) -> bool:
        """Whether such a command of mine is on its way, or the page does not show yet what came of it."""
        return self.is_sending(command, self.line.sheet)

    def busy(self, seq: int) -> bool:
        """Whether I wait for an answer, or have not looked at the page since ``seq``."""
        return bool(self.outbox.waiting) or self._looked_at < seq

    async def nap(self, seconds: float) -> None:
        """Switch the phone off for a while; it comes back and catches up."""
        self.here = False
        await self.line.switch_off()
        await asyncio.sleep(seconds)
        self.line.on.set()
        self.here = True
