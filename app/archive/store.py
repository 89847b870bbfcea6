"""The archive: reading the records that there are."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from app.database import Database
from app.database.tables import RecordRow


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
