"""A real session for a run: founded as ``new`` does it; its people with rows, cookies and a place in the log as the
door makes them; phases opened and cards written by commands that the rules have decided.

What thousands would do one by one at the door happens here in the same words, in a few transactions.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from app.database import Database, open_database
from app.people.store import People
from app.planning import formats
from app.planning.create_session import Plan, create_session
from app.streams import log
from app.streams.journal import open_journal
from sessions.audience import DOOR
from sessions.messages import Command, Event, Refused
from sessions.session import Session
from tests.bench.load import Phone, scratch_folder

LANGUAGES = ("en", "sv", "fi")
BATCH = 2_000
"""Events in one transaction."""
DOTS = 3
WORDS = (
    "When it blows from the north the heat pump of the hall freezes and the shift waits until somebody comes"
)
"""What people write, about as long as they do."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody in the session, and the cookie that speaks for them."""

    id: str
    token: str
    language: str


@dataclass
class Room:
    """A session on disk, as it stands before its server starts."""

    data: Path
    code: str
    epoch: str
    seq: int
    guests: list[Guest]
    cards: list[str] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"/s/{self.code}/live?view=phone"

    def phones(self, port: int) -> list[Phone]:
        """Everybody's phone, at the seq that its page was loaded at."""
        return [self._phone(port, n, guest) for n, guest in enumerate(self.guests)]

    def _phone(self, port: int, n: int, guest: Guest) -> Phone:
        resume = json.dumps({"command": "resume", "seq": "@", "epoch": self.epoch})
        return Phone(port, self.path, f"race={guest.token}", resume, self._ballot(n), self.seq)

    def _ballot(self, n: int) -> str:
        """Three dots on three cards, other ones for each voter."""
        marked = (
            [self.cards[(n * 7 + dot * 11) % len(self.cards)] for dot in range(DOTS)] if self.cards else []
        )
        return json.dumps({"command": "cast_ballot", "id": "@", "phase": "R04", "option": marked})


def card(command: str, marker: str) -> str:
    """The frame that sends a card; its text begins with the marker."""
    fields = {
        "who": "The night shift at the harbour",
        "consequence": "About €40,000 a year",
        "evidence": "Three interviews",
    }
    return json.dumps(
        {
            "command": "add_card",
            "id": command,
            "phase": "R03",
            "text": f"{marker} {WORDS}",
            "column": "need",
            **fields,
        }
    )


def furnish(
    data: Path, people: int, cards: int = 0, voting: bool = False, database: Database | None = None
) -> Room:
    """A session of race48 with people in three languages and cards, collecting (R03) or voting (R04)."""
    return asyncio.run(_furnish(data, people, cards, voting, database or open_database(data)))


async def _furnish(data: Path, people: int, cards: int, voting: bool, database: Database) -> Room:
    try:
        await database.migrate()
        founded = await create_session(database, Plan(formats.take("race48"), time.time() - 3600), ())
        furniture = Furniture(database, founded.code, People(database))
        await furniture.begin()
        room = await furniture.fill(data, people, cards, voting)
    finally:
        await database.close()
    return room


class Furniture:
    """Makes one session's log by giving commands to the rules."""

    def __init__(self, database: Database, code: str, people: People) -> None:
        self.database, self.code, self.people = database, code, people
        self.journal = open_journal(database)
        self.session = Session(people.organisation_key)
        self.waiting: list[Event] = []
        self.ids = count(1)

    async def begin(self) -> None:
        for event in await self.journal.read(self.code):
            self.session.evolve(event)

    async def fill(self, data: Path, people: int, cards: int, voting: bool) -> Room:
        (leader,) = await self._let_in("facilitator", 1)
        guests = await self._let_in("participant", people)
        self.give("open_phase", leader.id, "R03")
        self.give("reveal_cards", leader.id, "R03")
        for n in range(cards):
            self.give(
                "add_card",
                guests[n % people].id,
                "R03",
                text=f"Need {n}: {WORDS}",
                column="need",
            )
        if voting:
            self.give("open_phase", leader.id, "R04")
        await self._keep()
        head = await self.journal.head(self.code)
        assert head is not None
        return Room(data, self.code, head.epoch, head.seq, guests, [f"R03c{n + 1}" for n in range(cards)])

    async def _let_in(self, role: str, number: int) -> list[Guest]:
        guests: list[Guest] = []
        for start in range(0, number, BATCH):
            some = range(start, min(start + BATCH, number))
            guests += await asyncio.gather(*(self._rows(role, n) for n in some))
        for guest in guests:
            fields = {"person": guest.id, "role": role, "language": guest.language, "organisation": ""}
            self._act(Command("join", f"join-{guest.id}", "", fields), DOOR)
        await self._keep()
        return guests

    async def _rows(self, role: str, n: int) -> Guest:
        language = LANGUAGES[n % len(LANGUAGES)]
        person = await self.people.create_person(self.code, f"{role.capitalize()} {n + 1}", "", language)
        return Guest(person, await self.people.issue_cookie(person, self.code, role), language)

    def give(self, name: str, by: str, phase: str, **fields: Any) -> None:
        """A command of somebody's."""
        self._act(Command(name, f"{by}:f{next(self.ids)}", phase, fields, seed=7), by)

    def _act(self, command: Command, by: str) -> None:
        told = self.session.act(command, by, round(time.time(), 3))
        if isinstance(told, Refused):
            raise AssertionError(f"{command.name} was refused: {told.reason}")
        self.waiting += told.events

    async def _keep(self) -> None:
        """Put on disk what has been decided, in the order of the log."""
        for start in range(0, len(self.waiting), BATCH):
            await self.database.write(partial(_append, self.code, self.waiting[start : start + BATCH]))
        self.waiting = []


def _append(code: str, events: Sequence[Event], db: Connection) -> None:
    log.append(db, code, log.Batch(tuple(events)))


def copied(room: Room, name: str) -> Room:
    """The same session in a folder of its own."""
    folder = shutil.copytree(room.data, scratch_folder(name), dirs_exist_ok=True)
    return replace(room, data=folder)
