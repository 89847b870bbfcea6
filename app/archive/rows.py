"""The archive's rows: records as the log has them, written together with the events that changed them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from app.database.tables import table

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


@dataclass(frozen=True, slots=True)
class RecordGone:
    """An entry that has a record no more: it was given up, or is being worked on again."""

    entry: str


def put_records(db: Connection, session: str, drafts: Iterable[RecordDraft | RecordGone]) -> None:
    """Write records whose events are in the log (perhaps in this transaction); an entry has one record."""
    for draft in {draft.entry: draft for draft in drafts}.values():
        if isinstance(draft, RecordGone):
            db.execute(delete(_records).where(_of(session, draft.entry)))
        else:
            _put(db, session, draft)


def _put(db: Connection, session: str, draft: RecordDraft) -> None:
    # An entry that was given up and begun anew is another record under the same entry's id.
    entry = _of(session, draft.entry)
    db.execute(delete(_records).where(entry, _records.c.id != draft.id))
    row = _row(db, session, draft)
    if not db.execute(update(_records).where(entry).values(row)).rowcount:
        db.execute(insert(_records).values(id=draft.id, session=session, entry=draft.entry, **row))


def _of(session: str, entry: str) -> ColumnElement[bool]:
    return (_records.c.session == session) & (_records.c.entry == entry)


def _row(db: Connection, session: str, draft: RecordDraft) -> dict[str, Any]:
    """The columns. All of them follow from the log, so that the row can be made again."""
    here = (_log.c.stream == session) & (_log.c.seq == draft.seq)
    digest, at = db.execute(select(_log.c.digest, _log.c.at).where(here)).one()
    return {
        "status": draft.status,
        "title": draft.title,
        "body": orjson.dumps(draft.body, option=orjson.OPT_SORT_KEYS).decode(),
        "seq": draft.seq,
        "digest": digest,
        "updated": _moment(at),
        "archived_at": None if draft.archived_at is None else _moment(draft.archived_at),
    }


def _moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)
