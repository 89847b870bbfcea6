"""Who stands behind a request: the cookie's person, what they may open, and the language they read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.requests import HTTPConnection

from sessions.audience import CONSOLE_ROLES, READERS
from sessions.session import Session

CONSOLE_VIEWS = frozenset({"console", "people", "log"})
PHONE_VIEWS = frozenset({"phone", "mine", "team"})
VIEWS = CONSOLE_VIEWS | PHONE_VIEWS | {"screen"}


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
    """Who asks for this view; None if the cookie is missing, unknown, revoked or of another session."""
    token = connection.cookies.get(cookie_name(view), "")
    people: Any = connection.app.state.people
    found = await people.whose(token) if token else None
    if found is None or found.session != connection.path_params["code"]:
        return None
    return Visitor(found.person, found.session)


def may_see(session: Session, person: str, view: str) -> bool:
    """Whether somebody may open a view. Everything not listed is denied."""
    member = session.people.get(person)
    if member is None or member.removed or view not in VIEWS:
        return False
    if view in CONSOLE_VIEWS:
        return member.role in CONSOLE_ROLES
    return member.role == "screen" if view == "screen" else member.role not in READERS


def language_of(session: Session, person: str, view: str) -> str:
    """The language a page is in: the person's own; the projector speaks the session's."""
    member = session.people.get(person)
    return session.language if view == "screen" or member is None else member.language
