"""What is kept no longer than it is needed: contact data, a year after the last thing that happened in its session."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, func, select, update

from app.database.tables import table

DAY_SECONDS = 86400.0
MONTH_DAYS = 30.5
MONTHS = 12
"""How long contact data is kept unless something else is said."""

_people, _log, _sessions = table("people"), table("log"), table("sessions")
_HAS_CONTACT = _people.c.contact != "{}"
NOTHING_HAPPENED = ("erased", "person_erased")
"""Kinds of events that a restore writes, and whoever erases something: nothing has happened in the session by them."""


class Due(NamedTuple):
    """A session in which nothing has happened for so long that contact data goes: ``people`` is of how many (third
    persons among them), ``last`` when the last thing happened, in seconds since 1970 UTC."""

    code: str
    title: str
    people: int
    last: float


def contact_due(db: Connection, now: float, months: int = MONTHS) -> Sequence[Due]:
    """The sessions whose contact data is due, by code. ``now`` is wall time, seconds since 1970 UTC."""
    happened = (_log.c.stream == _sessions.c.code) & _log.c.kind.not_in(NOTHING_HAPPENED)
    last = select(func.max(_log.c.at)).where(happened).scalar_subquery()
    people = select(func.count()).where(_people.c.session == _sessions.c.code, _HAS_CONTACT).scalar_subquery()
    rows = db.execute(select(_sessions.c.code, _sessions.c.title, people, last).order_by(_sessions.c.code))
    before = now - months * MONTH_DAYS * DAY_SECONDS
    return [Due(*row) for row in rows if row[2] and row[3] is not None and row[3] < before]


def forget_contact(db: Connection, code: str) -> None:
    """Empty the contact data of everybody in a session; names and organisations stay."""
    db.execute(update(_people).where(_people.c.session == code, _HAS_CONTACT).values(contact="{}"))
