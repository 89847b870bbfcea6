"""Deletes a session when its time to be taken back is over: nobody serves it any more, then its rows and keys go."""

from __future__ import annotations

from app.database import Database
from app.live.desks import Desks
from app.streams.deletion import delete_session
from app.streams.ledger import Ledger
from app.streams.tasks import Task


class Deleting:
    """Does these tasks. A second time finds nothing left to do."""

    def __init__(self, database: Database, desks: Desks, ledger: Ledger) -> None:
        self._database, self._desks, self._ledger = database, desks, ledger

    async def __call__(self, task: Task) -> None:
        code = task.stream
        await self._desks.close_for_good(code)
        await self._desks.keys.apart(self._ledger.note_session, code)
        await self._database.write(lambda db: delete_session(db, code))
        await self._desks.close_for_good(code)  # somebody may have asked for it until the rows were gone
        await self._desks.keys.apart(self._desks.keys.tidy, code, (), self._desks.keys.of(code))
        await self._database.forget_erased(
            "log", "people", "cookies", "links", "snapshots", "records", "heads"
        )
