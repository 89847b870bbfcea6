"""A session that is kept nowhere: commands are given to the rules as they are, and time is set."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Any, NamedTuple

import orjson

from sessions.audience import CLOCK, DOOR
from sessions.ballot_boxes import filled
from sessions.box_keys import without_key
from sessions.messages import BallotBoxes, Command, Event, Refused
from sessions.session import Accepted, Session
from sessions.session_commands import OPENING_BALLOT_BOXES, OPENING_PHASES

START = 1_790_000_000.0
"""Wall time at which a scratch session begins, seconds since 1970 UTC."""
CODE = "7K3MQX9T"


class Stuck(Exception):
    """The session cannot go on: its rules refuse what must be possible."""


class Given(NamedTuple):
    """A command as it was given: by whom, and when (wall time in seconds)."""

    command: Command
    by: str
    now: float


def plain(thing: Any) -> Any:
    """The same as it comes out of a log."""
    return orjson.loads(orjson.dumps(thing))


class Scratch:
    """A session with its log. ``now`` is wall time in seconds; ``after`` moves it. Nobody is in it yet; ``form`` is a
    format's data as it comes out of a log."""

    def __init__(self, form: Mapping[str, Any]) -> None:
        self.now = START
        self.log: list[Event] = []
        self.given: list[Given] = []
        """Every command that was accepted, the clock's among them."""
        self.ballot_boxes: BallotBoxes = {}
        self.keys_there = True
        """Whether the server has the folder of keys that belongs to its data."""
        self.session = Session()
        self._ids = count(1)
        created = {"format": form, "code": CODE, "language": "en", "zone": "Europe/Stockholm"}
        self.log.append(Event("session_created", "", created, 1, self.now, DOOR, "create"))
        self.session.evolve(self.log[0])

    def number_from(self, first: int) -> None:
        """Ids of commands begin here, above those that were given elsewhere."""
        self._ids = count(first)

    def join(
        self, person: str, role: str = "participant", language: str = "en", organisation: str = ""
    ) -> None:
        """Somebody comes in. Raises Stuck."""
        answer = self.do(
            "join", DOOR, "", person=person, role=role, language=language, organisation=organisation
        )
        if isinstance(answer, Refused):
            raise Stuck(f"nobody can come in: {answer.reason}")

    def do(self, name: str, by: str, phase: str = "", seed: int = 7, **fields: Any) -> Accepted | Refused:
        """Give a command and fold what it leads to; the id is new each time."""
        return self.give(Command(name, f"t{next(self._ids)}", phase, fields, seed), by)

    def give(self, command: Command, by: str) -> Accepted | Refused:
        """Give a command that is made already."""
        command = self._prepared(self._with_keys(command), by)
        answer = self._act(command, by)
        if isinstance(answer, Accepted):
            self.ballot_boxes = filled(self.ballot_boxes, answer.secret_ballots)
            self.given.append(Given(command, by, self.now))
            self.log += [event._replace(body=plain(event.body)) for event in answer.events]
        return answer

    def after(self, minutes: float) -> None:
        """Time passes, and the clock does what it has to do on the way, each deadline at its own moment. Raises Stuck
        where a deadline leads to nothing."""
        until = self.now + minutes * 60.0
        while due := sorted(
            (d.at, p, d.command, d.key) for p, d in self.session.deadlines() if d.at <= until
        ):
            at, phase, command, key = due[0]
            self.now = max(self.now, at)
            answer = self.give(Command(command, f"clock:{phase}:{command}:{key}:{at}", phase), CLOCK)
            if isinstance(answer, Refused) or not answer.events:
                raise Stuck(f"the deadline {command} of {phase} leads to nothing")
        self.now = until

    def _act(self, command: Command, by: str) -> Accepted | Refused:
        return self.session.act(command, by, self.now)

    def _prepared(self, command: Command, by: str) -> Command:
        """With what the server would work out beside the loop."""
        work = self.session.work(command, by) if self.session.is_prepared_for(command) else None
        return command if work is None else command._replace(prepared=work())

    def _with_keys(self, command: Command) -> Command:
        """With what the server would put beside it: what lies in the boxes, and keys for new ones."""
        if command.name in OPENING_BALLOT_BOXES and self.keys_there:
            command = command._replace(ballot_boxes=self.ballot_boxes)
        if command.name in OPENING_PHASES and self.keys_there:
            wanted = without_key(self.session.agenda)
            command = command._replace(box_keys={phase: f"{phase}-{command.id}" for phase in wanted})
        return command
