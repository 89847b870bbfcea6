"""Sessions to test with: every format on the shelf, and a small example that each kind gives of itself.

A kind's example lies beside its tests: ``tests/activities/<kind>/example.py`` with ``PHASES``, the rows of a small
format, and ``script``, which does with a player who has played them what habits do not reach. The session's own lies in
``tests/sessions/example.py``. All of them are found by looking; nobody keeps a list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from app.planning import formats
from app.rehearsal.casting import ROOMY, cast_for
from app.rehearsal.dry.walk import Walk
from sessions.agenda import Phase
from sessions.format import read_format
from sessions.messages import Event
from tests.support.look import drawn_by
from tests.support.made_once import made_once
from tests.support.player import Player
from tests.support.stage import Given, Stage, made_up, phase, plain, unwatched
from tests.support.traits import Trait, traits_of

TESTS = Path(__file__).parents[1]
OWN = "session"
"""The example of the session's own commands."""
SMALL = 14
"""People in a kind's example: two teams, and whoever it needs beside."""


@dataclass(frozen=True)
class Example:
    """A format to play, with how many people. ``before`` is called before anything is opened, ``opened`` when a phase
    has opened, before anybody acts in it; ``script`` when everything in the phase ``when`` (the last) is done, before
    it is left."""

    name: str
    data: Mapping[str, Any]
    people: int
    when: str
    script: Callable[[Player], None] | None = None
    opened: Callable[[Player, Phase], None] | None = None
    before: Callable[[Player], None] | None = None

    @property
    def rows(self) -> list[Mapping[str, Any]]:
        return list(self.data["phase"])


@dataclass
class Played:
    """What came of playing an example."""

    example: Example
    log: list[Event]
    given: list[Given]
    """Every command that was accepted, in order; given again to another stage they lead to the same log."""
    accepted: Counter[tuple[str, str]]
    """Commands that led to something, by the kind of their phase ("" for the session's own)."""
    done: dict[str, int] = field(default_factory=dict)
    """How many commands had been accepted when everything in a phase was done, before it was left."""

    def stage(self, phase: str = "") -> Stage:
        """The session when everything in a phase was done; at the end if none is named."""
        return again(self.example, self.given[: self.done[phase] if phase else None])

    def events(self, phase: str) -> list[Event]:
        """The events of a phase, until it was left for the first time."""
        stage = self.stage(phase)
        return [event for event in self.log[: len(stage.log)] if event.phase == phase]


def again(example: Example, given: list[Given], stage: Stage | None = None) -> Stage:
    """A stage on which the same commands are given once more."""
    stage = stage or Stage.empty(example.data)
    stage.number_from(len(given) * 10)
    for command, by, now in given:
        stage.now = now
        stage.give(command, by)
    return stage


# ---- which there are


@cache
def names() -> tuple[str, ...]:
    """Every format's name, every kind that has an example, and the session."""
    return (*formats.names(), *_own_examples())


@cache
def _own_examples() -> Mapping[str, str]:
    """The modules of the examples, by the name of the kind."""
    kinds = sorted(file.parent.name for file in (TESTS / "activities").glob("*/example.py"))
    return {**{kind: f"tests.activities.{kind}.example" for kind in kinds}, OWN: "tests.sessions.example"}


@cache
def example(name: str) -> Example:
    """A format from the shelf, or the example of a kind or the session."""
    if name in formats.names():
        data = plain(formats.take(name))
        return Example(name, data, ROOMY, "")
    module = import_module(_own_examples()[name])
    data = {**made_up(), "key": name, "phase": plain(module.PHASES)}
    hooks = {hook: getattr(module, hook, None) for hook in ("script", "opened", "before")}
    return Example(name, data, SMALL, getattr(module, "WHEN", data["phase"][-1]["id"]), **hooks)


def rows_of(kind: str) -> list[tuple[str, str]]:
    """Where to look at a kind: in its own example and in one format that has it (the longest, else the first), the last
    phase of it that opens by itself (it builds on most). Pairs of an example's and a phase's name."""
    return list(_rows_of(kind))


def _rows_of(kind: str) -> Iterator[tuple[str, str]]:
    held = [name for name in formats.names() if _rows_in(name, kind)]
    chosen = sorted(held, key=lambda name: -len(example(name).rows))[:1]
    yield from ((name, _rows_in(name, kind)[-1]) for name in (*chosen, kind))


def _rows_in(name: str, kind: str) -> list[str]:
    return [row["id"] for row in example(name).rows if row["kind"] == kind and not row.get("beside")]


@cache
def _first_of_each_look() -> frozenset[tuple[str, str]]:
    """The phases that have a trait which no earlier phase has had, in the order of ``names``."""
    seen: set[Trait] = set()
    first = set()
    for name in names():
        for row in example(name).rows:
            traits = set(traits_of(row))
            if not traits <= seen:
                first.add((name, row["id"]))
            seen |= traits
    return frozenset(first)


def distinct(name: str) -> list[str]:
    """The phases of an example that look like no phase before, in it or in those that ``names`` gives before it."""
    return [row["id"] for row in example(name).rows if (name, row["id"]) in _first_of_each_look()]


# ---- playing them


@cache
def played(name: str) -> Played:
    """An example, played once in a run of the tests. Nobody changes what comes of it."""
    log, given, accepted, done = made_once(f"played-{name}", lambda: _told(play(example(name))))
    return Played(example(name), log, given, accepted, done)


def _told(one: Played) -> tuple[list[Event], list[Given], Counter[tuple[str, str]], dict[str, int]]:
    """What another process needs to know of it."""
    return one.log, one.given, one.accepted, one.done


def play(one: Example) -> Played:
    """Play an example, with no witness looking on."""
    with unwatched():
        return _play(one)


def _play(one: Example) -> Played:
    stage = Stage.empty(one.data)
    stage.join("kim", "facilitator")
    stage.join("sc", "screen")
    player = Player(stage, drawn_by(), cast_for(read_format(one.data), one.people, 1))
    done: dict[str, int] = {}
    if one.before is not None:
        one.before(player)

    def opened(phase: Phase) -> None:
        if one.opened is not None:
            one.opened(player, phase)

    for current in Walk(player).phases(opened):
        if current.id == one.when and one.script is not None:
            one.script(player)
        done |= {p.id: len(stage.given) for p in (current, *stage.session.agenda.beside(current))}
    return Played(one, stage.log, stage.given, Counter(player.accepted), done)


# ---- rows that many examples begin with


def needs(**row: Any) -> dict[str, Any]:
    """Everybody writes needs."""
    rules = {
        "columns": ["need"],
        "fields": ["who", "situation"],
        "main": "situation",
        "visible_to": "all",
        "per_person": 5,
    }
    return phase("collect", "N", rules=rules, **row)


def teams(**row: Any) -> dict[str, Any]:
    """Teams of three and more are formed around the needs."""
    rules = {"mode": "propose", "min_size": 3, "max_size": 8, "target_size": 3, "wishes": 2, "leader": True}
    return phase("team", "T", inputs=["N"], rules=rules, **row)


def ideas(**row: Any) -> dict[str, Any]:
    """Each team writes ideas."""
    rules = {
        "columns": ["idea"],
        "fields": ["text"],
        "main": "text",
        "link": "need",
        "visible_to": "team",
        "per_person": 9,
    }
    return phase("collect", "I", who=["teams"], inputs=["N"], rules=rules, **row)


def kept(**row: Any) -> dict[str, Any]:
    """Each team keeps some of its ideas: they become entries."""
    rules = {
        "method": "approval",
        "electorate": "own_team",
        "ballots": "confidential",
        "keep": "1-2 per team",
        "ties": "earliest",
        "begins_entries": True,
    }
    return phase("vote", "K", who=["teams"], inputs=["I"], ends="close", rules=rules, **row)


def with_entries() -> list[dict[str, Any]]:
    """What has to happen before there are teams with entries."""
    return [needs(), teams(), ideas(), kept()]
