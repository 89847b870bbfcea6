"""The rows of the links that let people in by role. A token is told once; only its SHA-256 is kept."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, false, func, insert, literal, select, update

from app.database.tables import now, table
from app.people.keys import Seat, hashed, revoke_all

NAME_BYTES = 8
"""Bytes of a link's hash by which lists name it."""

AGAIN = timedelta(seconds=600)
"""Real time for which a link opens the same once more for whoever has used it: the answer may have been lost."""

_links = table("links")


class Link(NamedTuple):
    """What an unused link opens."""

    role: str
    session: str


class KeptLink(NamedTuple):
    """A link as lists show it. ``key`` is what is kept of its token; ``made_by`` and ``person`` (who opened it) are
    pseudonymous ids, "" where there is none; ``revoked`` says when somebody has stopped it."""

    key: bytes
    role: str
    label: str
    made_by: str
    created: datetime
    person: str
    used: datetime | None
    revoked: datetime | None

    @property
    def name(self) -> str:
        """By which forms tell it from others."""
        return self.key[:NAME_BYTES].hex()

    @property
    def can_be_stopped(self) -> bool:
        """People who have come in are removed by name; a machine is stopped by its link."""
        return self.revoked is None and (self.used is None or self.role == "screen")


def keep_link(db: Connection, token: str, link: Link, label: str = "", made_by: str = "") -> None:
    """From now on the link opens something, once."""
    told = {"label": label, "made_by": made_by, "person": "", **link._asdict()}
    db.execute(insert(_links).values(token=hashed(token), created=now(), **told))


def read_links(db: Connection, session: str) -> list[KeptLink]:
    """Every link of a session, latest first."""
    c = _links.c
    told = select(c.token, c.role, c.label, c.made_by, c.created, c.person, c.used, c.revoked)
    rows = db.execute(told.where(c.session == session).order_by(c.created.desc(), c.token))
    return [KeptLink(*row) for row in rows]


def peek(db: Connection, token: str, person: str = "") -> Link | None:
    """What a link opens for somebody; None if it is unknown or stopped, or somebody else has used it, or they have
    long ago."""
    row = db.execute(select(_links.c.role, _links.c.session).where(_opens(token, person))).one_or_none()
    return row and Link(*row)


def redeem(db: Connection, token: str, person: str = "") -> Link | None:
    """What a link opens for somebody, and for nobody else any more: of several who try at once one gets it, the others
    None. Who has got it gets it again for a while."""
    used = func.coalesce(_links.c.used, literal(now(), _links.c.used.type))
    opened = update(_links).where(_opens(token, person)).values(used=used, person=person)
    row: Any = db.execute(opened.returning(_links.c.role, _links.c.session)).one_or_none()
    return row and Link(*row)


def give_back(db: Connection, token: str) -> None:
    """A link that was used opens the same again, for anybody."""
    db.execute(update(_links).where(_links.c.token == hashed(token)).values(used=None, person=""))


def drop_labels(db: Connection, seat: Seat) -> None:
    """Forget what the links were for by which a person came in: their name may stand there."""
    theirs = (_links.c.session == seat.session) & (_links.c.person == seat.person)
    db.execute(update(_links).where(theirs).values(label=""))


def stop(db: Connection, session: str, name: str) -> Seat | None:
    """A link opens nothing any more, and the machine that it has opened speaks for nobody; whom that spoke for."""
    link = next((one for one in read_links(db, session) if one.name == name and one.can_be_stopped), None)
    if link is None:
        return None
    db.execute(update(_links).where(_links.c.token == link.key).values(revoked=now()))
    seat = Seat(link.person, session)
    if link.person:
        revoke_all(db, seat)
    return seat


def _opens(token: str, person: str) -> ColumnElement[bool]:
    once_more = (_links.c.person == person) & (_links.c.used > now() - AGAIN) if person else false()
    unused = _links.c.used.is_(None)
    return (_links.c.token == hashed(token)) & _links.c.revoked.is_(None) & (unused | once_more)
