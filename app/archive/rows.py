"""The archive's rows: each record as its own stream has it, written with that stream's events."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, delete, insert, select

from app.archive.facts import PREFIX, grouped
from app.database.tables import table
from app.streams.projections import Change
from sessions.record import Record

_records, _heads = table("records"), table("heads")


@dataclass(frozen=True, slots=True)
class RecordNow:
    """A record as it is at the seq of its last event; times are wall time in seconds since 1970 UTC."""

    session: str
    entry: str
    status: str
    title: str
    body: bytes
    seq: int
    updated: float
    archived_at: float | None


def record_rows(change: Change) -> Iterator[RecordNow]:
    """The row of a record that has changed."""
    if isinstance(change.state, Record) and change.state.seq:
        yield _row_of(change.state)


def _row_of(record: Record) -> RecordNow:
    title = record.values.get("identity.title") or {}
    archived = next((step.at for step in record.steps if step.status == "archived"), None)
    return RecordNow(
        session=record.sessions[0],
        entry=record.entry,
        status=record.status,
        title=next(iter(title.values()), ""),
        body=orjson.dumps(
            {**grouped(record.values), "reviews": reviews_of(record)}, option=orjson.OPT_SORT_KEYS
        ),
        seq=record.seq,
        updated=record.at,
        archived_at=archived,
    )


def reviews_of(record: Record) -> dict[str, dict[str, Any]]:
    """Whoever has read each text as it stands, and when; wall time in seconds since 1970 UTC."""
    found = {name: record.review_of(name) for name in record.texts}
    return {name: {"by": review.actor, "at": review.at} for name, review in found.items() if review}


def put_records(db: Connection, stream: str, records: Iterable[RecordNow]) -> None:
    """Write the newest of a record's rows, in the transaction of its events."""
    newest = list(records)[-1]
    db.execute(delete(_records).where(_records.c.stream == stream))
    db.execute(
        insert(_records).values(
            id=UUID(stream.removeprefix(PREFIX)),
            stream=stream,
            session=newest.session,
            entry=newest.entry,
            status=newest.status,
            title=newest.title,
            body=newest.body.decode(),
            seq=newest.seq,
            digest=db.execute(select(_heads.c.digest).where(_heads.c.stream == stream)).scalar_one(),
            updated=_moment(newest.updated),
            archived_at=None if newest.archived_at is None else _moment(newest.archived_at),
        )
    )


def _moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)
