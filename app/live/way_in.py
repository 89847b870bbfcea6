"""From an address to its desk, past the limits on guessing: the same way for pages, sockets and the door."""

from __future__ import annotations

from starlette.requests import HTTPConnection

from app.live.desk import Desk
from app.live.house import live_house
from app.people.codes import normalise_code
from app.telemetry.metrics import tally
from app.web import devices
from app.web.join_limits import Shut
from app.web.visitors import Visitor, visitor
from sessions.audience import STAFF

COOKIES = ("phone", "console", "screen")
"""The views that have cookies of their own."""


async def desk_of(connection: HTTPConnection) -> Desk | None:
    """The desk of the session that the address names. As ``desk_behind``."""
    return await desk_behind(connection, connection.path_params["code"])


async def desk_behind(connection: HTTPConnection, code: str) -> Desk | None:
    """The desk of the session with this code; None if the code is wrong. Raises Shut for who has guessed too often.

    Whoever is in the session already is let through in any case, and so is who has seen the room's wall.
    """
    if normalise_code(code) != code:
        return None
    house = live_house(connection)
    device = devices.device_of(connection)
    if _knows(connection, device, code):
        return await house.desks.get(code)
    seconds = house.limits.knock(device)
    if seconds and not await _is_in(connection, code):
        seconds = house.limits.stand_in_line(device, seconds)
        if seconds:
            tally.turned_away["guesses"] += 1
            raise Shut(seconds)
    desk = await house.desks.get(code)
    if desk is None:
        house.limits.was_wrong()
    elif not seconds:
        house.limits.was_right(device, code)
    return desk


async def staff_of(connection: HTTPConnection, desk: Desk | None) -> Visitor | None:
    """Who asks, if they are of the staff of this session and have not been removed; None otherwise."""
    who = await visitor(connection, "console") if desk is not None else None
    member = desk.session.people.get(who.person) if desk is not None and who is not None else None
    return who if member is not None and member.role in STAFF and not member.removed else None


def _knows(connection: HTTPConnection, device: str, code: str) -> bool:
    """Whether whoever asks has seen the room's wall, or has had this code right before."""
    limits = live_house(connection).limits
    if limits.words.knows(code, connection.query_params.get("w", "")):
        limits.note_known(device, code)
        return True
    return limits.has_known(device, code)


async def _is_in(connection: HTTPConnection, code: str) -> bool:
    if connection.path_params.get("code") != code:
        return False
    return any([await visitor(connection, view) is not None for view in COOKIES])
