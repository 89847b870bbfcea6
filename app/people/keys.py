"""The rows of cookies, on a connection. A token is told once; only its SHA-256 is kept."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, bindparam, delete, insert, select, update

from app.database.tables import now, table

_cookies = table("cookies")
_SEATS = select(
    _cookies.c.token, _cookies.c.person, _cookies.c.session, _cookies.c.role, _cookies.c.revoked
).where(_cookies.c.token.in_(bindparam("tokens", expanding=True)))


class Seat(NamedTuple):
    """A person in a session, and what is known of the cookie that speaks for them.

    ``role`` is the one for which the cookie was issued, "" where that does not matter; ``until`` is when the cookie
    stops, None if nobody has said so.
    """

    person: str
    session: str
    role: str = ""
    until: datetime | None = None

    def over(self) -> bool:
        """Whether the cookie has stopped speaking for anybody."""
        return self.until is not None and self.until <= now()


def hashed(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


def keep_cookie(db: Connection, token: str, seat: Seat, device: str = "") -> None:
    """From now on the token speaks for somebody, on a device."""
    row = {"person": seat.person, "session": seat.session, "role": seat.role, "device": device}
    db.execute(insert(_cookies).values(token=hashed(token), created=now(), **row))


def seats_of(db: Connection, keys: Sequence[bytes]) -> dict[bytes, Seat]:
    """Whom cookies speak for, by their hashes; none for what is unknown or revoked."""
    rows = ((token, Seat(*seat)) for token, *seat in db.execute(_SEATS, {"tokens": keys}))
    return {token: seat for token, seat in rows if not seat.over()}


def revoked(db: Connection, told: int) -> list[tuple[bytes, Seat]]:
    """The cookies, by hash, that were revoked by the transaction ``told`` or a later one; some will stop later."""
    c = _cookies.c
    wanted = select(c.token, c.person, c.session, c.role, c.revoked)
    rows = db.execute(wanted.where(c.told >= told, c.revoked.is_not(None)))
    return [(row.token, Seat(*row[1:])) for row in rows]


def rotate(db: Connection, old: str, new: str, role: str, until: datetime) -> Seat | None:
    """Put a token in the place of another, which stops at ``until``; whom it speaks for, None (and nothing done) if
    the old one was not valid."""
    seat = seats_of(db, [hashed(old)]).get(hashed(old))
    if seat is not None:
        _revoke(db, _cookies.c.token == hashed(old), until)
        keep_cookie(db, new, seat._replace(role=role), _device_of(db, old))
    return seat


def _device_of(db: Connection, token: str) -> str:
    device = db.scalar(select(_cookies.c.device).where(_cookies.c.token == hashed(token)))
    return str(device or "")


def people_on(db: Connection, session: str, device: str) -> list[str]:
    """Everybody for whom a device has been given a cookie in a session, also where that speaks for nobody any more."""
    there = (_cookies.c.session == session) & (_cookies.c.device == device)
    return list(db.scalars(select(_cookies.c.person).where(there).distinct()))


def revoke(db: Connection, token: str) -> Seat | None:
    """One token speaks for nobody any more; whom it spoke for, None if nobody."""
    seat = seats_of(db, [hashed(token)]).get(hashed(token))
    _revoke(db, _cookies.c.token == hashed(token), now())
    return seat


def _of(seat: Seat) -> ColumnElement[bool]:
    return (_cookies.c.person == seat.person) & (_cookies.c.session == seat.session)


def _revoke(db: Connection, which: ColumnElement[bool], at: datetime) -> None:
    """A cookie that is to stop already stops no later than that."""
    sooner = _cookies.c.revoked.is_(None) | (_cookies.c.revoked > at)
    db.execute(update(_cookies).where(which, sooner).values(revoked=at))


def revoke_all(db: Connection, seat: Seat) -> None:
    """No token speaks for this person any more."""
    _revoke(db, _of(seat), now())


def drop_cookies(db: Connection, seat: Seat) -> None:
    """Nothing speaks for this person any more, and nothing is left that could tie a browser to them."""
    db.execute(delete(_cookies).where(_of(seat)))
