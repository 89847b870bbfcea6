"""Devices by their signed cookies: what is counted at the entrance is counted for them."""

from __future__ import annotations

from starlette.requests import HTTPConnection
from starlette.responses import Response

from app.web.house import house_of
from app.web.nearness import is_secure

DEVICE_SECONDS = 400 * 24 * 3600


def device_of(connection: HTTPConnection) -> str:
    """The name of the device that asks, "" for one that has no cookie of ours."""
    house = house_of(connection)
    return house.limits.device_of(connection.cookies.get(_cookie_name(is_secure(connection)), ""))


def know_again(connection: HTTPConnection, response: Response) -> None:
    """Give a device that has none a cookie by which it is known again. It says nothing about anybody."""
    if device_of(connection):
        return
    house = house_of(connection)
    secure = is_secure(connection)
    response.set_cookie(
        _cookie_name(secure),
        house.limits.new_device(),
        max_age=DEVICE_SECONDS,
        httponly=True,
        samesite="lax",
        secure=secure,
    )


def _cookie_name(secure: bool) -> str:
    return "__Host-race-device" if secure else "race-device"
