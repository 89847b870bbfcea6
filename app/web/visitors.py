"""Who stands behind a request: the person that the cookie of its view speaks for."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from structlog.contextvars import bind_contextvars

from app.people.keys import Seat, hashed
from app.web import devices
from app.web.house import house_of
from app.web.nearness import is_secure
from sessions.audience import CONSOLE_ROLES
from sessions.session import Session
from sessions.views import CONSOLE_VIEWS, VIEWS

COOKIE_SECONDS = 60 * 24 * 3600
OVER_HTTPS = "."
"""Begins the tokens that were given out over https: no plain cookie brings them, which a neighbour may have planted."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person of one session, recognised by a cookie: by which one, of which view, and what they were when they got
    it."""

    person: str
    session: str
    cookie: str = ""
    token: str = ""
    role: str = ""
    late: bool = False
    """The cookie has been replaced, and speaks for its person a while longer: as what they were before."""
    at_home: bool = False
    """It came from the device that it was given to."""
    view: str = "phone"

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
        name, token = _brought(connection, shown, code)
        seat = await house.people.whose(token) if token else None
        if seat is not None and seat.session == code and not _has_ended(seat, view):
            bind_contextvars(
                person=seat.person
            )  # whatever is written down about this request says whose it was
            at_home = seat.device != "" and seat.device == devices.device_of(connection)
            return Visitor(seat.person, code, name, token, seat.role, seat.late, at_home, shown)
    return None


def _brought(connection: HTTPConnection, view: str, code: str) -> tuple[str, str]:
    """The name and the token of the cookie of a view; "" for the token where there is none.

    Over https the plain one counts where there is no other, so that nobody is out as the server comes behind https:
    unless its token was given out over https, which only a neighbour under the same domain can have put there.
    """
    name, plain = cookie_name(view, code, is_secure(connection)), cookie_name(view)
    if name in connection.cookies:
        return name, connection.cookies[name]
    token = connection.cookies.get(plain, "")
    return plain, "" if token.startswith(OVER_HTTPS) else token


def _has_ended(seat: Seat, view: str) -> bool:
    """Whether a cookie that was replaced never opened this view."""
    return seat.late and view in CONSOLE_VIEWS and seat.role not in CONSOLE_ROLES


def has_outgrown(who: Visitor, session: Session) -> bool:
    """Whether somebody has become more than the cookie that was replaced may speak for: with it they may look, and do
    nothing."""
    member = session.people.get(who.person)
    return who.late and member is not None and _is_raised(who, member.role)


def _is_raised(who: Visitor, role: str) -> bool:
    return role in CONSOLE_ROLES and who.role not in CONSOLE_ROLES


async def give_cookie(request: Request, response: Response, view: str, seat: Seat) -> None:
    """Let the browser speak for a person of a session from now on."""
    mark = OVER_HTTPS if is_secure(request) else ""
    person, code = seat.person, seat.session
    token = await house_of(request).people.issue_cookie(
        person, code, seat.role, devices.device_of(request), mark
    )
    _set_cookie(request, response, view, code, token)


def _set_cookie(request: Request, response: Response, view: str, code: str, token: str) -> None:
    secure = is_secure(request)
    name, path = cookie_name(view, code, secure), "/" if secure else f"/s/{code}"
    response.set_cookie(
        name, token, max_age=COOKIE_SECONDS, path=path, httponly=True, samesite="lax", secure=secure
    )


def take_cookie(response: Response, who: Visitor) -> None:
    """Let the browser forget whom it has spoken for."""
    secure = who.cookie != cookie_name(who.view)
    path = "/" if secure else f"/s/{who.session}"
    response.delete_cookie(who.cookie, path=path, httponly=True, samesite="lax", secure=secure)


async def renew_cookie(request: Request, response: Response, who: Visitor, session: Session) -> bool:
    """Whoever has got another role gets another cookie with the next page, and who has a plain one a secure one over
    https; whether they get one.

    What was overheard or left behind while somebody was a participant is then no key to the console. The answer may be
    lost in a venue's air: until the new cookie is brought the old one brings another, where somebody has become more
    only on its own device.
    """
    role, secure = session.people[who.person].role, is_secure(request)
    is_right = who.cookie == cookie_name(who.view, who.session, secure)
    if (not who.role or who.role == role) and is_right:
        return False
    raised = _is_raised(who, role)
    if who.late and raised and not who.at_home:
        return False
    mark = OVER_HTTPS if secure else ""
    token = await house_of(request).people.rotate_cookie(who.token, role if who.role else "", raised, mark)
    if token is None:
        return False
    if not is_right:
        devices.know_again(request, response)
        take_cookie(response, who)
    _set_cookie(request, response, who.view, who.session, token)
    return True
