"""The archive: which records a session has to write, and reading those that were written."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlmodel import col, select

from app.archive.dates import archived_at
from app.archive.identity import record_id
from app.archive.record import record_of
from app.archive.rows import RecordDraft, RecordGone
from app.database import Database
from app.database.tables import RecordRow
from app.streams.projections import Change
from sessions.entry import Entry
from sessions.session import Session

LIVE_ONLY = frozenset({"draft", "submitted"})
"""While a record is one of these it stands in the log alone."""


def record_rows(change: Change) -> Iterator[RecordDraft | RecordGone]:
    """What is to be written of the entries that a command has changed, as they are just after it."""
    for entry in change.items:
        if isinstance(entry, Entry):
            yield from _rows_of(entry, change.state)


def _rows_of(entry: Entry, session: Session) -> Iterator[RecordDraft | RecordGone]:
    if entry.id in session.entries and entry.status not in LIVE_ONLY:
        yield _draft(entry, session)
    elif not LIVE_ONLY.issuperset(entry.reached):
        yield RecordGone(entry.id)


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
