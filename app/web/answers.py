"""Pages that any route may answer with: something is wrong, or the visitor has to say who they are first."""

from __future__ import annotations

import math
import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.drawing.locale import LANGUAGES, preferred
from app.web import devices
from app.web.house import house_of
from app.web.join_limits import Shut
from app.web.visitors import COOKIE_SECONDS
from sessions.session import Session

TICKET_BYTES = 16
"""By which two sendings of one form are known to be one."""
WAIT_SECONDS = 5
"""Real seconds after which the page of somebody who waits at the door asks again."""
KNOCKED = "knocked"
"""Marks the address of a page that is asked for again with the cookie that the first answer brought."""


def preferred_language(request: Request) -> str:
    """The language a visitor without a cookie reads: what they chose, else what their browser asks for."""
    chosen = request.query_params.get("lang", "") or request.cookies.get("race-language", "")
    return chosen if chosen in LANGUAGES else preferred(request.headers.get("accept-language", ""))


def show_page(
    request: Request, template: str, status: int = 200, language: str = "", chosen: bool = False, **data: Any
) -> Response:
    """A page outside of any session. A language that was ``chosen``, or stands in the address, is remembered."""
    language = language or preferred_language(request)
    html = house_of(request).renderer.show(template, language, **{"path": request.url.path, **data})
    response = HTMLResponse(html, status, headers={"cache-control": "no-store"})
    if chosen or request.query_params.get("lang") == language:
        response.set_cookie("race-language", language, max_age=COOKIE_SECONDS, samesite="lax", httponly=True)
    return response


def door_page(
    request: Request,
    session: Session,
    status: int = 200,
    fault: str = "",
    name: str = "",
    organisation: str = "",
    **chosen: Any,
) -> Response:
    """Name and language, before the first look at a session. What was typed is kept. ``chosen`` is what show_page
    takes: another language."""
    typed: dict[str, Any] = {"name": name, "organisation": organisation, "fault": fault}
    shown: dict[str, Any] = {
        "ticket": secrets.token_urlsafe(TICKET_BYTES),
        "word": request.query_params.get("w", ""),
    }
    path = f"/s/{session.code}"
    response = show_page(
        request, "door/join.html", status, session=session, path=path, **typed, **shown, **chosen
    )
    devices.know_again(request, response)
    return response


def waiting_page(request: Request, session: Session, name: str) -> Response:
    """Staff has to let somebody in first. It asks again by itself."""
    asked: dict[str, Any] = {"session": session, "name": name, "path": f"/s/{session.code}"}
    response = show_page(request, "door/waiting.html", 200, **asked)
    response.headers["refresh"] = str(WAIT_SECONDS)
    return response


def error_page(request: Request, reason: str, status: int, language: str = "") -> Response:
    """Something is not here or not for this visitor, and what to do instead."""
    again = request.url.path if request.method == "GET" else ""
    return show_page(request, "door/error.html", status, language, reason=reason, again=again)


async def shut_page(request: Request, shut: Exception) -> Response:
    """Somebody has typed too many wrong codes; or nobody knows who, and then the browser is given a cookie and asks
    again by itself, once."""
    assert isinstance(shut, Shut)
    known = devices.device_of(request) or KNOCKED in request.query_params
    if known or request.method != "GET":
        response = error_page(request, "guesses", 429)
        response.headers["retry-after"] = retry_after(shut.seconds)
        if request.method == "GET":  # it asks by itself when its turn has come
            response.headers["refresh"] = retry_after(shut.seconds)
    else:
        again = request.url.include_query_params(**{KNOCKED: ""})
        response = RedirectResponse(f"{again.path}?{again.query}", 303)
    devices.know_again(request, response)
    return response


def retry_after(seconds: float) -> str:
    """As a Retry-After header has it."""
    return str(math.ceil(seconds))


async def failed_page(request: Request, error: Exception) -> Response:
    """Something broke that nobody had thought of. The server writes it down; what was sent is still on the device."""
    return error_page(request, "failed", 500)
