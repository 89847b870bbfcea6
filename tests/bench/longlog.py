"""A real log of a million events: a whole race that many people play as fast as the rules go, straight into a database.

python -m tests.bench.longlog --data DIR [--events 1000000] [--people 1000]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from app.database import Database, open_database
from app.people.store import People
from app.planning.create_session import Plan, create_session
from app.streams.journal import Journal, open_journal
from sessions.agenda import Phase
from sessions.audience import DOOR
from sessions.messages import Command, Erasure, Event, FieldValue, Personal
from sessions.session import Accepted, Session
from sessions.session_commands import MAX_EXTENSION
from tests.support.batches import batch_of
from tests.support.stage import race48

BATCH = 5000
"""Events in one transaction."""
DAYS_AGO, DAYS_LEFT = 3, 90
"""When the race began, and how long the last vote stays open: whoever opens the log finds it so."""
UNTIL = "R27"
"""The phase that is open when the log ends: the last vote."""
SHARES: Mapping[str, float] = {"R04": 0.35, "R09": 0.15, "R13": 0.1, "R17": 0.05, UNTIL: 1.0}
"""Which phases have most of the events: ballots cast again and again, documents being written."""
STAFF = {"kim": "facilitator", "sc": "screen", "cy": "jury_chair", "jo": "juror", "ex": "expert"}
ORGANISATIONS, MOST_CARDS = 40, 5
LANGUAGES = ("en", "sv", "fi")
WORDS = (
    "heat",
    "värme",
    "lämpö",
    "pump",
    "snow",
    "yö",
    "road",
    "väg",
    "night",
    "fog",
    "bridge",
    "silta",
    "bro",
    "kylmä",
)


class Said(NamedTuple):
    """A command that somebody gives."""

    name: str
    by: str
    phase: str = ""
    fields: Mapping[str, FieldValue] = {}


@dataclass
class LongRace:
    """What many people say in a race, one command after the other; each looks at the session as it then is."""

    session: Session
    people: int
    events: int
    chance: Random = field(default_factory=lambda: Random(48))

    @property
    def crowd(self) -> list[str]:
        return [f"p{number:015x}" for number in range(self.people)]

    @property
    def on(self) -> Phase | None:
        return self.session.agenda.current

    def said(self) -> Iterator[Said]:
        """From the first who joins to the last vote."""
        yield from self._arrive()
        while UNTIL not in (phase.id for phase in self.session.agenda.open):
            before = self.on
            yield Said("next_phase", "kim", before.id if before else "")
            assert self.on is not None, "the race has not begun"
            assert self.on is not before, f"the race stands still in {self.on.id}"
            for phase in (self.on, *self.session.agenda.beside(self.on)):
                yield from getattr(self, phase.kind, _nothing)(phase, phase.activity)

    def _arrive(self) -> Iterator[Said]:
        roles = {**STAFF, **dict.fromkeys(self.crowd, "participant")}
        for number, (person, role) in enumerate(roles.items()):
            place = {"language": LANGUAGES[number % 3], "organisation": f"o{number % ORGANISATIONS}"}
            yield Said("join", DOOR, "", {"person": person, "role": role, **place})

    # ---- what is done in a phase, by its kind

    def survey(self, phase: Phase, survey: Any) -> Iterator[Said]:
        for person in self.crowd:
            yield Said("answer", person, phase.id, dict(map(self._answer, survey.questions)))

    def _answer(self, question: Any) -> tuple[str, FieldValue]:
        if question.options:
            return question.id, self.chance.choice(question.options).id
        if question.type in ("scale", "number"):
            return question.id, str(self.chance.randint(question.low, question.high))
        return question.id, "" if question.type == "people" else self._words()

    def collect(self, phase: Phase, collect: Any) -> Iterator[Said]:
        cards = [card.id for card in collect.inputs.cards]
        for person in self.crowd:
            for _ in range(self.chance.randint(1, MOST_CARDS)):
                words = {name: self._words() for name in phase.spec.rules["fields"]}
                link = {"link": self.chance.choice(cards)} if cards and phase.spec.rules.get("link") else {}
                yield Said("add_card", person, phase.id, {**words, **link})

    def team(self, phase: Phase, _: Any) -> Iterator[Said]:
        yield Said("propose_teams", "kim", phase.id)
        yield Said("confirm_teams", "kim", phase.id, {"reason": "so be it"})

    def vote(self, phase: Phase, vote: Any) -> Iterator[Said]:
        if phase.id == UNTIL:
            yield from [Said("extend_phase", "kim", UNTIL, {"minutes": str(MAX_EXTENSION)})] * DAYS_LEFT
        everything = list(vote.slate.ids)
        for person in self._turns(phase):
            team = self.session.people[person].team
            options = list(vote.slate.of_team.get(team, ())) if vote.own_team else everything
            chosen = self.chance.sample(options, min(3, len(options)))
            yield Said("cast_ballot", person, phase.id, self._marks(phase, chosen))

    def _marks(self, phase: Phase, chosen: list[str]) -> dict[str, FieldValue]:
        if phase.spec.rules["method"] != "score":
            return {"option": chosen}
        names = [f"score-{option}-{row['id']}" for option in chosen for row in phase.spec.rules["criteria"]]
        return {name: self.chance.choice("12345") for name in names}

    def work(self, phase: Phase, bench: Any) -> Iterator[Said]:
        entries, fields = list(self.session.entries.values()), list(bench.fields.values())
        for number, _ in enumerate(self._turns(phase)):
            entry, one = entries[number % len(entries)], self.chance.choice(fields)
            place = {"entry": entry.id, "document": one.document, "field": one.name, "text": self._words()}
            yield Said("write_field", self.session.teams[entry.team].members[0], phase.id, place)

    def _turns(self, phase: Phase) -> Iterator[str]:
        """Everybody once, and again and again until the phase has its share of all events."""
        until = min(self.events, self.session.seq + int(SHARES.get(phase.id, 0.0) * self.events))
        yield from self.crowd
        while self.session.seq < until:
            before = self.session.seq
            yield from takewhile(lambda _: self.session.seq < until, self.crowd)
            assert self.session.seq > before, f"nothing is accepted in {phase.id}"

    def _words(self) -> str:
        return " ".join(self.chance.choices(WORDS, k=self.chance.randint(3, 12)))


def _nothing(phase: Phase, activity: Any) -> Iterator[Said]:
    yield from ()


async def make(database: Database, events: int, people: int) -> dict[str, str]:
    """Write such a log; its code, and the cookie of a participant."""
    began = time.time() - DAYS_AGO * 86_400.0
    founded = await create_session(database, Plan(race48(), began), ())
    journal, session = open_journal(database), Session()
    for event in await journal.read(founded.code):
        session.evolve(event)
    race = LongRace(session, people, events)
    await _write(race, journal, founded.code, began)
    somebody = session.people[race.crowd[0]]
    cookie = await People(database).issue_cookie(somebody.id, founded.code, somebody.role)
    return {"code": founded.code, "cookie": cookie, "events": str(session.seq)}


async def _write(race: LongRace, journal: Journal, code: str, began: float) -> None:
    waiting: list[Event] = []
    personal: list[Personal | Erasure] = []

    async def write() -> None:
        batch = batch_of(tuple(waiting), *personal)
        await journal.append(code, waiting[0].seq - 1, lambda _: batch)
        waiting.clear()
        personal.clear()

    for number, (name, by, phase, fields) in enumerate(race.said()):
        command = Command(name, f"{by}:{race.chance.getrandbits(60):x}", phase, fields, number)
        told = race.session.act(command, by, round(began + number / 100, 3))
        if isinstance(told, Accepted):
            waiting += told.events
            personal += told.personal
        if len(waiting) >= BATCH:
            await write()
    await write()


async def _main(folder: Path, events: int, people: int) -> None:
    database = open_database(folder, "")
    await database.migrate()
    print(json.dumps(await make(database, events, people)))
    await database.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--people", type=int, default=1_000)
    asked = parser.parse_args()
    asyncio.run(_main(asked.data, asked.events, asked.people))
