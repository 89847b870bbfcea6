"""People's rows: what is known of a person by name, written on a connection that may write."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, insert, select, update

from app.database.tables import now, table
from app.people.keys import Seat, drop_cookies
from app.people.links import drop_labels
from sessions.messages import Erasure, Personal

Write = Callable[[Connection, str], None]
"""Something that is written in a transaction of ours: ``write(connection, session)``."""
OWN_COLUMNS = ("name", "organisation", "language")
"""Everything else that is told about a person is contact data."""
COLUMN_OF = {"alias": "name"}
"""What the check-in form calls it."""

_people = table("people")


def put_personal(db: Connection, session: str, told: Iterable[Personal | Erasure]) -> None:
    """Take in what people told of themselves; a field that is not told stays. Who is erased stays erased."""
    for item in told:
        if isinstance(item, Erasure):
            empty_person(db, session, item.person)
        else:
            _put(db, session, item)


def _put(db: Connection, session: str, personal: Personal) -> None:
    theirs = (_people.c.session == session) & (_people.c.person == personal.person)
    row = db.execute(select(_people.c.contact, _people.c.erased).where(theirs)).one_or_none()
    if row is None:
        fresh = {"name": "", "organisation": "", "language": "", **_columns(personal.fields, "{}")}
        db.execute(insert(_people).values(session=session, person=personal.person, created=now(), **fresh))
    elif row.erased is None:
        db.execute(update(_people).where(theirs).values(_columns(personal.fields, row.contact)))


def _columns(fields: Mapping[str, str], contact: str) -> dict[str, str]:
    columns = {COLUMN_OF.get(name, name): value for name, value in fields.items()}
    own = {name: columns[name] for name in OWN_COLUMNS if name in columns}
    rest = {name: value for name, value in columns.items() if name not in OWN_COLUMNS}
    return {**own, "contact": orjson.dumps({**orjson.loads(contact), **rest}).decode()}


class Known(NamedTuple):
    """A person's row: all that is known, and since when."""

    personal: Personal
    since: datetime


def read_personal(db: Connection, session: str, told: int = 0) -> list[Known]:
    """Everybody in a session as they came, with contact data beside name, organisation and language; or only whose
    row was written by the transaction ``told`` or a later one."""
    newer = (_people.c.session == session) & (_people.c.told >= told)
    rows = db.execute(select(_people).where(newer).order_by(_people.c.created, _people.c.person))
    return [Known(Personal(row.person, _fields(row._asdict())), row.created) for row in rows]


def read_erased(db: Connection, told: int) -> list[tuple[str, str]]:
    """Person and session of those who were erased by the transaction ``told`` or a later one."""
    erased = (_people.c.told >= told) & _people.c.erased.is_not(None)
    return [(row.person, row.session) for row in db.execute(select(_people).where(erased))]


def is_empty(db: Connection, session: str, person: str) -> bool:
    """Whether somebody was there, and has been erased."""
    theirs = (_people.c.session == session) & (_people.c.person == person)
    return db.scalar(select(_people.c.erased).where(theirs)) is not None


def _fields(row: Mapping[str, Any]) -> dict[str, str]:
    own = {name: row[name] for name in OWN_COLUMNS}
    return {**orjson.loads(row["contact"]), **own}


def empty_people(db: Connection, session: str, people: Iterable[str], noting: Iterable[Write] = ()) -> None:
    """Leave nothing of several people who never came in. What ``noting`` writes comes first: it keeps an older backup
    from bringing them back."""
    for write in noting:
        write(db, session)
    for person in people:
        empty_person(db, session, person)


def empty_person(db: Connection, session: str, person: str) -> None:
    """Leave nothing of a person but the pseudonymous id, and lock out their browsers."""
    drop_cookies(db, Seat(person, session))
    drop_labels(db, Seat(person, session))
    theirs = (_people.c.session == session) & (_people.c.person == person)
    nothing = {"name": "", "organisation": "", "language": "", "contact": "{}", "erased": now()}
    db.execute(update(_people).where(theirs).values(**nothing))
