"""Erasing somebody and making a staff link as the server does, for tests in which no server runs."""

from __future__ import annotations

import secrets

from app.database import Database
from app.people.links import Link, keep_link
from app.people.rows import put_personal
from app.people.store import People
from sessions.messages import Erasure
from tests.support.patience import until


async def erase(database: Database, people: People, session: str, person: str) -> None:
    """Empty a person's rows, lock out their browsers, and wait until the disk has forgotten too."""
    directory = await people.directory(session)
    await database.write(lambda db: put_personal(db, session, [Erasure(person)]))
    directory.take(Erasure(person))
    directory.on_erased(person)
    await until(lambda: people._sweeping is None or people._sweeping.done())


async def new_link(database: Database, session: str, role: str) -> str:
    """The token of a link that makes whoever opens it first a ``role`` of the session."""
    token = secrets.token_urlsafe()
    await database.write(lambda db: keep_link(db, token, Link(role, session)))
    return token
