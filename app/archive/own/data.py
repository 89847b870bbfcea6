"""Everything that is held about one person of a session, to be handed to that person: read from tables and logs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, RowMapping, or_, select

from app.database.tables import table
from app.streams.chain import with_words

_people, _log, _records = table("people"), table("log"), table("records")
_cookies, _links, _sessions = table("cookies"), table("links"), table("sessions")
_HIDDEN = frozenset({"told", "token", "session", "person", "replaces"})
"""Columns that say nothing about anybody, and hashes of what lets somebody in."""

Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class OwnData:
    """What is held: the person's row, their browsers, the ``links`` that they opened or ``made``, what they did in
    their own words (``events``), and where others did something that names them (``named``: when and of what kind; the
    rest is about others too)."""

    session: str
    title: str
    person: str
    row: Fields
    browsers: Sequence[Fields]
    links: Sequence[Fields]
    made: Sequence[Fields]
    events: Sequence[Fields]
    named: Sequence[Fields]

    def as_json(self) -> bytes:
        """The same for machines."""
        return orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2)


def read_own_data(db: Connection, session: str, person: str) -> OwnData | None:
    """What is held about a person; None if the session has nobody of that id."""
    here = (_people.c.session == session) & (_people.c.person == person)
    row = db.execute(select(_people).where(here)).mappings().one_or_none()
    if row is None:
        return None
    title = db.execute(select(_sessions.c.title).where(_sessions.c.code == session)).scalar_one()
    events = [*_events(db, session, person)]
    return OwnData(
        session,
        title,
        person,
        _row(row),
        _rows(db, _cookies.c.session == session, _cookies.c.person == person),
        _rows(db, _links.c.session == session, _links.c.person == person),
        _rows(db, _links.c.session == session, _links.c.made_by == person),
        [event for own, event in events if own],
        [{name: event[name] for name in ("at", "stream", "seq", "kind")} for own, event in events if not own],
    )


def people_called(db: Connection, session: str, called: str) -> list[str]:
    """The ids of those who are called so, or whose id it is."""
    here = select(_people.c.person, _people.c.name).where(_people.c.session == session)
    wanted = called.casefold()
    return [row.person for row in db.execute(here) if wanted in (row.person.casefold(), row.name.casefold())]


def _row(row: RowMapping) -> Fields:
    known = _shown(row)
    return {**known, "contact": orjson.loads(known.get("contact") or "{}")}


def _rows(db: Connection, *wanted: ColumnElement[bool]) -> list[Fields]:
    of = wanted[0].left.table
    return [_shown(row) for row in db.execute(select(of).where(*wanted)).mappings()]


def _shown(row: RowMapping) -> Fields:
    return {name: _plain(value) for name, value in row.items() if name not in _HIDDEN}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _events(db: Connection, session: str, person: str) -> Iterator[tuple[bool, Fields]]:
    """Events of the session and of its records that the person brought about, or that name them; whether it is the
    first."""
    of_records = select(_records.c.stream).where(_records.c.session == session)
    here = or_(_log.c.stream == session, _log.c.stream.in_(of_records))
    names = or_(_log.c.actor == person, _log.c.body.contains(f'"{person}"', autoescape=True))
    for row in db.execute(select(_log).where(here, names).order_by(_log.c.at, _log.c.stream, _log.c.seq)):
        yield row.actor == person, _event(row._mapping)


def _event(row: Mapping[Any, Any]) -> Fields:
    said = with_words(orjson.loads(row["body"] or "{}"), row["words"])
    at = datetime.fromtimestamp(row["at"], UTC).isoformat(timespec="seconds")
    place = {name: row[name] for name in ("stream", "seq", "kind", "phase")}
    return {"at": at, **place, "said": said}
