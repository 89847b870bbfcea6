"""What is kept no longer than it is needed: contact data and names, some months after the last thing that happened in
their session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, func, or_, select, update

from app.database import Database
from app.database.tables import table

DAY_SECONDS = 86400.0
MONTH_DAYS = 30.5
MONTHS = 12
"""How long contact data is kept where it is taken away by hand, unless something else is said."""

_people, _log, _sessions, _links = table("people"), table("log"), table("sessions"), table("links")
NOTHING_HAPPENED = ("erased", "person_erased")
"""Kinds of events that a restore writes, and whoever erases something: nothing has happened in the session by them."""
_LAST = (
    select(_log.c.at)
    .where(_log.c.stream == _sessions.c.code, _log.c.kind.not_in(NOTHING_HAPPENED))
    .order_by(_log.c.seq.desc())
    .limit(1)
    .scalar_subquery()
)


@dataclass(frozen=True, eq=False)
class Kept:
    """Something that is kept of people for some months. ``empty`` are the columns of their rows in which it stands,
    with what they hold afterwards; ``in_labels`` says that it may stand in what links were labelled with, too."""

    called: str
    empty: Mapping[str, str]
    in_labels: bool = False

    @property
    def stands_there(self) -> ColumnElement[bool]:
        return or_(*(_people.c[name] != nothing for name, nothing in self.empty.items()))


CONTACT = Kept("contact data", {"contact": "{}"})
NAMES = Kept("names", {"name": "", "organisation": ""}, in_labels=True)


class Due(NamedTuple):
    """A session in which nothing has happened for so long that something goes: ``people`` is of how many (third persons
    among them), ``last`` when the last thing happened, in seconds since 1970 UTC."""

    code: str
    title: str
    people: int
    last: float


def due(db: Connection, kept: Kept, now: float, months: int) -> Sequence[Due]:
    """The sessions in which it is due, by code. ``now`` is wall time, seconds since 1970 UTC."""
    of_session = _people.c.session == _sessions.c.code
    people = select(func.count()).where(of_session, kept.stands_there).scalar_subquery()
    rows = db.execute(select(_sessions.c.code, _sessions.c.title, people, _LAST).order_by(_sessions.c.code))
    before = now - months * MONTH_DAYS * DAY_SECONDS
    return [Due(*row) for row in rows if row[2] and row[3] is not None and row[3] < before]


def forget(db: Connection, kept: Kept, code: str) -> None:
    """Take it away from everybody in a session; whoever comes back may tell it anew."""
    db.execute(update(_people).where(_people.c.session == code, kept.stands_there).values(**kept.empty))
    if kept.in_labels:
        db.execute(update(_links).where(_links.c.session == code).values(label=""))


async def forget_due(database: Database, kept: Kept, now: float, months: int) -> Sequence[Due]:
    """Take it away wherever it is due; where that was."""
    found = await database.read(lambda db: due(db, kept, now, months))
    for each in found:
        await database.write(partial(forget, kept=kept, code=each.code))
    if found:
        await database.forget_erased("people", "links")
    return found
