"""Records by command: loaded, decided, appended and forgotten, all in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from app.archive.facts import PREFIX
from app.archive.forgetting import FORGET
from app.archive.handover import stamped
from app.streams import tasks
from app.streams.journal import Journal
from app.streams.log import Batch, Tail
from app.streams.projections import Projections
from app.streams.tasks import Task
from sessions.messages import Command, Event, Refused, refuse
from sessions.record import Record, fold
from sessions.record_commands import Sender, decide
from sessions.record_erasing import withdraws, written_in
from sessions.record_shapes import record_event


@dataclass
class Records:
    """Every record of this database. ``now`` is wall time, seconds since 1970 UTC."""

    journal: Journal
    now: Callable[[], float]
    projections: Projections

    async def read(self, stream: str) -> Record:
        """A record as its stream has it; one without an event where there is none. Raises Unproved."""
        events = await self.journal.read(stream)
        await self.journal.check_end(stream)
        return fold(events)

    async def do(self, stream: str, command: Command, sender: Sender) -> int | Refused:
        """The seq of the command's last event once it is on disk, or why not. The same id from the same sender gives
        the same answer. Raises Conflict where there is no such stream."""
        asking = _Asking(stream, command, sender, self.journal, self.now, self.projections)
        await self.journal.append_all(dict.fromkeys(asking.streams, 0), asking.decide)
        return asking.answer


@dataclass
class _Asking:
    """One command on its way; it may be decided more than once until it is stored."""

    stream: str
    command: Command
    sender: Sender
    journal: Journal
    now: Callable[[], float]
    projections: Projections
    answer: int | Refused = field(init=False, default=0)

    @property
    def streams(self) -> list[str]:
        """What has to be held: whoever merges holds both, so that no circle can come about."""
        into = self.command.text("into") if self.command.name == "merge" else ""
        return sorted({self.stream, *([f"{PREFIX}{into}"] if into else [])})

    def decide(self, held: Mapping[str, Tail]) -> dict[str, Batch]:
        record = fold(held[self.stream].events)
        own_id = f"{self.command.id}:{self.sender.person}"
        known = record.commands.get(own_id)
        decision = [] if known else self._refuse_target(held) or decide(record, self.command, self.sender)
        if isinstance(decision, Refused):
            self.answer = decision
            return {}
        gone = written_in(held[self.stream].events) if withdraws(decision) else []
        said = [*decision, record_event("erased", seqs=gone, why="withdrawn")] if gone else decision
        events = stamped(record, said, self.now(), own_id, self.sender.person)
        self.answer = known or record.seq
        return {self.stream: self._batch(record, events, gone)} if events else {}

    def _batch(self, record: Record, events: Sequence[Event], gone: list[int]) -> Batch:
        """What is written: with a record that is withdrawn its words go, in its own stream and in its session."""
        if not gone:
            return self.projections.gather().batch(events, record)
        record.forget()
        batch = self.projections.gather().batch(events, record)
        session, now = record.sessions[0], self.now()
        task = Task(
            f"{FORGET}/{session}/{record.entry}", FORGET, session, record.seq, now, {"entry": record.entry}
        )
        beside = [
            *self.journal.forgetting(gone),
            *batch.beside,
            lambda db, name: tasks.put(db, [task]),
        ]
        return Batch(batch.events, beside, frozenset({"log"}))

    def _refuse_target(self, held: Mapping[str, Tail]) -> Refused | None:
        """A record goes only into one that stands for itself."""
        others = [fold(tail.events) for name, tail in held.items() if name != self.stream]
        if any(other.merged_into for other in others):
            return refuse("no_such_step", "A record cannot go there from where it stands.")
        return None
