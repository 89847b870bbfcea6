"""The simulated facilitator's way through the agenda: look around, press what the console offers, go on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from math import ceil

from app.rehearsal.company import Company
from app.rehearsal.forms import Form, Values
from app.rehearsal.outbox import Sent
from app.rehearsal.person import Person
from app.rehearsal.presses import ASKS, SWIFT, press
from app.rehearsal.sheet import Sheet

PATIENCE = 45.0
"""Real seconds after which the facilitator goes on though somebody still seems to be busy."""
ANSWER_SECONDS = 90.0
SHORT = 1.5
"""Real seconds that people shall have at least: what ends sooner by the clock is put off while they are at work."""
EXTENSION = 15
"""The console's larger step, in minutes."""
LOOK_SECONDS = 0.03
SEEN_SECONDS = 5.0
TRIES = 3
"""How often the facilitator tries to go on where something stands in the way."""

Watcher = Callable[[str], Awaitable[None]]
"""Called with a phase's id right after it has opened."""


class Deposed(Exception):  # noqa: N818 - it is no error
    """Somebody else drives now."""


class Stuck(Exception):  # noqa: N818 - told to people
    """The agenda does not go on; the text says where and why."""


@dataclass
class Conductor:
    """Conducts a session from the console's page; ``unhurried`` keeps every phase open to its planned end."""

    me: Person
    company: Company
    opened: Watcher
    unhurried: bool = False
    ends: dict[tuple[str, str], float] = field(default_factory=dict)
    """Race time at which something is over by the clock: a phase (stop ""), or one of its hard deadlines."""
    late: list[str] = field(default_factory=list)
    """Phases that were left while somebody still seemed busy."""

    @property
    def sheet(self) -> Sheet:
        return self.me.line.sheet

    async def grant_roles(self) -> None:
        """Give everybody the role they came for, on the console's page of people."""
        page = Sheet()
        page.load(await self.me.line.browser.open(f"/s/{self.me.line.code}/people"))
        wanted = {
            p.id: p.part.role
            for p in self.company.people
            if p.part.role not in ("participant", "facilitator")
        }
        for form in page.forms():
            if form.command == "grant_role" and form.hidden["person"] in wanted:
                await self.send(form, {"role": wanted[form.hidden["person"]]})

    async def conduct(self) -> None:
        """From the first phase to the last; what runs on for days is closed by hand. Raises Deposed when somebody else takes over."""
        current = ""
        while (form := self._form("next_phase", current)) is not None:
            sent = await self._go_on(form)
            current = await self._arrived(current)
            self.ends = dict(self._endings(current))
            await self.opened(current)
            await self._through(current, sent.seq)
            if self.company.phase(current).later and (form := self._form("close_phase", current)) is not None:
                await self.send(form, {})

    def _endings(self, phase: str) -> Iterator[tuple[tuple[str, str], float]]:
        """What the programme says ends by the clock, in a phase that has just opened and those beside it."""
        now = self.company.clock.now()
        for spec in self.company.programme.specs:
            if phase in (spec.id, spec.beside) and not spec.later:
                if spec.ends == "close":
                    yield (spec.id, ""), now + spec.minutes * 60.0
                for number, stop in enumerate(spec.rules.get("deadlines", ())):
                    if stop["hard"]:
                        yield (spec.id, str(number)), now + stop["minute"] * 60.0

    async def _go_on(self, form: Form) -> Sent:
        """Open the next phase, if need be after what stands in its way has been seen to. Raises Stuck."""
        for _ in range(TRIES):
            sent = await self.send(form, {})
            if not sent.refused:
                return sent
            await self._everybody_done(form.phase, 0)
            await self._press()
        raise Stuck(f"{form.phase or 'the first phase'} could not be left: {sent.refused}")

    async def _arrived(self, left: str) -> str:
        """Wait until the console shows the phase after the one that was left; its id."""
        async with asyncio.timeout(ANSWER_SECONDS):
            while (current := self._current()) == left:
                await asyncio.sleep(LOOK_SECONDS)
        return current

    def _current(self) -> str:
        """The phase that the console's own buttons are about."""
        about = ("close_phase", "reopen_phase")
        return next((f.phase for f in self.sheet.forms() if f.command in about and f.place == "band"), "")

    def _form(self, command: str, phase: str) -> Form | None:
        return next((f for f in self.sheet.forms() if f.command == command and f.phase == phase), None)

    async def _through(self, phase: str, seq: int) -> None:
        """Press what there is to press in a phase, each time when everybody is done, until nothing is left."""
        await self._everybody_done(phase, seq)
        while await self._press() or self._ask(phase):
            await self._everybody_done(phase, seq)
        while self.unhurried and self._left() > 0:
            await asyncio.sleep(LOOK_SECONDS)

    async def _press(self) -> bool:
        """Press what comes next; whether there was anything. What goes on by the minute is pressed as soon as it may
        be, everything else when everybody is done."""
        while True:
            pressed = press(self.me, self.sheet.forms())
            if pressed and pressed[0][0].command in SWIFT:
                await self._seen(await self.send(*pressed[0]))
            elif not pressed and self._on_stage():
                await asyncio.sleep(LOOK_SECONDS)
            else:
                break
        await asyncio.gather(*(self.send(*one) for one in pressed))
        self.company.stir()
        return bool(pressed)

    async def _seen(self, sent: Sent) -> None:
        """Wait until the console shows what came of it."""
        until = time.perf_counter() + SEEN_SECONDS
        while self.sheet.seq < sent.seq and time.perf_counter() < until:
            await asyncio.sleep(LOOK_SECONDS)

    def _on_stage(self) -> bool:
        """Whether somebody is on stage, so that the clock or the facilitator has something left to do."""
        return any(form.command == "stop_slot" for form in self.sheet.forms())

    def _ask(self, phase: str) -> bool:
        return any(self.company.ask(phase, command) for command in ASKS)

    async def _everybody_done(self, phase: str, seq: int) -> None:
        """Wait until everybody has done what they wanted to; where the clock is about to end it, give more time."""
        until = time.perf_counter() + PATIENCE
        while not self.company.calm(seq):
            await asyncio.sleep(LOOK_SECONDS)
            await self._give_time()
            if time.perf_counter() > until:
                self.late.append(phase)
                return

    async def _give_time(self) -> None:
        """Move what ends by the clock further away while people are at work."""
        for what, at in self.ends.items():
            left = self.company.clock.real_seconds(at - self.company.clock.now())
            if 0 < left < SHORT and (more := self._more_time(*what)) is not None:
                form, minutes = more
                await self.send(form, {} if "minutes" in form.hidden else {"minutes": str(minutes)})
                self.ends[what] = at + minutes * 60.0

    def _more_time(self, phase: str, stop: str) -> tuple[Form, int] | None:
        """The form that gives a phase (or one of its hard deadlines) more time, and how many minutes."""
        minutes = EXTENSION if not stop else ceil(self.company.clock.rate * SHORT / 60.0)
        about = {"stop": stop} if stop else {"minutes": str(minutes)}
        wanted = {"command": "move_stop" if stop else "extend_phase", "phase": phase, **about}
        form = next((f for f in self.sheet.forms() if wanted.items() <= f.hidden.items()), None)
        return None if form is None else (form, minutes)

    def _left(self) -> float:
        """Real seconds to the end of the current phase, by the console's own countdown; 0 where there is none."""
        ends = (
            mark.attributes["data-ends"]
            for mark in self.sheet.inside("band")
            if "data-ends" in mark.attributes
        )
        at = next(ends, "")
        return self.company.clock.real_seconds(int(at) / 1000 - self.company.clock.now()) if at else 0.0

    async def send(self, form: Form, values: Values) -> Sent:
        """Send a form and wait for the answer. Raises Deposed where somebody else drives."""
        sent = self.me.give(form, values)
        async with asyncio.timeout(ANSWER_SECONDS):
            while not sent.answered:
                await asyncio.sleep(0.005)
        if sent.refused == "not_driving":
            raise Deposed
        return sent
