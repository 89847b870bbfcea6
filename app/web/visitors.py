"""Who stands behind a request: the person that the cookie of its view speaks for."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from structlog.contextvars import bind_contextvars

from app.people.keys import Seat, hashed
from app.web.house import house_of
from app.web.nearness import is_secure
from sessions.audience import CONSOLE_ROLES
from sessions.session import Session
from sessions.views import CONSOLE_VIEWS, VIEWS

COOKIE_SECONDS = 60 * 24 * 3600
GRACE_SECONDS = 120.0
"""Real seconds for which a cookie that was replaced still speaks for its person: the answer that brings the new one
may be lost in a venue's air, and other tabs may ask before it has come."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person of one session, recognised by a cookie: by which one, and what they were when they got it."""

    person: str
    session: str
    cookie: str = ""
    token: str = ""
    role: str = ""
    late: bool = False
    """The cookie has been replaced, and speaks for its person for a moment more: as what they were before."""

    @property
    def key(self) -> bytes:
        """What is kept of the cookie."""
        return hashed(self.token)


def cookie_name(view: str, code: str = "", secure: bool = False) -> str:
    """Each kind of view has a cookie of its own: one browser may hold the console, the projector and a phone.

    Over https the name begins with ``__Host-``, so that no neighbour under the same domain can plant one. Such a cookie
    goes to every path, so its name says for which session it is; elsewhere its path does.
    """
    kind = "-console" if view in CONSOLE_VIEWS else "-screen" if view == "screen" else ""
    return f"__Host-race{kind}-{code}" if secure else f"race{kind}"


async def visitor(connection: HTTPConnection, view: str) -> Visitor | None:
    """Who asks for this view; None if there is no such view, or the cookie is missing, unknown, revoked or of another
    session.

    Where a browser has no console of its own the phone's person asks: somebody may have been made facilitator.
    """
    house, code = house_of(connection), connection.path_params["code"]
    if view not in VIEWS:
        return None
    bind_contextvars(session=code)
    for shown in (view, "phone") if view in CONSOLE_VIEWS else (view,):
        name = cookie_name(shown, code, is_secure(connection))
        token = connection.cookies.get(name, "")
        seat = await house.people.whose(token) if token else None
        if seat is not None and seat.session == code and not _has_ended(seat, view):
            bind_contextvars(
                person=seat.person
            )  # whatever is written down about this request says whose it was
            return Visitor(seat.person, seat.session, name, token, seat.role, seat.until is not None)
    return None


def _has_ended(seat: Seat, view: str) -> bool:
    """Whether a cookie that was replaced never opened this view."""
    return seat.until is not None and view in CONSOLE_VIEWS and seat.role not in CONSOLE_ROLES


def has_outgrown(who: Visitor, session: Session) -> bool:
    """Whether somebody has become more than the cookie that was replaced may speak for: with it they may look, and do
    nothing."""
    member = session.people.get(who.person)
    return who.late and member is not None and member.role in CONSOLE_ROLES and who.role not in CONSOLE_ROLES


def give_cookie(request: Request, response: Response, name: str, token: str, code: str) -> None:
    """Let the browser speak for a person of a session from now on."""
    secure = is_secure(request)
    path = "/" if secure else f"/s/{code}"
    response.set_cookie(
        name, token, max_age=COOKIE_SECONDS, path=path, httponly=True, samesite="lax", secure=secure
    )


def take_cookie(request: Request, response: Response, name: str, code: str) -> None:
    """Let the browser forget whom it has spoken for."""
    secure = is_secure(request)
    response.delete_cookie(
        name, path="/" if secure else f"/s/{code}", httponly=True, samesite="lax", secure=secure
    )


async def renew_cookie(request: Request, response: Response, who: Visitor, session: Session) -> None:
    """Whoever has got another role gets another cookie with the next page.

    What was overheard or left behind while somebody was a participant is then no key to the console.
    """
    role = session.people[who.person].role
    if not who.role or who.role == role or who.late:
        return
    raised = role in CONSOLE_ROLES and who.role not in CONSOLE_ROLES
    token = await house_of(request).people.rotate_cookie(who.token, role, GRACE_SECONDS, raised)
    if token is not None:
        give_cookie(request, response, who.cookie, token, who.session)
