"""Where a rehearsal takes place: a server, a session on it, and the people who come in by its door."""

from __future__ import annotations

import asyncio
import gc
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from app.database import open_database
from app.planning import formats
from app.planning.create_session import Founded, Plan, create_session
from app.rehearsal.browser import Browser, Place
from app.rehearsal.cast import Part
from app.rehearsal.company import Company
from app.rehearsal.console import Stuck
from app.rehearsal.habits import habits_of
from app.rehearsal.line import Line
from app.rehearsal.outbox import Outbox
from app.rehearsal.patience import until
from app.rehearsal.person import Person
from app.rehearsal.server import Service
from sessions.format import read_format

STAFF = ("facilitator", "screen")
"""The links of a rehearsal: for the simulated facilitator and for the projector."""
GARBAGE = (200_000, 20, 100)
"""Allocations between two looks for garbage: the pages of many people are much to look through."""
JOIN_SECONDS = 300.0
"""How long it may take until everybody has a live page."""


@dataclass
class Venue:
    """A running session. ``pause`` are the seconds between two looks at a page, from and to."""

    server: Service
    founded: Founded
    company: Company
    seed: int
    pause: tuple[float, float]
    place: Place = field(init=False)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.place = Place(self.server.host, self.server.ports)

    @property
    def code(self) -> str:
        return self.founded.code

    @property
    def facilitator(self) -> Person:
        return self.company.people[0]

    async def let_in(self, part: Part) -> None:
        """One person comes in, by the staff link or by the code, and opens the page."""
        browser = Browser(self.place, language=part.language)
        if part.role == "facilitator":
            await browser.send(f"/enter/{self.founded.tokens[0]}", {"name": part.name})
        else:
            told = {"name": part.name, "language": part.language, "organisation": part.organisation}
            await browser.send(f"/s/{self.code}/join", told)
        person = Person(part, browser, self.company, self.code, self.seed, self.pause)
        person.habits = habits_of(part.role)
        self.company.people.append(person)
        self.tasks.append(asyncio.create_task(person.live()))

    async def put_up_screen(self, token: str) -> None:
        """The projector: it only looks."""
        browser = Browser(self.place)
        path = await browser.send(f"/enter/{token}", {})
        line = Line(
            browser, self.code, urlsplit(path).path.rpartition("/")[2], Outbox(), self.facilitator.chance
        )
        self.tasks.append(asyncio.create_task(line.run()))

    async def all_here(self) -> None:
        """Wait until everybody's page is live. Raises Stuck."""
        people = self.company.people
        if not await until(lambda: all(p.line.connected and p.id for p in people), JOIN_SECONDS):
            raise Stuck("Not everybody got a live page")

    def stumbled(self) -> BaseException | None:
        """What one of the people has stumbled over, if anybody has."""
        ended = (task.exception() for task in self.tasks if task.done() and not task.cancelled())
        return next(filter(None, ended), None)

    async def close(self) -> None:
        """Everybody goes home, and the server stops."""
        for task in self.tasks:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.server.stop()


async def open_venue(
    server: Service, form: str, seed: int, pause: tuple[float, float], roles: tuple[str, ...] = STAFF
) -> Venue:
    """Start the server and begin a session, with a staff link for each of ``roles``. Raises NoServer and
    shelf.UnknownFormat."""
    gc.set_threshold(*GARBAGE)
    data = formats.take(form)
    await server.start()
    database = open_database(server.data, server.url)
    try:
        founded = await create_session(database, Plan(data, server.clock.now()), roles)
    finally:
        await database.close()
    return Venue(server, founded, Company(server.clock, read_format(data)), seed, pause)
