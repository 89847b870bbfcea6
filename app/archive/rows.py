"""The archive's rows: records as the log has them, written together with the events that changed them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, delete, insert, select, update

from app.database.tables import now, table

_records, _log = table("records"), table("log")


@dataclass(frozen=True, slots=True)
class RecordDraft:
    """A record to be written. ``seq`` is the event that changed it last; ``archived_at`` is wall time in
    seconds since 1970 UTC."""

    id: UUID
    entry: str
    status: str
    title: str
    body: Mapping[str, Any]
    seq: int
    archived_at: float | None = None


def put_records(db: Connection, session: str, drafts: Iterable[RecordDraft]) -> None:
    """Write records whose events are in the log (perhaps in this transaction); an entry has one record."""
    for draft in drafts:
        _put(db, session, draft)


def _put(db: Connection, session: str, draft: RecordDraft) -> None:
    # An entry that was given up and begun anew is another record under the same entry's id.
    entry = (_records.c.session == session) & (_records.c.entry == draft.entry)
    db.execute(delete(_records).where(entry, _records.c.id != draft.id))
    row = _row(db, session, draft)
    if not db.execute(update(_records).where(entry).values(row)).rowcount:
        db.execute(insert(_records).values(id=draft.id, session=session, entry=draft.entry, **row))


def _row(db: Connection, session: str, draft: RecordDraft) -> dict[str, Any]:
    event = select(_log.c.digest).where(_log.c.session == session, _log.c.seq == draft.seq)
    at = draft.archived_at
    return {
        "status": draft.status,
        "title": draft.title,
        "body": orjson.dumps(draft.body, option=orjson.OPT_SORT_KEYS).decode(),
        "seq": draft.seq,
        "digest": db.execute(event).scalar_one(),
        "updated": now(),
        "archived_at": None if at is None else datetime.fromtimestamp(at, UTC),
    }
