"""Entries of a session that nobody serves are handed over to their records."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from app.archive.handover import HANDOVER, HandingOver
from app.clock import RaceClock
from app.database import Database
from app.projections import PROJECTIONS
from app.streams import tasks
from app.streams.journal import open_journal
from app.streams.tasks import Task
from app.streams.worker import Worker
from sessions.session import Session


@dataclass
class Served:
    """A session as a desk has it, when nobody is at the desk."""

    session: Session
    settled: asyncio.Lock = field(default_factory=asyncio.Lock)


async def hand_over_all(database: Database, code: str, now: float = 0.0) -> Session:
    """Do what a server does with a session's hand-over task; the session."""
    session, journal = Session(), open_journal(database)
    for event in await journal.read(code):
        session.evolve(event)
    served = Served(session)

    async def open_desk(asked: str) -> Served | None:
        return served if asked == code else None

    task = Task(f"{HANDOVER}/{code}", HANDOVER, code, session.seq)
    await database.write(lambda db: tasks.put(db, [task]))
    handing = HandingOver(journal, open_desk, lambda: now, PROJECTIONS)
    await Worker(database, RaceClock(), {HANDOVER: handing}).work()
    return session
