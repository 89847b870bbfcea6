"""The archive: which records a session has to write, and reading those that were written."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from app.archive.dates import archived_at
from app.archive.identity import record_id
from app.archive.record import record_of
from app.archive.rows import RecordDraft
from app.database import Database
from app.database.tables import RecordRow
from sessions.entry import Entry
from sessions.session import Session

LIVE_ONLY = frozenset({"draft", "submitted"})
"""While a record is one of these it stands in the log alone."""


def records_of(session: Session, since: int = 0) -> list[RecordDraft]:
    """The rows to write for entries that changed after a seq. They are written with those events."""
    changed = (entry for entry in session.entries.values() if entry.changed_seq > since)
    return [_draft(entry, session) for entry in changed if entry.status not in LIVE_ONLY]


def _draft(entry: Entry, session: Session) -> RecordDraft:
    return RecordDraft(
        id=record_id(session.code, entry),
        entry=entry.id,
        status=entry.status,
        title=entry.title,
        body=record_of(entry, session),
        seq=entry.changed_seq,
        archived_at=archived_at(entry),
    )


class Archive:
    """The records of every session in this database, for reading."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(self, record: UUID) -> RecordRow | None:
        """One record by its id."""
        async with self._database.db() as db:
            return await db.get(RecordRow, record)

    async def records(self, session: str = "") -> Sequence[RecordRow]:
        """A session's records, or everybody's, latest first."""
        wanted = select(RecordRow).order_by(col(RecordRow.updated).desc())
        if session:
            wanted = wanted.where(RecordRow.session == session)
        async with self._database.db() as db:
            return (await db.exec(wanted)).all()
