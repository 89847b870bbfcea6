"""The rows of cookies, on a connection. A token is told once; only its SHA-256 is kept."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, bindparam, delete, insert, select, update

from app.database.tables import now, table

_cookies = table("cookies")
_SEAT = select(
    _cookies.c.token,
    _cookies.c.person,
    _cookies.c.session,
    _cookies.c.role,
    _cookies.c.revoked,
    _cookies.c.device,
    _cookies.c.replaced,
    _cookies.c.replaces,
)
_SEATS = _SEAT.where(_cookies.c.token.in_(bindparam("tokens", expanding=True)))


class Seat(NamedTuple):
    """A person in a session, and what is known of the cookie that speaks for them.

    ``role`` is the one for which the cookie was issued, "" where that does not matter; ``until`` is when the cookie
    stops, None if nobody has said so; ``device`` is the name of the device that it was given to. ``replaced`` is when
    another was first given out in its place; ``replaces`` the cookie, by its hash, in whose place this one was, None
    once it has been brought.
    """

    person: str
    session: str
    role: str = ""
    until: datetime | None = None
    device: str = ""
    replaced: datetime | None = None
    replaces: bytes | None = None

    def over(self) -> bool:
        """Whether the cookie has stopped speaking for anybody."""
        return self.until is not None and self.until <= now()

    @property
    def late(self) -> bool:
        """Whether another was given out in the cookie's place."""
        return self.replaced is not None or self.until is not None


def hashed(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


def keep_cookie(db: Connection, token: str, seat: Seat) -> None:
    """From now on the token speaks for somebody, on a device."""
    row = {"person": seat.person, "session": seat.session, "role": seat.role, "device": seat.device}
    values = {**row, "replaces": seat.replaces}
    db.execute(insert(_cookies).values(token=hashed(token), created=now(), **values))


def seats_of(db: Connection, keys: Sequence[bytes]) -> dict[bytes, Seat]:
    """Whom cookies speak for, by their hashes; none for what is unknown or revoked."""
    rows = ((token, Seat(*seat)) for token, *seat in db.execute(_SEATS, {"tokens": keys}))
    return {token: seat for token, seat in rows if not seat.over()}


def revoked(db: Connection, told: int) -> list[tuple[bytes, Seat]]:
    """The cookies, by hash, that were revoked or replaced by the transaction ``told`` or a later one; some will stop
    later."""
    c = _cookies.c
    rows = db.execute(_SEAT.where(c.told >= told, c.revoked.is_not(None) | c.replaced.is_not(None)))
    return [(row.token, Seat(*row[1:])) for row in rows]


def rotate(db: Connection, old: str, new: str, role: str) -> Seat | None:
    """Give out a token in the place of another, as often as it takes until one of them is brought; whom it speaks for,
    None (and nothing done) if the old one was not valid, or is to stop."""
    key = hashed(old)
    seat = seats_of(db, [key]).get(key)
    if seat is None or seat.until is not None:
        return None
    fresh = Seat(seat.person, seat.session, role, device=seat.device, replaces=key)
    db.execute(update(_cookies).where(_cookies.c.token == key).values(replaced=seat.replaced or now()))
    keep_cookie(db, new, fresh)
    return seat


def bring(db: Connection, key: bytes, until: datetime) -> None:
    """The token with this hash has been brought: the one in whose place it was given out stops at ``until``."""
    replaces = db.scalar(select(_cookies.c.replaces).where(_cookies.c.token == key))
    if replaces is not None:
        _revoke(db, _cookies.c.token == replaces, until)
        db.execute(update(_cookies).where(_cookies.c.token == key).values(replaces=None))


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
