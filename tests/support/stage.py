"""A session under the tester's hands: people join, phases open, commands are given, time is set. No server, no I/O."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from sessions.audience import CLOCK, DOOR
from sessions.ballot_boxes import filled
from sessions.box_keys import without_key
from sessions.messages import BallotBoxes, Command, Event, Refused
from sessions.session import Accepted, Session
from sessions.session_commands import OPENING_BALLOT_BOXES, OPENING_PHASES

SHELVES = Path(__file__).parents[2] / "sessions" / "formats"
START = 1_790_000_000.0
"""Wall time at which a stage begins, seconds since 1970 UTC."""


@cache
def shelf(name: str) -> dict[str, Any]:
    """One of the files in sessions/formats. It is shared: nobody changes it."""
    return tomllib.loads((SHELVES / f"{name}.toml").read_text("utf-8"))


def words(text: str) -> dict[str, str]:
    """The same words in every language, for formats made up in a test."""
    return {"en": text, "sv": text, "fi": text}


def phase(kind: str, phase_id: str = "P1", **row: Any) -> dict[str, Any]:
    """A phase's row for a made-up format; ``rules`` and the rest as in a format file."""
    return {
        "id": phase_id,
        "kind": kind,
        "minutes": 30,
        "title": words(phase_id),
        "prompt": words("…"),
        **row,
    }


def race48() -> dict[str, Any]:
    """The real format with its forms, documents and rubrics."""
    return {**shelf("forms"), **shelf("documents"), **shelf("rubrics"), **shelf("race48")}


def plain(thing: Any) -> Any:
    """The same as it comes out of a log."""
    return json.loads(json.dumps(thing))


@cache
def made_up() -> dict[str, Any]:
    """A format without phases that has everything on its shelves, as it comes out of a log. Nobody changes it."""
    shelves = {**shelf("forms"), **shelf("documents"), **shelf("rubrics")}
    made: dict[str, Any] = plain({**shelves, "key": "test", "title": words("Test")})
    return made


Witness = Callable[["Stage", Command, str], Accepted | Refused]


class Given(NamedTuple):
    """A command as it was given: by whom, and when (wall time in seconds)."""

    command: Command
    by: str
    now: float


class Stage:
    """A session with its log. ``now`` is wall time in seconds; ``after`` moves it."""

    witness: ClassVar[Witness | None] = None
    """Gives the commands in the stage's stead, and looks at what becomes of the pages."""

    def __init__(
        self, *phases: Mapping[str, Any], form: Mapping[str, Any] | None = None, **people: str
    ) -> None:
        self._begin(plain(form) if form else {**made_up(), "phase": plain(list(phases))})
        self.join("kim", "facilitator")
        for person, role in people.items():
            self.join(person, role)

    @classmethod
    def empty(cls, form: Mapping[str, Any]) -> Stage:
        """A session of a format (as it comes out of a log) in which nobody is yet."""
        stage = cls.__new__(cls)
        stage._begin(form)
        return stage

    def _begin(self, form: Mapping[str, Any]) -> None:
        self.now = START
        self.log: list[Event] = []
        self.given: list[Given] = []
        """Every command that was accepted, the clock's among them."""
        self.ballot_boxes: BallotBoxes = {}
        self.keys_there = True
        """Whether the server has the folder of keys that belongs to its data."""
        self.session = Session()
        self._ids = count(1)
        created = {"format": form, "code": "7K3MQX9T", "language": "en", "zone": "Europe/Stockholm"}
        self.log.append(Event("session_created", "", created, 1, self.now, DOOR, "create"))
        self.session.evolve(self.log[0])

    def _take(self, events: tuple[Event, ...]) -> None:
        for event in events:
            self.log.append(event._replace(body=plain(event.body)))

    def number_from(self, first: int) -> None:
        """Ids of commands begin here, above those that were given elsewhere."""
        self._ids = count(first)

    def join(
        self, person: str, role: str = "participant", language: str = "en", organisation: str = ""
    ) -> None:
        """Somebody comes in."""
        told = self.do(
            "join", DOOR, "", person=person, role=role, language=language, organisation=organisation
        )
        assert isinstance(told, Accepted)

    def do(self, name: str, by: str, phase: str = "", seed: int = 7, **fields: Any) -> Accepted | Refused:
        """Give a command and fold what it leads to; the id is new each time."""
        return self.give(Command(name, f"t{next(self._ids)}", phase, fields, seed), by)

    def give(self, command: Command, by: str) -> Accepted | Refused:
        """Give a command that is made already."""
        told = self._act(command, by)
        if isinstance(told, Accepted):
            self._take(told.events)
        return told

    def _act(self, command: Command, by: str) -> Accepted | Refused:
        witness = Stage.witness
        if command.name in OPENING_BALLOT_BOXES and self.keys_there:
            command = command._replace(ballot_boxes=self.ballot_boxes)
        if command.name in OPENING_PHASES and self.keys_there:
            wanted = without_key(self.session.agenda)
            command = command._replace(box_keys={phase: f"{phase}-{command.id}" for phase in wanted})
        told = self.session.act(command, by, self.now) if witness is None else witness(self, command, by)
        if isinstance(told, Accepted):
            self.ballot_boxes = filled(self.ballot_boxes, told.secret_ballots)
            self.given.append(Given(command, by, self.now))
        return told

    def ok(self, name: str, by: str, phase: str = "", **fields: Any) -> tuple[Event, ...]:
        """Give a command that must be accepted; its events."""
        told = self.do(name, by, phase, **fields)
        assert isinstance(told, Accepted), told
        return told.events

    def no(self, name: str, by: str, phase: str = "", **fields: Any) -> str:
        """Give a command that must be refused; the reason's code."""
        told = self.do(name, by, phase, **fields)
        assert isinstance(told, Refused), told
        return told.reason

    def open(self, phase: str) -> None:
        """The facilitator opens a phase (the current one closes)."""
        self.ok("open_phase", "kim", phase)

    def close(self, phase: str) -> None:
        self.ok("close_phase", "kim", phase)

    def after(self, minutes: float) -> None:
        """Time passes, and the clock does what it has to do on the way, each deadline at its own moment."""
        until = self.now + minutes * 60.0
        while due := sorted(
            (d.at, p, d.command, d.key) for p, d in self.session.deadlines() if d.at <= until
        ):
            at, phase, command, key = due[0]
            self.now = max(self.now, at)
            told = self._act(Command(command, f"clock:{phase}:{command}:{key}:{at}", phase), CLOCK)
            assert isinstance(told, Accepted), told
            assert told.events, f"the deadline {command} of {phase} leads to nothing"
            self._take(told.events)
        self.now = until

    def replayed(self) -> Session:
        """The session again, folded from the log as it went through JSON."""
        session = Session()
        for event in self.log:
            session.evolve(event)
        return session


@contextmanager
def unwatched() -> Iterator[None]:
    """No witness looks on for a while."""
    witness, Stage.witness = Stage.witness, None
    try:
        yield
    finally:
        Stage.witness = witness
