"""A session under the tester's hands: people join, phases open, commands are given, time is set. No server, no I/O."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from app.rehearsal.dry.scratch import START, Given, Scratch, plain
from sessions.messages import Command, Event, Refused
from sessions.session import Accepted, Session

__all__ = ["START", "Given", "Stage", "made_up", "phase", "plain", "race48", "shelf", "unwatched", "words"]

SHELVES = Path(__file__).parents[2] / "sessions" / "formats"


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


@cache
def made_up() -> dict[str, Any]:
    """A format without phases that has everything on its shelves, as it comes out of a log. Nobody changes it."""
    shelves = {**shelf("forms"), **shelf("documents"), **shelf("rubrics")}
    made: dict[str, Any] = plain({**shelves, "key": "test", "title": words("Test")})
    return made


Witness = Callable[["Stage", Command, str], Accepted | Refused]


class Stage(Scratch):
    """A scratch session with a facilitator, and what tests want of it."""

    witness: ClassVar[Witness | None] = None
    """Gives the commands in the stage's stead, and looks at what becomes of the pages."""

    def __init__(
        self, *phases: Mapping[str, Any], form: Mapping[str, Any] | None = None, **people: str
    ) -> None:
        super().__init__(plain(form) if form else {**made_up(), "phase": plain(list(phases))})
        self.join("kim", "facilitator")
        for person, role in people.items():
            self.join(person, role)

    @classmethod
    def empty(cls, form: Mapping[str, Any]) -> Stage:
        """A session of a format (as it comes out of a log) in which nobody is yet."""
        stage = cls.__new__(cls)
        Scratch.__init__(stage, form)
        return stage

    def _act(self, command: Command, by: str) -> Accepted | Refused:
        witness = Stage.witness
        return super()._act(command, by) if witness is None else witness(self, command, by)

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
