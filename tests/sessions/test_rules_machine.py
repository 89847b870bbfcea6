"""The rules under random commands: whatever people and the clock do, the log gives the session again."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import cache
from itertools import count
from random import Random
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from sessions.activities import kinds
from sessions.agenda import Phase
from sessions.audience import ACTORS, CLOCK, DOOR, SESSION_RIGHTS
from sessions.messages import Command, FieldValue, Refused
from sessions.session import Accepted, Session
from tests.support.stage import Stage, race48

BURST = 12
"""Commands of one step: the log is folded anew after each step."""
SEEDS = st.integers(0, 2**30)
WORDS = ("heat", "yes", "no", "1", "2", "3", "5", "-1", "go", "stop", "2026-06-01", "", "värme <b>", "9" * 40)
CROWD = ("aino", "ben", "cy", "dan", "eva", "finn", "gro")
ROOM: dict[str, Any] = dict.fromkeys(CROWD, "participant") | {
    "lo": "co_facilitator",
    "ex": "expert",
    "jo": "juror",
    "ch": "jury_chair",
    "nh": "night_host",
    "gu": "guest",
}
accepted: Counter[str] = Counter()
refused: Counter[str] = Counter()


def race() -> dict[str, Any]:
    """The real race, with those phases whose kind exists; each sort of ballot has its turn."""
    data = race48()
    there = {row["id"] for row in data["phase"] if row["kind"] in kinds()}
    rows = [row for row in data["phase"] if row["id"] in there and row.get("beside", row["id"]) in there]
    modes = {"R04": {"ballots": "secret"}, "R27": {"ballots": "open"}}
    for row in rows:
        row["inputs"] = [name for name in row.get("inputs", ()) if name in there]
    return {
        **data,
        "phase": [{**row, "rules": {**row.get("rules", {}), **modes.get(row["id"], {})}} for row in rows],
    }


class Whatever(Mapping[str, FieldValue]):
    """A form in which every field that a rule asks for has something in it: often an id of something that is there."""

    def __init__(self, session: Session, phase: Phase | None, chance: Random) -> None:
        cards, rules = cards_in(session), phase.spec.rules if phase else {}
        said = [word for words in rules.values() if isinstance(words, list) for word in words]
        named = [*ids_in(session), *cards]
        self.pool = [*WORDS, *chance.choices(named, k=len(WORDS)), *(w for w in said if isinstance(w, str))]
        self.known, self.chance = (
            {**choices_in(session, cards), "column": list(rules.get("columns", ()))},
            chance,
        )
        marks = [f"{card}-{row['id']}" for card in cards[-3:] for row in rules.get("criteria", ())]
        self.made: dict[str, FieldValue] = {f"score-{mark}": chance.choice("12345") for mark in marks}

    def __getitem__(self, name: str) -> FieldValue:
        if name not in self.made:
            likely = self.known.get(name) or self.pool
            words = likely if self.chance.random() < 0.9 else self.pool
            several = self.chance.random() < 0.2
            self.made[name] = self.chance.choices(words, k=3) if several else self.chance.choice(words)
        return self.made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(list(self.made))

    def __len__(self) -> int:
        return len(self.made)


def choices_in(session: Session, cards: list[str]) -> dict[str, list[str]]:
    """What may well be chosen in a field, by its name."""
    people, teams, entries = list(session.people), list(session.teams), list(session.entries)
    return {
        **_options(),
        **dict.fromkeys(("person", "juror", "leader"), people),
        **dict.fromkeys(("team", "for_team"), teams),
        **dict.fromkeys(("entry", "slot", "into"), entries),
        **dict.fromkeys(("option", "about", "link", "need", "card"), cards + entries),
        "minutes": ["5", "-5", "30"],
    }


def cards_in(session: Session) -> list[str]:
    """The latest cards that the open phases build on or have."""
    return [card.id for phase in session.agenda.started for card in session.outcome(phase.id).cards][-30:]


@cache
def _options() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    left: list[Any] = [race48()]
    while left:
        row = left.pop()
        if isinstance(row, Mapping):
            if row.get("options"):
                found[row["id"]] = [o["id"] if isinstance(o, Mapping) else o for o in row["options"]]
            left += row.values()
        elif isinstance(row, list):
            left += row
    return found


def ids_in(session: Session) -> list[str]:
    """People, teams, entries, phases and announcements."""
    named = (session.people, session.teams, session.entries, session.agenda.phases, session.announcements)
    return [name for names in named for name in names]


def standing(session: Session) -> dict[str, Any]:
    """Everything that the log says, to compare."""
    return {
        "seq": session.seq,
        "touched": list(session.touched.items()),
        "agenda": [_as_it_runs(phase) for phase in session.agenda],
        "current": session.agenda.current and session.agenda.current.id,
        "people": session.people,
        "teams": session.teams,
        "entries": session.entries,
        "announcements": session.announcements,
        "decided": session.decided,
        "driver": (session.driver, session.screen_choice, session.anchor),
        "answered": session.answered,
        "deadlines": list(session.deadlines()),
        "outcomes": {phase.id: session.outcome(phase.id) for phase in session.agenda},
        "alerts": {p.id: list(p.activity.alerts()) for p in session.agenda.open if p.activity},
    }


def _as_it_runs(phase: Phase) -> tuple[Any, ...]:
    return (
        phase.id,
        phase.state,
        phase.opened_at,
        phase.ends_at,
        phase.closed_at,
        phase.revision,
        phase.stale,
    )


class Actors:
    """People who do anything in a session."""

    @property
    def session(self) -> Session:
        """The session as it is now."""
        raise NotImplementedError

    def give(self, name: str, by: str, phase: str, fields: Mapping[str, FieldValue], seed: int = 7) -> None:
        """Somebody gives a command."""
        raise NotImplementedError

    def say(self, chance: Random) -> None:
        phases = [p for p in self.session.agenda.started if p.activity is not None and p.activity.rights]
        if phases:
            current = self.session.agenda.current
            self._say_in(
                current if current in phases and chance.random() < 0.7 else chance.choice(phases), chance
            )

    def _say_in(self, phase: Phase, chance: Random) -> None:
        assert phase.activity is not None
        for _ in range(BURST):
            rights = phase.activity.rights
            name = chance.choice([n for n in rights if phase.state in rights[n].states] or list(rights))
            form = Whatever(self.session, phase, chance)
            self.give(name, self._sender(phase, name, chance), phase.id, form, chance.getrandbits(30))

    def _sender(self, phase: Phase, name: str, chance: Random) -> str:
        """Mostly somebody who may."""
        assert phase.activity is not None
        roles = phase.activity.rights[name].roles
        roles |= phase.spec.who if roles >= ACTORS else set()
        roles = phase.activity.rights[name].roles
        may = [p for p, m in self.session.people.items() if m.role in roles]
        return chance.choice(may if may and chance.random() < 0.9 else [*self.session.people, "nobody", DOOR])

    def everybody(self, chance: Random) -> None:
        """Everybody does what the phase is for: the first command that its kind lists."""
        phase = self.session.agenda.current
        if phase is not None and phase.activity is not None and phase.activity.rights:
            name = next(iter(phase.activity.rights))
            for person in chance.sample(list(ROOM), 6):
                self.give(
                    name, person, phase.id, Whatever(self.session, phase, chance), chance.getrandbits(30)
                )

    def steer(self, chance: Random) -> None:
        name = chance.choice(
            [name for name in SESSION_RIGHTS if name != "remove_person" or chance.random() < 0.1]
        )
        by = chance.choice(["kim", "kim", "lo", "aino", "gu", CLOCK, DOOR, "nobody"])
        phase = chance.choice(["", *self.session.agenda.phases, *(p.id for p in self.session.agenda.open)])
        self.give(name, by, phase, Whatever(self.session, None, chance))

    def team(self, chance: Random) -> None:
        """Teams are rare by chance alone, and much hangs on them."""
        for phase in self.session.agenda.started:
            if phase.activity is not None and "start_team" in phase.activity.rights:
                people = chance.sample(CROWD, 3)
                self.give("start_team", "kim", phase.id, {"person": people, "reason": "a test"})
                self.give("confirm_teams", "kim", phase.id, {"reason": "a test"})


class Race(RuleBasedStateMachine, Actors):
    """A race in which everybody does anything."""

    def __init__(self) -> None:
        super().__init__()
        self.stage = Stage(form=race(), **ROOM)
        self.ids = count(1)

    @property
    def session(self) -> Session:
        return self.stage.session

    def give(self, name: str, by: str, phase: str, fields: Mapping[str, FieldValue], seed: int = 7) -> None:
        """Give a command; refused, it leaves no trace."""
        before = self.trace()
        told = self.stage.give(
            Command(name, f"m{len(self.stage.log)}-{next(self.ids)}", phase, fields, seed), by
        )
        if isinstance(told, Refused):
            refused[told.reason] += 1
            assert self.trace() == before
        else:
            assert isinstance(told, Accepted)
            accepted[name] += bool(told.events)

    def trace(self) -> tuple[Any, ...]:
        return (
            self.session.seq,
            len(self.stage.log),
            list(self.session.touched.items()),
            len(self.session.answered),
        )

    @initialize(seed=SEEDS, phases=st.integers(0, 24))
    def the_race_has_begun(self, seed: int, phases: int) -> None:
        """So that every part of the race gets its turn; the first team phase leaves teams behind."""
        chance = Random(seed)
        for _ in range(phases):
            for act in (self.next, self.everybody, self.team, self.say):
                act(chance)

    @rule(
        seed=SEEDS,
        what=st.sampled_from(("say",) * 5 + ("everybody",) * 2 + ("steer", "team", "next", "wait")),
    )
    def something_happens(self, seed: int, what: str) -> None:
        getattr(self, what)(Random(f"{seed} {self.session.seq}"))

    def next(self, chance: Random) -> None:
        current = self.session.agenda.current
        self.stage.do("take_over", "kim")
        self.give("next_phase", "kim", current.id if current else "", {})

    def wait(self, chance: Random) -> None:
        self.stage.after(chance.choice([0.01, 1, 6, 31, 130]))

    @invariant()
    def the_log_gives_the_session_again(self) -> None:
        live, folded = standing(self.session), standing(self.stage.replayed())
        for name, value in live.items():
            assert folded[name] == value, name

    @invariant()
    def the_log_has_no_gap_and_no_command_twice(self) -> None:
        log = self.stage.log
        assert [event.seq for event in log] == list(range(1, len(log) + 1))
        runs = [e.command for i, e in enumerate(log) if i == 0 or log[i - 1].command != e.command]
        assert len(runs) == len(set(runs))

    @invariant()
    def what_is_handed_on_is_plain_data_and_counts_again_to_the_same(self) -> None:
        for phase in self.session.agenda.started:
            outcome = asdict(self.session.outcome(phase.id))
            assert json.loads(json.dumps(outcome)) == json.loads(json.dumps(outcome, sort_keys=True))
            assert phase.activity is None or phase.activity.verify() == []

    @invariant()
    def each_card_that_is_handed_on_is_found_by_its_id_and_no_other(self) -> None:
        written = {str(e.body["card"]) for e in self.stage.log if "card" in e.body}
        for phase in self.session.agenda.started:
            if phase.activity is not None:
                cards = {card.id: card for card in phase.activity.outcome().cards}
                assert {name: phase.activity.handed_on(name) for name in cards} == cards
                assert not any(phase.activity.handed_on(name) for name in written - set(cards))


def test_whatever_happens_the_log_gives_the_session_again() -> None:
    bounded = settings(
        max_examples=48,
        stateful_step_count=20,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Race, settings=bounded)
    assert len(+accepted) > 25, accepted
    assert len(refused) > 40, refused
