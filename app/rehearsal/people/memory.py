"""What a simulated person remembers: what they have done, what they have sent, and what they may try again."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING

from app.rehearsal.browser.forms import Form, Values
from app.rehearsal.browser.outbox import Outbox, Sent
from app.rehearsal.browser.page import Page

if TYPE_CHECKING:
    from app.rehearsal.people.company import Company

TRY_AGAIN = frozenset(
    {"busy", "not_stored", "failed", "held", "moved_on", "taken", "one_at_a_time", "not_leader"}
)
"""Refusals after which a person tries the same once more, or leaves it to another."""
MOST_TRIES = 5

What = tuple[Hashable, ...]


class Memory:
    """One person's. The first methods are for habits, which ask them what to do."""

    def __init__(self, company: Company, chance: random.Random) -> None:
        self.company, self.chance = company, chance
        self.outbox = Outbox()
        self._done: Counter[What] = Counter()
        self._tries: Counter[What] = Counter()
        self._drawn: dict[Hashable, int] = {}
        self._decided: dict[Hashable, str] = {}
        self._last: dict[What, Sent] = {}
        """What was sent last from each form."""
        self._noted: list[What] = []
        """What the habit that is at work has counted or claimed."""
        self._given: dict[str, list[What]] = {}
        """The same for each command that is not answered yet."""

    def first_time(self, form: Form, *more: Hashable) -> bool:
        """Whether I do this for the first time, or once more because it did not work. Counts it."""
        return self.times(1, form, *more)

    def times(self, most: int, form: Form, *more: Hashable) -> bool:
        """Whether I have done this less than ``most`` times. Counts it."""
        what = (*_place(form), *more)
        if self._done[what] >= most:
            return False
        self._done[what] += 1
        self._noted.append(what)
        return True

    def mine_to_do(self, form: Form, *more: Hashable) -> bool:
        """Whether I am the one of us who does this."""
        return self.claim(("ours", *_place(form), *more))

    def claim(self, what: What) -> bool:
        """Whether I am the first to say that I do this; it is free again if it does not work."""
        if not self.company.claim(what):
            return False
        self._noted.append(what)
        return True

    def seldom(self, form: Form, share: float, at_least: int = 1) -> bool:
        """Whether I do what few people do, decided when I see the form for the first time: the first ``at_least`` of
        all who may, so that it happens at all, and of the rest this share. Counts it."""
        if not self.first_time(form):
            return False
        first = any(self.claim(("seldom", form.command, n)) for n in range(at_least))
        return first or self.often(share)

    def count(self, form: Form) -> int:
        """How many times I have done this."""
        return self._done[_place(form)]

    def drawn(self, what: Hashable, low: int, high: int) -> int:
        """A number drawn once for each ``what``, from ``low`` to ``high``."""
        if what not in self._drawn:
            self._drawn[what] = self.chance.randint(low, high)
        return self._drawn[what]

    def decide(self, what: Hashable, choose: Callable[[], str]) -> str:
        """What was decided about ``what``, chosen now if nothing was."""
        if what not in self._decided:
            self._decided[what] = choose()
        return self._decided[what]

    def forget(self, what: Hashable) -> None:
        """What was decided about ``what`` is to be decided anew."""
        self._decided.pop(what, None)

    def often(self, share: float) -> bool:
        """True for about this share of the times it is asked."""
        return self.chance.random() < share

    # ---- what was sent, and what came of it

    def keep(self, form: Form, values: Values) -> Sent:
        """Remember a filled-in form; the outbox sends it."""
        sent = self.outbox.put(self._new_id(), form.filled(values))
        self._last[_place(form)] = sent
        self._given[sent.id], self._noted = self._noted, []
        return sent

    def _new_id(self) -> str:
        """As a browser makes it: milliseconds (of the race's clock), then chance."""
        return f"{int(self.company.clock.now() * 1000):012x}{self.chance.getrandbits(80):020x}"

    def begin(self) -> None:
        """A habit goes to work on the next form."""
        self._noted = []

    def knows_what_came_of(self, form: Form, sheet: Page) -> bool:
        """Nobody presses again before the page shows what the last time has led to."""
        last = self._last.get(_place(form))
        return last is None or not _under_way(last, sheet)

    def is_sending(self, command: str, sheet: Page) -> bool:
        """Whether such a command is on its way, or the page does not show yet what came of it."""
        return any(_under_way(sent, sheet) for place, sent in self._last.items() if place[1] == command)

    def learn(self) -> bool:
        """What was refused only for the moment may be tried again; whether an answer has come."""
        answered = [given for given in self._given if self.outbox.all[given].answered]
        for command_id in answered:
            noted = self._given.pop(command_id)
            if self.outbox.all[command_id].refused in TRY_AGAIN:
                for what in noted:
                    self._undo(what)
        return bool(answered)

    def _undo(self, what: What) -> None:
        self._tries[what] += 1
        if self._tries[what] <= MOST_TRIES:
            self._done[what] -= 1
            self.company.claimed.discard(what)


def _place(form: Form) -> What:
    """A form and no other on the page."""
    return (form.phase, form.command, form.subject)


def _under_way(sent: Sent, sheet: Page) -> bool:
    return not sent.answered or sheet.seq < sent.seq
