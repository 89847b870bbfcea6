"""A whole race48 on a running server, played in the test's own process: every phase opens, and people fill in their pages.

Nobody here has a browser or a socket: a player's page is drawn, its forms are filled in by the rehearsal's habits, and the
commands go to the desk. What comes of it is pushed to the real browsers that look on.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Container
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, Page
from playwright.async_api import TimeoutError as PlaywrightTimeout

from app.audience.connection import IN_STEP
from app.clock import RaceClock
from app.live.desk import Desk
from app.people.codes import new_code
from app.rehearsal.facilitator.presses import asked_for, next_presses
from app.rehearsal.habits import RoleHabits
from app.rehearsal.people.cast import Part
from app.rehearsal.people.company import Company
from app.rehearsal.people.person import Person
from app.rehearsal.people.words import Words
from app.wire import messages
from sessions.activities import kinds
from sessions.format import read_format
from sessions.messages import Command, Refused
from tests.browser.room import SECONDS, live
from tests.conftest import Pages
from tests.support.house import House, house
from tests.support.stage import race48

MOST_ROUNDS = 12
"""Times that everybody looks at their page in one go; nobody has so much to do."""
LOOK_AFTER = frozenset(
    {
        "propose_teams",
        "confirm_teams",
        "reveal_result",
        "reveal_award",
        "sign_result",
        "mark_checked",
        "start_slot",
    }
)
"""Presses after which the pages are looked at once more, the first time in a phase."""

HEAR = """
(() => {
  const Socket = window.WebSocket;
  window.word = 0;
  window.WebSocket = class extends Socket {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', ({ data }) => {
        if (data.startsWith('{"word"')) setTimeout(() => { window.word = JSON.parse(data).word; });
      });
    }
  };
})();
"""
"""Runs in every page before its own scripts: notes the word that the server says last."""

Looker = Callable[[str, str], Awaitable[None]]
"""Awaited with a phase and what has just happened in it."""


def company(participants: int = 6) -> list[Part]:
    """Everybody a race needs; the languages take turns among the participants."""
    staff = [
        Part(0, "Kim", "", "en", "facilitator"),
        Part(1, "Nora", "", "sv", "night_host"),
        Part(2, "Väinö", "", "fi", "jury_chair"),
        Part(3, "Judit", "", "sv", "juror"),
        Part(4, "Jukka", "", "fi", "juror"),
        Part(5, "Eva", "", "en", "expert"),
    ]
    names = ("Aino", "Elsa", "Ben", "Pekka", "Stina", "Ann", "Heikki", "Ulf", "Cara", "Outi", "Nils", "Dan")
    people = [Part(6 + n, names[n], f"Firma {n % 5}", ("fi", "sv", "en")[n % 3]) for n in range(participants)]
    return [*staff, *people]


@dataclass
class Race:
    """The players, and the walk through the agenda."""

    home: House
    desk: Desk
    pages: Pages
    players: dict[str, Person] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    """Up to which seq somebody has looked at their page."""
    contexts: list[BrowserContext] = field(default_factory=list)
    word: int = 0
    refused: dict[str, str] = field(default_factory=dict)
    """The last refusal of each command."""
    _swift: bool = False
    """Whether what was pressed last need not wait for the room."""

    # ---- people

    async def let_in(self, part: Part, words: Words | None = None, name: str = "") -> None:
        """Somebody comes in by the door, under another ``name`` than we call them, and gets the role they came for."""
        circle = self._circle
        person = Person(part, circle, 1, RoleHabits(part.role))
        person.words = words or person.words
        if part.role == "facilitator":
            guest = await self.home.staff(live=False)
            cookie = guest.http.cookies["race-console"]
        else:
            guest = await self.home.guest(name or part.name, part.language, part.organisation, live=False)
            cookie = guest.http.cookies["race"]
        seat = await self.home.inside.people.whose(cookie)
        assert seat is not None
        self.ids[part.name] = seat.person
        self.players[part.name] = person
        circle.people.append(person)
        if part.role not in ("participant", "facilitator"):
            await self.tell("grant_role", "Kim", person=seat.person, role=part.role)

    @property
    def _circle(self) -> Company:
        return (
            next(iter(self.players.values())).company
            if self.players
            else Company(RaceClock(), read_format(race48()), hasty=True)
        )

    async def browser(self, name: str, **options: Any) -> BrowserContext:
        """A browser of one of the players (or of the ``screen``)."""
        people = self.home.inside.people
        context = await self.pages.new_context(**options)
        await context.add_init_script(HEAR)
        self.contexts.append(context)
        if name == "screen":
            await self._put_up_screen(context)
            return context
        cookie = "race-console" if name == "Kim" else "race"
        token = await people.issue_cookie(self.ids[name], self.home.code)
        await context.add_cookies([{"name": cookie, "value": token, "url": self.home.url}])
        return context

    async def _put_up_screen(self, context: BrowserContext) -> None:
        guest = await self.home.staff("screen", live=False)
        token = guest.http.cookies["race-screen"]
        await context.add_cookies([{"name": "race-screen", "value": token, "url": self.home.url}])

    async def open(self, context: BrowserContext, view: str = "") -> Page:
        return await live(
            await self.pages.open_in(
                context, f"{self.home.url}/s/{self.home.code}" + (f"/{view}" if view else "")
            )
        )

    # ---- commands

    async def tell(self, command: str, by: str, phase: str = "", **fields: Any) -> None:
        """Give a command that is accepted."""
        told = await self.desk.submit(Command(command, new_code(), phase, fields, 7), self.ids[by])
        assert not isinstance(told, Refused), f"{command}: {told}"

    async def _send(self, name: str) -> None:
        """Whatever a player has put into the outbox."""
        person = self.players[name]
        for sent in list(person.memory.outbox.waiting.values()):
            command = messages.command_from({**sent.fields, "id": sent.id}, seed=int(sent.id[:8], 16))
            told = await self.desk.submit(command, self.ids[name])
            if isinstance(told, Refused):
                self.refused[sent.name] = told.reason
                person.memory.outbox.refused(sent.id, told.reason)
            else:
                person.memory.outbox.acked(sent.id, told)

    def _draw(self, name: str) -> None:
        """A player's page as it is now."""
        person, room = self.players[name], self.desk.session
        told = {"now": self.desk.now(), "rate": 1.0, "refused": ""}
        html = self.desk.fanout.renderer.page(
            self.desk.hall, person.view, self.ids[name], room.people[self.ids[name]].language, **told
        )
        person.page.load(html)
        team = room.teams.get(room.people[self.ids[name]].team)
        person.team = str(team.number) if team else ""
        self.seen[name] = room.seq

    def _concerns(self, name: str) -> bool:
        """Whether a pane that a player may see has changed since they looked."""
        room, seen = self.desk.session, self.seen.get(name, -1)
        scopes = ("*", *room.scopes(self.ids[name]))
        news = takewhile(lambda item: item[1] > seen, reversed(room.touched.items()))
        return any(ref.phase and ref.scope in scopes for ref, _ in news)

    def _fill_in(self, person: Person) -> None:
        """Whatever a player's habits make of the forms on the page."""
        forms = person.page.forms()
        person.memory.learn()
        person.look(forms, most=len(forms))

    async def act(self) -> None:
        """Everybody does what there is to do, until nobody has anything left."""
        for _ in range(MOST_ROUNDS):
            before = self.desk.session.seq
            for name, person in self.players.items():
                if not self._concerns(name):
                    continue
                self._draw(name)
                self._fill_in(person)
                await self._send(name)
            if self.desk.session.seq == before:
                return

    # ---- the walk

    async def walk(self, look: Looker, leave_out: Container[str] = ()) -> None:
        """Through the agenda. The pages are looked at when a phase has opened, when everybody is done, and in between."""
        for phase in self.desk.session.agenda.main_track:
            if phase.id in leave_out:
                await self.tell("skip_phase", "Kim", phase.id)
                continue
            await self.tell("open_phase", "Kim", phase.id)
            await look(phase.id, "opened")
            await self.act()
            await look(phase.id, "done")
            await self._press_all(phase.id, look)
            await look(phase.id, "over")

    async def _press_all(self, phase: str, look: Looker) -> None:
        """Whatever the facilitator has to press in a phase; the room is looked at after some of it."""
        pressed = set()
        while (command := await self._press()) or self._ask(phase):
            if not self._swift or command not in pressed:
                await self.act()
            if command in LOOK_AFTER and command not in pressed:
                await look(phase, command)
            pressed.add(command)

    async def _press(self) -> str:
        """The facilitator's next button; "" if there is none."""
        kim = self.players["Kim"]
        self._draw("Kim")
        found = next_presses(kim, kim.page.forms())
        for one in found:
            kim.memory.keep(one.form, one.values)
        await self._send("Kim")
        self._swift = bool(found) and found[0].press.swift
        return found[0].form.command if found else ""

    def _ask(self, phase: str) -> bool:
        """Ask aloud for what only others can do; whether there was something."""
        commands = asked_for(self._circle)
        able = [
            name
            for name, person in self.players.items()
            if any(person.habits.find(kind, command) for kind in kinds() for command in commands)
        ]
        for name in able:
            self._draw(name)
        asked = any(self._circle.ask(phase, command) for command in commands)
        for name in able:
            self.seen.pop(name, None)
        return asked

    # ---- those who look on

    async def shown(self) -> None:
        """Wait until every open page has applied what has been pushed: a word that the server says last has come."""
        self.word += 1
        await self._say_word()
        async with asyncio.timeout(SECONDS):
            for page in [page for context in self.contexts for page in context.pages]:
                while not await self._heard(page):
                    await self._say_word()

    async def _say_word(self) -> None:
        """To every socket, once it has been sent everything else."""
        fanout, session = self.desk.fanout, self.desk.session
        async with asyncio.timeout(SECONDS):
            while fanout.published < session.seq or any(
                known.standing is not IN_STEP for known in fanout.connections.all
            ):
                await asyncio.sleep(0.01)
        for connection in fanout.connections.all:
            connection.transport.reply(f'{{"word":{self.word}}}'.encode())

    async def _heard(self, page: Page) -> bool:
        """False if the page has missed the word: it is being loaded anew, as its person has come into a team, say."""
        try:
            await page.wait_for_function(
                "word => window.word === word", arg=self.word, polling=20, timeout=500
            )
        except PlaywrightTimeout:
            return False
        return True


@asynccontextmanager
async def race(
    data: Path, pages: Pages, words: Words | None = None, name: Callable[[Part], str] | None = None
) -> AsyncIterator[Race]:
    """A server with a race48 and everybody in it, before the first phase; all of them write the same ``words``."""
    async with house(data) as home:
        held = Race(home, await home.desk(), pages)
        for part in company():
            await held.let_in(part, words, name(part) if name else "")
        try:
            yield held
        finally:
            for context in held.contexts:
                await context.close()
