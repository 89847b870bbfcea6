"""The journal keeps logs: what was appended is acknowledged only after the commit."""

from app.database import Database
from app.database.postgres import PostgresDatabase
from app.database.sqlite import SqliteDatabase
from app.streams.base_journal import LOG, Decide, Journal, JournalError, Look
from app.streams.heads import Conflict, Head
from app.streams.ledger import Ledger
from app.streams.log import Batch
from app.streams.postgres_journal import PostgresJournal
from app.streams.sqlite_journal import SqliteJournal

__all__ = [
    "LOG",
    "Batch",
    "Conflict",
    "Decide",
    "Head",
    "Journal",
    "JournalError",
    "Look",
    "PostgresJournal",
    "SqliteJournal",
    "open_journal",
]


def open_journal(database: Database, ledger: Ledger | None = None) -> Journal:
    """The journal in a database, in the way that is fast there. What is erased through it stands in the ledger."""
    if isinstance(database, PostgresDatabase):
        return PostgresJournal(database, ledger)
    assert isinstance(database, SqliteDatabase)
    return SqliteJournal(database, ledger)
