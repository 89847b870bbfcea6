"""The processes that share a database, from one of them: what they tell each other, and who is told of it here."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.audience.presence import PRESENCE, Presence
from app.audience.shared_presence import SharedPresence
from app.database import Database
from app.database.postgres import PostgresDatabase
from app.live.desks import Desks
from app.people.store import REVOKED, People, Revoked
from app.streams.journal import LOG
from app.streams.notices import Notices
from app.streams.tasks import TASKS
from app.streams.worker import Worker


def presence_in(database: Database) -> Presence:
    """Who is connected, as far as processes on this database tell each other."""
    if isinstance(database, PostgresDatabase):
        return SharedPresence(database, database.name)
    return Presence()


@asynccontextmanager
async def neighbours(database: Database, people: People, desks: Desks, worker: Worker) -> AsyncIterator[None]:
    """Live with them until the block ends; where a database belongs to one process there are none."""
    if not isinstance(database, PostgresDatabase):
        yield
        return
    desks.presence.on_change = desks.presence_changed
    people.tell_others = lambda revoked: database.announce(REVOKED, revoked.session, revoked.word())
    hear = {
        TASKS: lambda session, word: worker.hear(float(word)),
        LOG: lambda session, word: desks.heard(session, int(word)),
        PRESENCE: lambda session, word: desks.presence.look_soon(),
        REVOKED: lambda session, word: people.hear(Revoked.from_notice(session, word)),
    }
    tidings = Notices(database, hear, (desks.look, people.look, desks.presence.look))
    tidings.start()
    try:
        yield
    finally:
        await tidings.close()
        await desks.presence.close()
