"""Who stands behind a request: the person that the cookie of its view speaks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.requests import HTTPConnection

from app.live.views import CONSOLE_VIEWS


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person of one session, recognised by a cookie."""

    person: str
    session: str


def cookie_name(view: str) -> str:
    """Each kind of view has a cookie of its own: one browser may hold the console, the projector and a phone."""
    if view in CONSOLE_VIEWS:
        return "race-console"
    return "race-screen" if view == "screen" else "race"


async def visitor(connection: HTTPConnection, view: str) -> Visitor | None:
    """Who asks for this view; None if the cookie is missing, unknown, revoked or of another session.

    Where a browser has no console of its own the phone's person asks: somebody may have been made facilitator.
    """
    names = [cookie_name(view), *([cookie_name("phone")] if view in CONSOLE_VIEWS else [])]
    people: Any = connection.app.state.people
    for token in filter(None, map(connection.cookies.get, names)):
        found = await people.whose(token)
        if found is not None and found.session == connection.path_params["code"]:
            return Visitor(found.person, found.session)
    return None
