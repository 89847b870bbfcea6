"""From session to record: each entry that has changed is handed over to its record's stream, by a task.

The task brings the whole entry as the session has it when it is done, never a delta: what comes late, twice or out of
order changes nothing. What the record's stream gets and the end of the task are one transaction, so it happens once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Connection

from app.archive.facts import facts_of, stream_of
from app.streams import tasks
from app.streams.heads import RECORD
from app.streams.journal import Journal
from app.streams.log import Batch, Tail, Write
from app.streams.projections import Change, Projections
from app.streams.task_outcomes import Ended
from app.streams.tasks import Task
from sessions.entry import Entry
from sessions.messages import Event
from sessions.record import Record, fold, hear
from sessions.record_shapes import Origin
from sessions.revealing import is_kept_secretly
from sessions.session import Session

HANDOVER = "handover"
"""The kind of these tasks."""
COALESCE_SECONDS = 5.0
"""Seconds by the product's clock for which changes of one entry wait for each other: who writes saves all the time."""
ACTOR = "handover"
"""Who has appended what a hand-over brought."""


def handover_tasks(change: Change) -> Iterator[Task]:
    """A task for each entry that a command has changed; a newer one stands for those before it."""
    for entry in change.items:
        if isinstance(entry, Entry):
            name = f"{HANDOVER}/{change.state.code}/{entry.id}"
            due = change.state.at + COALESCE_SECONDS
            yield Task(name, HANDOVER, change.state.code, change.state.seq, due, {"entry": entry.id})


def put_tasks(db: Connection, stream: str, put: Iterable[Task]) -> None:
    """Write the tasks, with the events that they come from."""
    tasks.put(db, {task.id: task for task in put}.values())


class ServedSession(Protocol):
    """A desk, as whoever hands over sees it."""

    @property
    def session(self) -> Session:
        """As it stands; what is on disk while ``settled`` is held."""

    @property
    def settled(self) -> AbstractAsyncContextManager[Any]: ...


@dataclass(frozen=True, slots=True)
class Told:
    """What a session says of an entry: ``facts`` as of ``seq``; the record that it is about."""

    seq: int
    stream: str
    facts: Mapping[str, Any]


class HandingOver:
    """Does hand-overs. ``open_desk`` opens the desk of a session, None if there is no such session."""

    def __init__(
        self,
        journal: Journal,
        open_desk: Callable[[str], Awaitable[ServedSession | None]],
        now: Callable[[], float],
        projections: Projections,
    ) -> None:
        self._journal, self._open_desk = journal, open_desk
        self._now, self._projections = now, projections

    async def __call__(self, task: Task) -> Ended | None:
        """Hand an entry over, or (where the task names none) every entry of a session; None where it is no more."""
        desk = await self._open_desk(task.stream)
        entries = [] if desk is None else [task.body["entry"]] if task.body else list(desk.session.entries)
        for entry in entries[:-1]:
            await self._hand_over(desk, task, entry, ())
        return await self._hand_over(desk, task, entries[-1], [tasks.ended(task)]) if entries else None

    async def _hand_over(
        self, desk: ServedSession | None, task: Task, entry: str, beside: Sequence[Write]
    ) -> Ended | None:
        handed = await self._ask(desk, task.stream, entry)
        if handed is None:
            return None

        def decide(held: Mapping[str, Tail]) -> dict[str, Batch]:
            record = fold(held[handed.stream].events)
            origin: Origin = {"session": task.stream, "seq": handed.seq}
            events = stamped(
                record, hear(record, entry, origin, handed.facts), self._now(), f"{task.stream}:{handed.seq}"
            )
            batch = self._projections.gather().batch(events, record)
            return {handed.stream: Batch(batch.events, [*batch.beside, *beside])}

        await self._journal.append_all({handed.stream: 0}, decide, begun_as=RECORD)
        return Ended()

    async def _ask(self, desk: ServedSession | None, code: str, entry: str) -> Told | None:
        """What the session says of the entry now, as far as it is on disk. Nothing, as long as nobody may know that its
        idea was kept: the session changes it again when that is shown."""
        if desk is None:
            return None
        async with desk.settled:
            found = desk.session.entries.get(entry)
            if found is None or is_kept_secretly(desk.session, found):
                return None
            return Told(desk.session.seq, stream_of(code, found), facts_of(found, desk.session))


def stamped(
    record: Record, events: Sequence[Event], now: float, command: str, actor: str = ACTOR
) -> list[Event]:
    """Events with their places in the record's stream, folded in. ``now`` is wall time, seconds since 1970 UTC."""
    placed = []
    for event in events:
        placed.append(event.stamped(record.seq + 1, now, actor, command))
        record.evolve(placed[-1])
    return placed
