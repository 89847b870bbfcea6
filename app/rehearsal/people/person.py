"""A simulated person: knows a page and what they have done, and makes of the page's forms what their habits say."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from app.rehearsal.browser.forms import Form, Values
from app.rehearsal.browser.outbox import Sent
from app.rehearsal.browser.page import Page
from app.rehearsal.people.cast import Part
from app.rehearsal.people.habit import Repertoire
from app.rehearsal.people.memory import Memory
from app.rehearsal.people.words import Words

if TYPE_CHECKING:
    from app.rehearsal.people.company import Company

AT_A_TIME = 3
"""Commands that somebody gives before they look again."""


class Person:
    """One person before one page. Whoever holds the page loads it, and sends what lies in the outbox."""

    def __init__(self, part: Part, company: Company, seed: int, habits: Repertoire) -> None:
        self.part, self.company, self.habits = part, company, habits
        self.chance = random.Random(f"{seed} {part.number}")  # noqa: S311 - it is to be repeatable
        self.memory = Memory(company, self.chance)
        self.words = Words(part.language, self.chance)
        self.page = Page()
        self.team = ""
        """The number of my team, as the team's page says it; "" without one."""
        self.here = True
        """Whether the phone is on; nobody waits for a sleeper."""
        self.restless = True
        """Whether the next look is a close one, though the page may offer the same as at the last."""
        self.nudge: Callable[[], None] = lambda: None
        """Makes the person look at the page; whoever holds it sets this."""
        self.is_outside: Callable[[], bool] = lambda: False
        """Whether my pass is not good now; whoever holds the page sets this."""
        self._offered: list[Form] = []
        """The forms at the last close look."""
        self._looked_at = 0

    @property
    def id(self) -> str:
        """The pseudonymous id, as the page says it."""
        return self.page.body.get("data-person", "")

    @property
    def view(self) -> str:
        """The page that somebody of this role keeps open."""
        return "console" if self.part.role == "facilitator" else "phone"

    def glance(self) -> list[Form] | None:
        """The page's forms if they are worth a close look: something is new about them, or about me."""
        answered, offered = self.memory.learn(), self.page.forms()
        if not answered and not self.restless and offered is self._offered:
            return None
        self._offered = offered
        return offered

    def seen(self, seq: int) -> None:
        """I have looked at the page as it was at ``seq``."""
        self._looked_at = seq

    def look(self, offered: Iterable[Form], most: int = AT_A_TIME) -> int:
        """Go through the forms once, and put into the outbox what the habits fill in, at most so many; how many."""
        sent, self.restless = 0, False
        for form in offered:
            values = self._made_of(form)
            if values is None:
                continue
            self.company.stir()
            self.memory.keep(form, values)
            self.restless = True
            sent += 1
            if sent == most:
                break
        return sent

    def _made_of(self, form: Form) -> Values | None:
        habit = self.habits.find(self.company.kind_of(form.phase), form.command)
        self.company.offered(form)
        if habit is None:
            return None
        if not self.memory.knows_what_came_of(form, self.page):
            self.restless = True
            return None
        self.memory.begin()
        return habit(self, form)

    def can(self, form: Form, command: str) -> bool:
        """Whether a form is one of this command, and I have a habit for it."""
        known = form.command == command
        return known and self.habits.find(self.company.kind_of(form.phase), command) is not None

    def give(self, form: Form, values: Values) -> Sent:
        """Fill in a form and send it, out of no habit."""
        self.memory.begin()
        return self.memory.keep(form, values)

    def sends(self, command: str) -> bool:
        """Whether such a command of mine is on its way, or the page does not show yet what came of it."""
        return self.memory.is_sending(command, self.page)

    def busy(self, seq: int) -> bool:
        """Whether I wait for an answer, or have not looked at the page since ``seq``."""
        return bool(self.memory.outbox.waiting) or self._looked_at < seq
