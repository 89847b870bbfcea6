"""A seat: a simulated person at a page that lives on a socket, who looks at it again and again."""

from __future__ import annotations

import asyncio

from app.rehearsal.browser.http import Browser
from app.rehearsal.browser.live_page import LivePage
from app.rehearsal.browser.page import Page
from app.rehearsal.people.person import AT_A_TIME, Person


class Seat:
    """``person`` at the page of the session ``code``."""

    def __init__(self, person: Person, browser: Browser, code: str) -> None:
        self.person = person
        self.live_page = LivePage(
            browser, code, person.view, person.memory.outbox, person.chance, person.page
        )
        person.nudge = self.live_page.changed.set
        person.is_outside = lambda: self.live_page.outside

    async def open(self, name: str = "") -> str:
        """Another page of the session (the phone's if nothing is named), as HTML. Raises Unexpected."""
        path = f"/s/{self.live_page.code}" + (f"/{name}" if name else "")
        return await self.live_page.browser.open(path)

    async def live(self) -> None:
        """Keep the page open and do what there is to do, until cancelled."""
        async with asyncio.TaskGroup() as both:
            both.create_task(self.live_page.run())
            both.create_task(self._watch())

    async def _watch(self) -> None:
        person, changed = self.person, self.live_page.changed
        while True:
            await changed.wait()
            await asyncio.sleep(person.chance.uniform(*person.company.pause))
            changed.clear()
            seq = person.page.seq
            offered = person.glance()
            if offered is not None:
                await self._find_team()
                if person.look(offered) == AT_A_TIME:
                    changed.set()
            person.seen(seq)

    async def _find_team(self) -> None:
        """Once there are teams, look up the number of mine."""
        if self.person.team or not self.person.page.has_pane_of("team"):
            return
        page = Page()
        page.load(await self.open("team"))
        self.person.team = page.team_number()

    async def nap(self, seconds: float) -> None:
        """Switch the phone off for a while; it comes back and catches up."""
        self.person.here = False
        await self.live_page.switch_off()
        await asyncio.sleep(seconds)
        self.live_page.on.set()
        self.person.here = True
