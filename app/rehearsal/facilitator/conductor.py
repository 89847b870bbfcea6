"""The simulated facilitator's way through the agenda: look around, press what the console offers, go on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable

from app.rehearsal.browser.forms import Form
from app.rehearsal.browser.outbox import Sent
from app.rehearsal.facilitator.console import ANSWER_SECONDS, Console, Stuck
from app.rehearsal.facilitator.extending import Extender
from app.rehearsal.facilitator.presses import asked_for, next_presses
from app.rehearsal.people.company import Company
from app.rehearsal.people.seat import Seat
from app.rehearsal.people.waiting import LOOK_SECONDS, until
from sessions.audience import CONSOLE_ROLES

PATIENCE, PATIENCE_EACH = 45.0, 0.25
"""Real seconds, and more for each person, after which the facilitator goes on though somebody still seems busy."""
TRIES = 3
"""How often the facilitator tries to go on where something stands in the way."""

Watcher = Callable[[str], Awaitable[None]]
"""Called with a phase's id right after it has opened."""


class Conductor:
    """Conducts a session. ``late`` are the phases that were left while somebody still seemed busy."""

    def __init__(self, seat: Seat, company: Company, opened: Watcher) -> None:
        self.me, self.company, self.opened = seat.person, company, opened
        self.console = Console(seat)
        self.extender = Extender(self.console, company)
        self.late: list[str] = []

    async def grant_roles(self, seats: Iterable[Seat]) -> None:
        """Give everybody the role they came for, on the page of people; who is staff now opens the console."""
        granted = [s for s in seats if s.person.part.role not in ("participant", "facilitator")]
        wanted = {seat.person.id: seat.person.part.role for seat in granted}
        for form in (await self.console.other("people")).forms():
            if form.command == "grant_role" and form.hidden["person"] in wanted:
                await self.console.send(form, {"role": wanted[form.hidden["person"]]})
        for seat in granted:
            if self.company.acts_like(seat.person.part.role) in CONSOLE_ROLES:
                await seat.open("console")

    async def conduct(self) -> None:
        """From the first phase to the last; what runs on for days is closed by hand. Raises Deposed and Stuck."""
        current = ""
        while (form := self.console.form("next_phase", current)) is not None:
            sent = await self._go_on(form)
            current = self.company.current = await self._arrived(current)
            self.extender.begin(current)
            await self.opened(current)
            await self._through(current, sent.seq)
            if self.company.phase(current).apart:
                await self._close(current)

    async def _go_on(self, form: Form) -> Sent:
        """Open the next phase, if need be after what stands in its way has been seen to."""
        for _ in range(TRIES):
            sent = await self.console.send(form, {})
            if not sent.refused:
                return sent
            await self._everybody_done(form.phase, 0)
            await self._press()
        raise Stuck(f"{form.phase or 'The lobby'} could not be left: {sent.refused}")

    async def _arrived(self, left: str) -> str:
        """Wait until the console shows the phase after the one that was left; its id."""
        if not await until(lambda: self.console.current != left, ANSWER_SECONDS):
            raise Stuck(f"The console went on showing {left or 'the lobby'}")
        return self.console.current

    async def _close(self, phase: str) -> None:
        form = self.console.form("close_phase", phase)
        if form is not None:
            await self.console.follows(await self.console.send(form, {}))

    async def _through(self, phase: str, seq: int) -> None:
        """Press what there is to press in a phase, each time when everybody is done, until nothing is left."""
        await self._everybody_done(phase, seq)
        while await self._press() or self._ask(phase) or self._has_time(phase):
            await self._everybody_done(phase, seq)

    def _ask(self, phase: str) -> bool:
        return any(self.company.ask(phase, command) for command in asked_for(self.company))

    def _has_time(self, phase: str) -> bool:
        """Whether nobody is in a hurry to leave a phase in which there is something to see."""
        spec = self.company.phase(phase)
        worth_it = not spec.apart and spec.kind != "pause"
        return self.company.unhurried and worth_it and self.console.left > 0

    async def _press(self) -> bool:
        """Press what comes next; whether there was anything. What goes on by the minute is pressed as soon as it may
        be, everything else when everybody is done."""
        while True:
            pressed = next_presses(self.me, self.console.page.forms())
            if pressed and pressed[0].press.swift:
                await self.console.follows(await self.console.send(pressed[0].form, pressed[0].values))
            elif not pressed and self.console.somebody_on_stage:
                await asyncio.sleep(LOOK_SECONDS)
            else:
                break
        sent = await asyncio.gather(*(self.console.send(press.form, press.values) for press in pressed))
        await asyncio.gather(*map(self.console.follows, sent))
        self.company.stir()
        return bool(pressed)

    async def _everybody_done(self, phase: str, seq: int) -> None:
        """Wait until everybody has done what they wanted to; where the clock is about to end it, give more time."""
        end = time.perf_counter() + PATIENCE + PATIENCE_EACH * len(self.company.people)
        while not await until(lambda: self.company.calm(seq), LOOK_SECONDS):
            if not self.company.unhurried:
                await self.extender.give_time()
            if time.perf_counter() > end:
                self.late.append(phase)
                return
