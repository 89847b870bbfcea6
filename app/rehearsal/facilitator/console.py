"""The facilitator's console: what stands on it, and sending from it."""

from __future__ import annotations

from app.rehearsal.browser.forms import Form, Values
from app.rehearsal.browser.outbox import Sent
from app.rehearsal.browser.page import Page
from app.rehearsal.people.seat import Seat
from app.rehearsal.people.waiting import until

ANSWER_SECONDS = 120.0
SEEN_SECONDS = 5.0


class Deposed(Exception):
    """Somebody else drives now."""


class Stuck(Exception):
    """The race does not go on; the text says where and why."""


class Console:
    """The console's page as the facilitator, who sits at it, sees it."""

    def __init__(self, seat: Seat) -> None:
        self.seat, self.me = seat, seat.person

    @property
    def page(self) -> Page:
        return self.me.page

    async def other(self, name: str) -> Page:
        """Another page of the console, as it is now."""
        page = Page()
        page.load(await self.seat.open(name))
        return page

    @property
    def current(self) -> str:
        """The phase that the console's own buttons are about; "" before the first."""
        about = ("close_phase", "reopen_phase")
        return next((f.phase for f in self.page.forms() if f.command in about and f.place == "controls"), "")

    @property
    def somebody_on_stage(self) -> bool:
        """Whether the clock of a stage is on, so that it or the facilitator has something left to do."""
        return any(form.command == "stop_slot" for form in self.page.forms())

    @property
    def left(self) -> float:
        """Real seconds to the end of the current phase, by the countdown; 0 where there is none."""
        ends = (mark.attributes.get("data-ends", "") for mark in self.page.inside("band"))
        at = next(filter(None, ends), "")
        clock = self.me.company.clock
        return clock.real_seconds(int(at) / 1000 - clock.now()) if at else 0.0

    def form(self, command: str, phase: str, **hidden: str) -> Form | None:
        """A form of this command for this phase, and with these hidden fields."""
        wanted = {"phase": phase, **hidden}.items()
        return next(
            (f for f in self.page.forms() if f.command == command and wanted <= f.hidden.items()), None
        )

    async def send(self, form: Form, values: Values) -> Sent:
        """Send a form and wait for the answer. Raises Deposed where somebody else drives, and Stuck."""
        if self._somebody_else_drives():
            raise Deposed
        sent = self.me.give(form, values)
        if not await until(lambda: sent.answered, ANSWER_SECONDS):
            raise Stuck(f"The server did not answer {sent.name} of {form.phase or 'the session'}")
        self.me.company.lag = sent.waited
        if sent.refused == "not_driving":
            raise Deposed
        return sent

    async def follows(self, sent: Sent) -> None:
        """Wait until the page shows what came of a command."""
        await until(lambda: self.page.seq >= sent.seq, SEEN_SECONDS)

    def _somebody_else_drives(self) -> bool:
        """The page says who drives, by name."""
        words = " ".join(mark.text for mark in self.page.inside("driver"))
        return bool(words) and self.me.part.name not in words
