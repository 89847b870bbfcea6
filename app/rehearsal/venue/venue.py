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
from app.rehearsal.browser.http import Browser, Place
from app.rehearsal.browser.live_page import LivePage
from app.rehearsal.browser.outbox import Outbox
from app.rehearsal.facilitator.console import Stuck
from app.rehearsal.habits import RoleHabits
from app.rehearsal.people.cast import Part
from app.rehearsal.people.company import Company
from app.rehearsal.people.person import Person
from app.rehearsal.people.seat import Seat
from app.rehearsal.people.waiting import until
from app.rehearsal.venue.server import Service
from sessions.format import read_format

STAFF = ("facilitator", "screen")
"""The links of a rehearsal: for the simulated facilitator and for the projector."""
GARBAGE = (200_000, 20, 100)
"""Allocations between two looks for garbage: the pages of many people are much to look through."""
JOIN_SECONDS = 300.0
"""How long it may take until everybody has a live page."""


@dataclass
class Venue:
    """A running session, and the seats in it (the facilitator's first)."""

    server: Service
    founded: Founded
    company: Company
    seed: int
    seats: list[Seat] = field(default_factory=list)
    place: Place = field(init=False)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.place = Place(self.server.host, self.server.ports)

    @property
    def code(self) -> str:
        return self.founded.code

    @property
    def facilitator(self) -> Seat:
        return self.seats[0]

    async def let_in(self, part: Part) -> None:
        """One person comes in, by the staff link or by the code, and opens the page."""
        browser = Browser(self.place, language=part.language)
        if part.role == "facilitator":
            await browser.send(f"/enter/{self.founded.tokens[0]}", {"name": part.name})
        else:
            fields = {"name": part.name, "language": part.language, "organisation": part.organisation}
            await browser.send(f"/s/{self.code}/join", fields)
        person = Person(part, self.company, self.seed, RoleHabits(self.company.acts_like(part.role)))
        seat = Seat(person, browser, self.code)
        self.company.people.append(person)
        self.seats.append(seat)
        self.tasks.append(asyncio.create_task(seat.live()))

    async def put_up_screen(self, token: str) -> None:
        """The projector: it only looks."""
        browser = Browser(self.place)
        path = await browser.send(f"/enter/{token}", {})
        view, chance = urlsplit(path).path.rpartition("/")[2], self.facilitator.person.chance
        page = LivePage(browser, self.code, view, Outbox(), chance)
        self.tasks.append(asyncio.create_task(page.run()))

    async def all_here(self) -> None:
        """Wait until everybody's page is live. Raises Stuck."""
        if not await until(
            lambda: all(s.live_page.connected and s.person.id for s in self.seats), JOIN_SECONDS
        ):
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
    """Start the server and begin a session, with a staff link for each of ``roles``; people look at their pages every
    ``pause`` seconds, from and to. Raises NoServer and formats.UnknownFormat."""
    gc.set_threshold(*GARBAGE)
    data = formats.take(form)
    await server.start()
    database = open_database(server.data, server.url)
    try:
        founded = await create_session(database, Plan(data, server.clock.now()), roles)
    finally:
        await database.close()
    return Venue(server, founded, Company(server.clock, read_format(data), pause), seed)
