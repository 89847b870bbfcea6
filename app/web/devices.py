"""Devices by their signed cookies: what is counted at the entrance is counted for them."""

from __future__ import annotations

from starlette.requests import HTTPConnection
from starlette.responses import Response

from app.web.house import house_of
from app.web.nearness import is_secure

PLAIN, SECURE = "race-device", "__Host-race-device"
DEVICE_SECONDS = 400 * 24 * 3600


def device_of(connection: HTTPConnection) -> str:
    """The name of the device that asks, "" for one that has no cookie of ours."""
    return house_of(connection).limits.device_of(_brought(connection)[1])


def _brought(connection: HTTPConnection) -> tuple[str, str]:
    """The cookie of a device, by its name and with what it says, "" where there is none. Over https the plain one
    counts where there is no other: what was given out before the server was behind https is known again."""
    for name in (SECURE, PLAIN) if is_secure(connection) else (PLAIN,):
        if name in connection.cookies:
            return name, connection.cookies[name]
    return PLAIN, ""


def know_again(connection: HTTPConnection, response: Response) -> None:
    """Give a device that has none a cookie by which it is known again, and over https a secure one in the place of a
    plain one. It says nothing about anybody."""
    limits, secure = house_of(connection).limits, is_secure(connection)
    name, value = _brought(connection)
    known = limits.device_of(value) != ""
    if known and secure == (name == SECURE):
        return
    if secure and PLAIN in connection.cookies:
        response.delete_cookie(PLAIN, httponly=True, samesite="lax")
    response.set_cookie(
        SECURE if secure else PLAIN,
        value if known else limits.new_device(),
        max_age=DEVICE_SECONDS,
        httponly=True,
        samesite="lax",
        secure=secure,
    )
