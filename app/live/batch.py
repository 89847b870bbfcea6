"""A batch of a desk: commands that are decided one after the other on their way to the log.

What is decided is folded in at once, so that the next command meets it; none of it is told to anybody before it is on
disk. The same id from the same sender gives the same answer and no second event.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from app.live.boxes import OpenedBoxes
from app.streams.ballot_box import Box, read_boxes
from app.streams.box_keys import BoxKeys
from app.streams.journal import Batch, Look
from app.streams.projections import Change, Gathering, Projections
from sessions.audience import CLOCK
from sessions.messages import (
    BallotBoxes,
    Command,
    Emptied,
    Erasure,
    Event,
    Personal,
    PublicKeys,
    Refused,
    SecretBallot,
    refuse,
)
from sessions.session import Accepted, Session
from sessions.session_commands import OPENING_BALLOT_BOXES, OPENING_PHASES

log = logging.getLogger(__name__)

Answer = Callable[[Command, int | Refused], None]
"""Called with the command and the seq of its last event once that is on disk, or with why not."""

STEERING = OPENING_BALLOT_BOXES | OPENING_PHASES
FAILED = refuse(
    "failed", "That did not work here. What you wrote stays on your device; tell the facilitator."
)

Answered = tuple[Answer, Command, int | Refused]
"""Who wants to know, what they had asked for, and the answer."""

Waiting = tuple[Command, str, Answer]
"""A command on its way to a decision: what, from whom, and who wants to know."""


@dataclass(slots=True)
class CommandBatch:
    """Commands, and what has been decided of them. ``boxes`` are as they were on disk before, ``new_keys`` are for
    boxes of phases that open, ``old`` are answers that were given so long ago that only the log knows."""

    code: str
    session: Session
    commands: list[Waiting]
    projections: Projections
    keys: BoxKeys
    answers: list[Answered] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    personal: list[Personal | Erasure] = field(default_factory=list)
    ballots: list[SecretBallot | Emptied] = field(default_factory=list)
    behind: bool = False
    """Whether others had appended something meanwhile."""
    boxes: dict[str, Box] = field(default_factory=dict)
    new_keys: PublicKeys | None = None
    old: dict[str, int] = field(default_factory=dict)
    beside: Gathering = field(init=False)
    broken: bool = False
    """A rule broke, and nobody knows what the live state is worth now."""
    again: list[Waiting] = field(default_factory=list)
    """What has to be decided once more."""
    sound: int = 0
    """How many commands had been decided before a rule broke."""

    def __post_init__(self) -> None:
        self.beside = self.projections.gather()

    def ids(self) -> Iterator[str]:
        """The ids of the batch as the log has them."""
        return (_own_id(sender, command.id) for command, sender, _ in self.commands)

    @property
    def undecided(self) -> list[Waiting]:
        """What needs another batch."""
        return self.again or self.commands[len(self.answers) :]

    @property
    def look(self) -> Look | None:
        """Reads what lies in the ballot boxes, where a command has to know it."""
        opens = any(command.name in OPENING_BALLOT_BOXES for command, *_ in self.commands)
        return self._read_boxes if opens else None

    @property
    def opens_phases(self) -> bool:
        """Whether a command of it may open a phase."""
        return any(command.name in OPENING_PHASES for command, *_ in self.commands)

    @property
    def steers(self) -> bool:
        """Whether a command of it may open or close a phase."""
        return any(command.name in STEERING for command, *_ in self.commands)

    def _read_boxes(self, db: Connection, stream: str) -> None:
        self.boxes.update(read_boxes(db, stream))

    def decide(self, tail: Sequence[Event], now: float) -> Batch:
        """What the batch leads to, after what others have appended meanwhile. ``now`` is wall time in seconds."""
        self.behind = bool(tail)
        for event in tail:
            self.session.evolve(event)
        self.session.take_changed_entries()  # whoever appended these events has written what they led to
        self.session.take_withdrawn()
        for command, sender, answer in self.commands:
            self.answers.append((answer, command, self._decide(command, sender, now)))
            if self.broken:
                self._spoil()
                return Batch(())
        return self.beside.batch(tuple(self.events), self.session)

    def _decide(self, command: Command, sender: str, now: float) -> int | Refused:
        own_id = _own_id(sender, command.id)
        known = self.session.answered.get(own_id) or self.old.get(own_id)
        if known is not None:
            return known
        try:
            mine = command.by(own_id, self._ballot_boxes(command), self._new_keys(command))
            told = self.session.act(mine, sender, now)
        except Exception:
            log.exception("deciding %s in %s failed", command.name, self.code)
            self.broken = True
            return FAILED
        if isinstance(told, Refused):
            return told
        if (
            not told.events and sender != CLOCK
        ):  # a deadline that is not due yet comes again under the same id
            self.events.append(self.session.note_unchanged(mine, sender, now))
        return self._take(told)

    def _ballot_boxes(self, command: Command) -> BallotBoxes | None:
        if command.name not in OPENING_BALLOT_BOXES or not self.keys.belongs:
            return None
        return OpenedBoxes(self.session, self.keys, self.boxes, self.ballots)

    def _new_keys(self, command: Command) -> PublicKeys | None:
        return self.new_keys if command.name in OPENING_PHASES else None

    def _take(self, told: Accepted) -> int:
        self.events += told.events
        self.personal += told.personal
        self.ballots += told.secret_ballots
        if told.personal or told.secret_ballots or told.entries or told.withdrawn:
            items = (*told.personal, *told.secret_ballots, *told.entries, *told.withdrawn)
            self.beside.take(Change(told.events, items, self.session))
        return self.session.seq

    def _spoil(self) -> None:
        """All but the command whose rule broke is decided again, after another fold."""
        self.sound = at = len(self.answers) - 1
        self.again = [*self.commands[:at], *self.commands[at + 1 :]]
        self.answers = self.answers[at:]
        self.events, self.personal, self.ballots = [], [], []
        self.beside = self.projections.gather()


def _own_id(sender: str, command_id: str) -> str:
    """Ids are made by clients, so each sender has a space of its own: nobody can answer for another's command. The
    client's part stands first because it begins with the time: the log's index of commands then grows at its end, and a
    ballot does not cost a page of it somewhere in the middle."""
    return f"{command_id}:{sender}"
