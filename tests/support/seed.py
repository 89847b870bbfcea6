"""A kind for tests only: it says about entries, people and teams what it is told, as some other phase would."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar

import pytest

from sessions import session_events
from sessions.activities import activity_class
from sessions.activity import Activity, Change
from sessions.audience import STAFF, STARTED, Right
from sessions.messages import Command, Decision, Event
from sessions.outcome import Card, Fact, Outcome, Team
from sessions.people import Member
from tests.support.stage import Stage, phase

SEED = phase("seed", "S", minutes=1)


class Seed(Activity):
    rights: ClassVar[Mapping[str, Right]] = {"tell": Right(STAFF, STARTED)}

    def prepare(self) -> None:
        self.cards: list[Card] = []

    def tell(self, command: Command, sender: Member, now: float) -> Decision:
        return [self.event("told", **json.loads(command.text("what")))]

    def told(self, event: Event) -> Iterator[Change]:
        self.cards += [Card(**card) for card in event.body.get("cards", ())]
        for team in event.body.get("teams", ()):
            yield replace(Team(**team), members=tuple(team["members"]))
        for fact in event.body.get("facts", ()):
            yield Fact(**fact)

    def outcome(self) -> Outcome:
        return Outcome(cards=tuple(self.cards))

    def handed_on(self, card: str) -> Card | None:
        return next((one for one in self.cards if one.id == card), None)


@pytest.fixture(autouse=True)
def seeds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kind ``seed`` exists while a test runs. Import it where a test uses SEED."""
    monkeypatch.setattr(
        session_events, "activity_class", lambda kind: Seed if kind == "seed" else activity_class(kind)
    )


def tell(stage: Stage, **what: Any) -> None:
    """Another phase says something: ``cards``, ``teams``, ``facts``."""
    stage.ok("tell", "kim", "S", what=json.dumps(what))


def fact(stage: Stage, subject: str, name: str, value: Any, key: str = "") -> None:
    tell(stage, facts=[{"subject": subject, "name": name, "value": value, "key": key}])


def race(stage: Stage, *teams: str) -> None:
    """Teams t1, t2 … of the named people (``"aino ben"``), each with one idea (c1, c2 …) that is kept as e1, e2 …"""
    stage.open("S")
    rows = [
        {"id": f"t{n}", "number": n, "name": f"Team {n}", "members": names.split()}
        for n, names in enumerate(teams, 1)
    ]
    cards = [{"id": f"c{n}", "text": f"Idea {n}", "team": f"t{n}"} for n in range(1, len(teams) + 1)]
    kept = [
        {
            "subject": f"c{n}",
            "name": "kept",
            "value": {"title": f"Project {n}", "team": f"t{n}", "idea": f"c{n}"},
        }
        for n in range(1, len(teams) + 1)
    ]
    tell(stage, cards=cards, teams=rows, facts=kept)
