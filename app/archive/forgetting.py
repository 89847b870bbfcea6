"""What was withdrawn is forgotten: its words are erased in the session's log, and in the records that had heard them.

The session says what has been withdrawn; a task looks for the events that hold words of it, and erases these. Which
records have to forget is written in the same transaction, as a task for each: so it happens even where the server stops
in between, and doing it twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import orjson
from sqlalchemy import Connection, text

from app.archive.facts import facts_of, stream_of
from app.archive.handover import ServedSession, stamped
from app.database import Database
from app.streams import tasks
from app.streams.journal import Journal
from app.streams.log import Batch, Tail
from app.streams.projections import Change, Projections
from app.streams.task_outcomes import Ended
from app.streams.tasks import Task
from sessions.activity import Withdrawn
from sessions.entry import Entry
from sessions.messages import Event
from sessions.record import Record, fold
from sessions.record_erasing import forgetting
from sessions.session import Session

FORGET, FORGET_RECORD = "forget", "forget_record"
"""The kinds of these tasks: of a session, and of one of its records."""
SOON_SECONDS = 1.0
"""Seconds by the product's clock for which withdrawals wait for each other: after each erasure the session is folded
anew."""
WHY = "withdrawn"
ACTOR = "forgetting"
REASON = frozenset({"reason"})
"""The words of events that say why something was decided. They are not the withdrawn thing's, and stay."""
SUBJECTS = ("card", "entry", "about")
"""Fields that name what an event's words are about: of its body, or of the command in it that was set aside."""
QUESTION = "request"
"""The field that names a question. What that is about is told once, where it is asked."""

_WORDED = text(
    "SELECT seq, kind, phase, body FROM log WHERE stream = :stream AND words IS NOT NULL ORDER BY seq"
)
_ASKED = text("SELECT body FROM log WHERE stream = :stream AND body LIKE :question AND body LIKE :about")


class Worded(NamedTuple):
    """An event that holds words of people's."""

    seq: int
    kind: str
    phase: str
    body: str


def worded(db: Connection, stream: str) -> list[Worded]:
    """The events of a stream that hold words, oldest first."""
    return [Worded(*row) for row in db.execute(_WORDED, {"stream": stream})]


def asked_in(db: Connection, stream: str) -> dict[str, str]:
    """What each question of a session is about, by the question's id; also where its words are erased already."""
    naming = {"question": f'%"{QUESTION}":%', "about": '%"about":%'}
    bodies = map(orjson.loads, db.execute(_ASKED, {"stream": stream, **naming}).scalars())
    return {body[QUESTION]: body["about"] for body in bodies if QUESTION in body and "about" in body}


def forget_tasks(change: Change) -> Iterator[Task]:
    """One task for a session in which something was withdrawn; a newer one stands for those before it."""
    if any(isinstance(item, Withdrawn) for item in change.items):
        session = change.state
        yield Task(f"{FORGET}/{session.code}", FORGET, session.code, session.seq, session.at + SOON_SECONDS)


class FoldingSession(ServedSession, Protocol):
    """A desk that folds its session anew when words of it are gone."""

    def heard(self, seq: int) -> None:
        """The log goes up to ``seq``."""

    async def catch_up(self) -> bool:
        """Wait until all that is known which is on disk; False if the session is there no more."""


@dataclass(frozen=True)
class Forgetting:
    """Does these tasks. ``open_desk`` opens the desk of a session; ``now`` is the product's time."""

    database: Database
    journal: Journal
    open_desk: Callable[[str], Awaitable[FoldingSession | None]]
    now: Callable[[], float]
    projections: Projections

    # ---- in the session's log

    async def forget(self, task: Task) -> Ended | None:
        """Erase the words of all that was withdrawn in a session; None where there is nothing left to erase."""
        desk = await self.open_desk(task.stream)
        if desk is None:
            return None
        rows, asked = await self.database.read(
            lambda db: (worded(db, task.stream), asked_in(db, task.stream))
        )
        async with desk.settled:
            session = desk.session
            gone = {*session.withdrawn, *([f"entry:{task.body['entry']}"] if task.body else [])}
            seqs = withdrawn_in(rows, asked, session, gone)
            everywhere = any(subject.startswith("event:") for subject in gone)
            concerned = [e for e in session.entries.values() if everywhere or is_concerned(e, gone)]
        if seqs:
            await self.erase(desk, task.stream, seqs, WHY, ACTOR, concerned)
        return None

    async def erase(
        self,
        desk: FoldingSession,
        code: str,
        seqs: Collection[int],
        why: str,
        actor: str,
        concerned: Iterable[Entry],
    ) -> int:
        """Erase the words of these events; the seq of the event that says so. The records of the entries concerned are
        told to forget them too. Raises Conflict if one of the events has no words."""
        names = [entry.id for entry in concerned]

        def put(db: Connection, stream: str) -> None:
            seq = db.execute(_SEQ, {"stream": stream}).scalar_one()
            due = self.now()
            tasks.put(db, [_of_record(code, name, seq, due) for name in names])

        seq = await self.journal.erase(code, seqs, why, actor, self.now(), [put])
        desk.heard(seq)
        return seq

    # ---- in the streams of records

    async def forget_in_record(self, task: Task) -> Ended | None:
        """Erase in a record's stream what it had heard before an erasure, and say what still holds."""
        desk = await self.open_desk(task.stream)
        if desk is None:
            return None
        await desk.catch_up()
        async with desk.settled:
            entry = desk.session.entries.get(task.body["entry"])
            if entry is None:
                return None
            stream, facts = stream_of(task.stream, entry), facts_of(entry, desk.session)
            whole = f"entry:{entry.id}" in desk.session.withdrawn
        if await self.journal.head(stream) is not None:
            await self._forget_heard(task, stream, facts, whole)
        return None

    async def _forget_heard(self, task: Task, stream: str, facts: Mapping[str, Any], whole: bool) -> None:
        rows = await self.database.read(lambda db: worded(db, stream))
        seqs = [row.seq for row in rows if _heard_before(row.body, task.stream, task.seq)]

        def decide(held: Mapping[str, Tail]) -> dict[str, Batch]:
            record = fold(held[stream].events)
            said = forgetting(record, {"session": task.stream, "seq": task.seq}, facts, seqs, whole)
            return self._batch(stream, record, said, seqs, f"{FORGET}:{task.stream}:{task.seq}")

        await self.journal.append_all({stream: 0}, decide)

    def _batch(
        self, stream: str, record: Record, said: list[Event], seqs: Collection[int], command: str
    ) -> dict[str, Batch]:
        if not said or command in record.commands:
            return {}
        events = stamped(record, said, self.now(), command, ACTOR)
        batch = self.projections.gather().batch(events, record)
        gone = self.journal.forgetting(seqs) if seqs else []
        return {stream: Batch(batch.events, [*gone, *batch.beside], frozenset({"log"}))}


def _heard_before(body: str, session: str, seq: int) -> bool:
    """Whether an event of a record brought what a session said before an erasure."""
    origin = orjson.loads(body).get("origin", {})
    return bool(origin.get("session") == session and origin["seq"] < seq)


_SEQ = text("SELECT seq FROM heads WHERE stream = :stream")


def _of_record(code: str, entry: str, seq: int, due: float) -> Task:
    return Task(f"{FORGET_RECORD}/{code}/{entry}", FORGET_RECORD, code, seq, due, {"entry": entry})


def withdrawn_in(
    rows: Iterable[Worded], asked: Mapping[str, str], session: Session, withdrawn: Collection[str]
) -> list[int]:
    """The seqs of the events whose words are of something that was withdrawn; with an entry its idea is. ``asked`` says
    what each question is about."""
    gone = set(withdrawn)
    gone |= {
        f"card:{entry.idea.id}"
        for entry in session.entries.values()
        if entry.idea is not None and f"entry:{entry.id}" in gone
    }
    named = {int(subject.removeprefix("event:")) for subject in gone if subject.startswith("event:")}
    return [
        row.seq
        for row in rows
        if row.seq in named or (_subjects(row.body, asked) & gone and not _is_reason(row, session))
    ]


def _subjects(body: str, asked: Mapping[str, str]) -> set[str]:
    """What an event's words are about, as ``card:…`` and ``entry:…``."""
    said = orjson.loads(body)
    sent = said.get("fields")
    said |= sent if isinstance(sent, dict) else {}
    names = [said.get(name) for name in SUBJECTS] + [asked.get(str(said.get(QUESTION)))]
    return {f"{kind}:{name}" for name in names if isinstance(name, str) for kind in ("card", "entry")}


def _is_reason(row: Worded, session: Session) -> bool:
    return session.words_of(row.kind, row.phase) <= REASON


def is_concerned(entry: Entry, withdrawn: Collection[str]) -> bool:
    """Whether an entry is withdrawn, or holds words of a card that is."""
    origins = [card for card in (entry.idea, entry.need) if card is not None]
    cards = [card.id for origin in origins for card in (origin, *origin.behind)]
    told = {f"entry:{entry.id}", *(f"card:{card}" for card in (*cards, *entry.every("feedback")))}
    return not told.isdisjoint(withdrawn)
