"""A simulated person: looks at the page, and does what its habits make of the forms that stand there."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from typing import TYPE_CHECKING

from app.rehearsal.cast import Part
from app.rehearsal.forms import Form, Values
from app.rehearsal.line import Line
from app.rehearsal.outbox import Outbox, Sent
from app.rehearsal.sheet import Sheet
from app.rehearsal.words import Words

if TYPE_CHECKING:
    from app.rehearsal.browser import Browser
    from app.rehearsal.company import Company

Habit = Callable[["Person", Form], Values | None]
"""What somebody fills into a form; None if they leave it alone."""

AT_A_TIME = 3
"""Commands that somebody gives before they look again."""
TRY_AGAIN = frozenset({"busy", "not_stored", "failed", "held", "moved_on", "taken", "one_at_a_time"})
"""Refusals after which a person tries the same once more."""
MOST_TRIES = 5


class Person:
    """One person at one page. ``pause`` are the seconds between two looks, from and to."""

    def __init__(
        self, part: Part, browser: Browser, company: Company, code: str, seed: int, pause: tuple[float, float]
    ) -> None:
        self.part, self.company, self.pause = part, company, pause
        self.chance = random.Random(f"{seed} {part.number}")  # noqa: S311 - a rehearsal is to be repeatable
        self.words = Words(part.language, self.chance)
        self.outbox = Outbox()
        view = "console" if part.role == "facilitator" else "phone"
        self.line = Line(browser, code, view, self.outbox, self.chance)
        self.habits: Mapping[str, Habit] = {}
        self.done: Counter[Hashable] = Counter()
        self._drawn: dict[Hashable, int] = {}
        self._last: dict[tuple[Hashable, ...], Sent] = {}
        """What was sent last from each form."""
        self.team = ""
        """The number of my team, as the team's page says it; "" without one."""
        self.here = True
        """Whether the phone is on; nobody waits for a sleeper."""
        self._looked_at = 0
        self._noted: list[tuple[Hashable, ...]] = []
        """What the habit that is at work has counted or claimed."""
        self._given: dict[str, list[tuple[Hashable, ...]]] = {}
        """The same for each command that is not answered yet."""

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
            self._learn()
            await self._find_team()
            self.look()
            self._looked_at = self.line.sheet.seq

    async def _find_team(self) -> None:
        """Once there are teams, look up the number of mine."""
        if self.team or not self.line.sheet.has_pane_of("team"):
            return
        page = Sheet()
        page.load(await self.line.browser.open(f"/s/{self.line.code}/team"))
        numbers = [mark.text for mark in page.inside("me") if mark.attributes.get("class") == "no"]
        self.team = next(iter(numbers), "")

    def busy(self, seq: int) -> bool:
        """Whether I wait for an answer, or have not looked at the page since ``seq``."""
        return bool(self.outbox.waiting) or self._looked_at < seq

    def look(self) -> int:
        """Go through the forms once and send what is filled in; how many commands that were."""
        sent = 0
        for form in self.line.sheet.forms():
            self._noted = []
            habit = self.habits.get(form.command)
            values = habit(self, form) if habit is not None and self._sees_what_came_of(form) else None
            if values is None:
                continue
            self.company.stir()
            self.give(form, values)
            sent += 1
            if sent == AT_A_TIME:
                self.line.changed.set()
                break
        return sent

    def give(self, form: Form, values: Values) -> Sent:
        """Fill in a form and send it."""
        sent = self.outbox.put(f"{self.chance.getrandbits(96):024x}", form.filled(values))
        self._last[_place(form)] = sent
        self._given[sent.id], self._noted = self._noted, []
        return sent

    def _sees_what_came_of(self, form: Form) -> bool:
        """Nobody presses again before the page shows what the last time has led to."""
        last = self._last.get(_place(form))
        return last is None or (last.answered and self.line.sheet.seq >= last.seq)

    def _learn(self) -> None:
        """What was refused only for the moment may be tried again."""
        for command_id in [one for one in self._given if self.outbox.all[one].answered]:
            noted = self._given.pop(command_id)
            if self.outbox.all[command_id].refused in TRY_AGAIN:
                for what in noted:
                    self._forget(what)

    def _forget(self, what: tuple[Hashable, ...]) -> None:
        self.done["again", what] += 1
        if self.done["again", what] <= MOST_TRIES:
            self.done[what] -= 1
            self.company.claimed.discard(what)

    # ---- for habits

    def first_time(self, form: Form, *more: Hashable) -> bool:
        """Whether I do this for the first time, or once more because it did not work. Counts it."""
        return self.times(1, form, *more)

    def times(self, most: int, form: Form, *more: Hashable) -> bool:
        """Whether I have done this less than ``most`` times. Counts it."""
        what = (*_place(form), *more)
        if self.done[what] >= most:
            return False
        self.done[what] += 1
        self._noted.append(what)
        return True

    def mine_to_do(self, form: Form, *more: Hashable) -> bool:
        """Whether I am the one of us who does this."""
        what = ("ours", *_place(form), *more)
        if not self.company.claim(what):
            return False
        self._noted.append(what)
        return True

    def is_sending(self, command: str) -> bool:
        """Whether such a command of mine is on its way, or the page does not show yet what came of it."""
        known = (sent for place, sent in self._last.items() if place[1] == command)
        return any(not sent.answered or self.line.sheet.seq < sent.seq for sent in known)

    def count(self, form: Form) -> int:
        """How many times I have done this."""
        return self.done[_place(form)]

    def drawn(self, what: Hashable, low: int, high: int) -> int:
        """A number drawn once for each ``what``, from ``low`` to ``high``."""
        if what not in self._drawn:
            self._drawn[what] = self.chance.randint(low, high)
        return self._drawn[what]

    def often(self, share: float) -> bool:
        """True for about this share of the times it is asked."""
        return self.chance.random() < share

    async def nap(self, seconds: float) -> None:
        """Switch the phone off for a while; it comes back and catches up."""
        self.here = False
        await self.line.switch_off()
        await asyncio.sleep(seconds)
        self.line.on.set()
        self.here = True


def _place(form: Form) -> tuple[Hashable, ...]:
    """A form and no other on the page."""
    return (form.phase, form.command, form.subject)
