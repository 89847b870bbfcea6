"""A session that is deleted: asked for, taken back within days, and then all of its rows go."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select, text

from app.database.tables import METADATA, table
from app.streams import tasks
from app.streams.tasks import Task

DELETE = "delete"
"""The kind of the tasks that delete sessions."""
UNDO_SECONDS = 7 * 86400.0
"""Race seconds in which it can be taken back."""

_log, _heads, _tasks = table("log"), table("heads"), table("tasks")
_records, _sessions = table("records"), table("sessions")
_TAKE_BACK = text("DELETE FROM tasks WHERE id = :id")
_DUE = text("SELECT next FROM tasks WHERE id = :id")


def ask_deletion(db: Connection, code: str, seq: int, now: float) -> None:
    """A session is to be deleted in a week; asked again it stays at the first time. ``seq`` is where its log ends."""
    if deletion_due(db, code) is None:
        tasks.put(db, [Task(_id(code), DELETE, code, seq, now + UNDO_SECONDS)])


def take_back_deletion(db: Connection, code: str) -> None:
    """The session stays."""
    db.execute(_TAKE_BACK, {"id": _id(code)})


def deletion_due(db: Connection, code: str) -> float | None:
    """When a session will be deleted, by the product's clock; None if it will not."""
    due = db.execute(_DUE, {"id": _id(code)}).scalar_one_or_none()
    return None if due is None else float(due)


def delete_session(db: Connection, code: str) -> None:
    """Take away every row of a session. What stays are its archived records, each with its own stream and the seq and
    the session that it came from, and as long as there are some the session's code and title."""
    of_session = select(_records.c.stream).where(_records.c.session == code)
    streams = list(db.execute(of_session.where(_records.c.archived_at.is_(None))).scalars())
    db.execute(delete(_records).where(_records.c.stream.in_(streams)))
    for each in METADATA.sorted_tables:
        if "session" in each.c and each is not _records:
            db.execute(delete(each).where(each.c.session == code))
    gone = [code, *streams]
    for each in (_tasks, _log, _heads):
        db.execute(delete(each).where(each.c.stream.in_(gone)))
    if not db.execute(of_session).first():
        db.execute(delete(_sessions).where(_sessions.c.code == code))


def _id(code: str) -> str:
    return f"{DELETE}/{code}"
