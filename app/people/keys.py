"""The rows of cookies and staff links, on a connection. A token is told once; only its SHA-256 is kept."""

import hashlib
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from app.tables import now, table

_cookies, _links = table("cookies"), table("links")


class Seat(NamedTuple):
    """A person in a session."""

    person: str
    session: str


class Link(NamedTuple):
    """What an unused staff link opens."""

    role: str
    session: str


def hashed(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


def keep_cookie(db: Connection, token: str, seat: Seat) -> None:
    """From now on the token speaks for somebody."""
    db.execute(insert(_cookies).values(token=hashed(token), created=now(), **seat._asdict()))


def seat_of(db: Connection, key: bytes) -> Seat | None:
    """Whom a cookie speaks for, by its hash; None if it is unknown or revoked."""
    valid = (_cookies.c.token == key) & _cookies.c.revoked.is_(None)
    row = db.execute(select(_cookies.c.person, _cookies.c.session).where(valid)).one_or_none()
    return row and Seat(*row)


def rotate(db: Connection, old: str, new: str) -> Seat | None:
    """Replace a token; whom it speaks for, None (and nothing done) if the old one was not valid."""
    seat = seat_of(db, hashed(old))
    if seat is not None:
        _revoke(db, _cookies.c.token == hashed(old))
        keep_cookie(db, new, seat)
    return seat


def revoke(db: Connection, token: str) -> None:
    """One token speaks for nobody any more."""
    _revoke(db, _cookies.c.token == hashed(token))


def revoke_all(db: Connection, seat: Seat) -> None:
    """Nothing speaks for this person any more."""
    _revoke(db, _of(seat))


def _of(seat: Seat) -> ColumnElement[bool]:
    return (_cookies.c.person == seat.person) & (_cookies.c.session == seat.session)


def _revoke(db: Connection, which: ColumnElement[bool]) -> None:
    db.execute(update(_cookies).where(which, _cookies.c.revoked.is_(None)).values(revoked=now()))


def drop_cookies(db: Connection, seat: Seat) -> None:
    """As ``revoke_all``, and nothing is left that could tie a browser to the person."""
    db.execute(delete(_cookies).where(_of(seat)))


def keep_link(db: Connection, token: str, link: Link) -> None:
    """From now on the link opens something, once."""
    db.execute(insert(_links).values(token=hashed(token), created=now(), **link._asdict()))


def peek(db: Connection, token: str) -> Link | None:
    """What a link opens; None if it is unknown or used."""
    row = db.execute(select(_links.c.role, _links.c.session).where(_unused(token))).one_or_none()
    return row and Link(*row)


def redeem(db: Connection, token: str) -> Link | None:
    """What a link opens, which it does no more: of several who try at once one gets it, the others None."""
    used = update(_links).where(_unused(token)).values(used=now())
    row: Any = db.execute(used.returning(_links.c.role, _links.c.session)).one_or_none()
    return row and Link(*row)


def _unused(token: str) -> ColumnElement[bool]:
    return (_links.c.token == hashed(token)) & _links.c.used.is_(None)
