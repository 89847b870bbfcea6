"""Cookies are revoked and people removed while their sockets are open, and go on talking."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.faults.finding import SMALL, Finding
from tests.faults.phone import Phone
from tests.faults.venue import CARDS, Venue, begun, venue
from tests.faults.web import Web
from tests.support.patience import within

CHECKED = (
    "every socket of theirs is closed with 1008 within a second, and nothing that it says afterwards reaches the log; "
    "the cookie opens no page, no form and no socket; everybody else stays"
)
BROKEN = ("deaf",)
PROVED = BROKEN

PEOPLE = {SMALL: 4}
"""How many lose their cookie, or their place; as many more stay."""
TABS = 3
SECONDS = {SMALL: 5.0}
"""Within which a socket is closed: a second, and on a machine that is busy with other tests a little more."""
NEVER = 1.0
"""Seconds after which a socket that was to be closed, on a server that was broken on purpose, stays open."""

Way = Callable[["Round", Phone], Awaitable[None]]


async def run(dose: str, folder: Path, broken: str = "") -> Finding:
    finding, many = Finding(broken=broken), PEOPLE.get(dose, 300)
    async with venue(folder, broken) as held:
        play = Round(held, finding, await begun(held), SECONDS.get(dose, 1.0))
        held.arm()
        for number in range(many):
            await play.one(leaves if number % 2 else is_removed)
            if finding.found_out:
                break
        await play.others_are_still_there()
    waited = sorted(play.waited) or [0.0]
    finding.notes.append(
        f"closed after {1000 * waited[len(waited) // 2]:.0f} ms (median), {1000 * waited[-1]:.0f} ms at the most"
    )
    return finding


async def leaves(play: Round, phone: Phone) -> None:
    """Somebody leaves a device; every tab of its browser is out."""
    async with Web(play.held.port) as web:
        answer = await web.post(f"/s/{phone.code}/leave?view=phone", {}, phone.cookie)
    assert answer.status == 303, answer


async def is_removed(play: Round, phone: Phone) -> None:
    """The facilitator removes somebody."""
    told = await play.console.say("remove_person", person=phone.person)
    assert isinstance(told, int), told


class Round:
    """Person after person loses what spoke for them."""

    def __init__(self, held: Venue, finding: Finding, console: Phone, seconds: float) -> None:
        self.held, self.finding, self.console = held, finding, console
        self.seconds = NEVER if finding.broken else seconds
        self.staying: list[Phone] = []
        self.waited: list[float] = []

    async def one(self, way: Way) -> None:
        tabs, other = await self._comes(TABS), (await self._comes(1))[0]
        self.staying.append(other)
        began = time.monotonic()
        await way(self, tabs[0])
        self.finding.injected += 1
        closing = [self._closed(tab, began, way.__name__) for tab in tabs]
        await asyncio.gather(self._talk_on(tabs), *closing)
        await self._opens_nothing(tabs[0], way.__name__)

    async def _comes(self, tabs: int) -> list[Phone]:
        """Somebody with so many pages open in one browser."""
        (first,) = await self.held.people(1)
        await first.load(keep=False)
        more = [Phone(first.port, first.code, first.cookie) for _ in range(tabs - 1)]
        for tab in (first, *more):
            tab.person, tab.seq = first.person, first.seq
            await tab.connect()
        return [first, *more]

    async def _closed(self, tab: Phone, began: float, way: str) -> None:
        assert tab.line is not None
        try:
            await within(tab.line.closed.wait(), 2 * self.seconds)
        except TimeoutError:
            self.finding.violations.append(f"{way}: a socket is still open after {2 * self.seconds:.0f} s")
            tab.hang_up()
            return
        self.waited.append(time.monotonic() - began)
        self.finding.check(
            self.waited[-1] <= self.seconds, f"{way}: closed only after {self.waited[-1]:.2f} s"
        )
        self.finding.check(tab.codes == [1008], f"{way}: closed with {tab.codes}")

    async def _talk_on(self, tabs: list[Phone]) -> None:
        """A page that does not care goes on writing; what it said before the word came may count, no more."""
        before = self.held.log()[-1].seq
        for number in range(5):
            for tab in tabs:
                if tab.connected:
                    tab.give("add_card", CARDS, named=f"late{number}", text="From outside")
            await asyncio.sleep(0.01)
        said = [e for e in self.held.log(before) if e.actor == tabs[0].person and "late" in e.command]
        self.finding.check(not said, f"{len(said)} commands of somebody who was out reached the log")

    async def _opens_nothing(self, phone: Phone, way: str) -> None:
        async with Web(phone.port) as web:
            page = await web.get(phone.path, phone.cookie)
            form = await web.post(f"{phone.path}/do", {"command": "add_card", "text": "x"}, phone.cookie)
        self.finding.check("data-person" not in page.text, f"{way}: the page opens ({page.status})")
        self.finding.check(form.status == 403, f"{way}: a form was answered with {form.status}")
        again = Phone(phone.port, phone.code, phone.cookie)
        again.person = phone.person
        await again.connect(resume=False)
        assert again.line is not None
        await within(again.line.closed.wait(), 5)
        self.finding.check(again.codes == [1008], f"{way}: a new socket was closed with {again.codes}")

    async def others_are_still_there(self) -> None:
        for phone in self.staying:
            self.finding.check(phone.connected, f"{phone.person} was put out with {phone.codes}")
            if phone.connected:
                told = await phone.say("add_card", CARDS, text="Still here")
                self.finding.check(isinstance(told, int), f"{phone.person} was refused: {told}")
