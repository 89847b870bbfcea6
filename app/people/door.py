"""The entrance: a code is typed, a name is given, a staff link is opened. Nobody needs an account."""

from __future__ import annotations

import math
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.live.desk import BUSY, NOT_STORED
from app.live.visitors import COOKIE_SECONDS, cookie_name, give_cookie, take_cookie, visitor
from app.locale import LANGUAGES, preferred
from app.metrics import tally
from app.people.entrance import MAX_PEOPLE, Entrance, Shut, desk_behind, know_again
from app.people.store import normalise_code
from app.writer import WriteError
from sessions.audience import CONSOLE_ROLES, DOOR
from sessions.messages import Command, Refused, clean
from sessions.session import Session

MAX_NAME = 60
"""Characters of a name or an organisation."""
KNOCKED = "knocked"
"""Marks the address of a page that is asked for again with the cookie that the first answer brought."""
VIEW_OF_ROLE = {"screen": "screen", **dict.fromkeys(CONSOLE_ROLES, "console")}


def language_of(request: Request) -> str:
    """The language a visitor without a cookie reads: what they chose, else what their browser asks for."""
    chosen = request.query_params.get("lang", "") or request.cookies.get("race-language", "")
    return chosen if chosen in LANGUAGES else preferred(request.headers.get("accept-language", ""))


def _show(request: Request, template: str, status: int = 200, language: str = "", **data: Any) -> Response:
    language = language or language_of(request)
    html = request.app.state.renderer.show(template, language, **{"path": request.url.path, **data})
    response = HTMLResponse(html, status, headers={"cache-control": "no-store"})
    if request.query_params.get("lang") == language:
        response.set_cookie("race-language", language, max_age=COOKIE_SECONDS, samesite="lax", httponly=True)
    return response


def door_page(
    request: Request,
    session: Session,
    status: int = 200,
    fault: str = "",
    name: str = "",
    organisation: str = "",
) -> Response:
    """Name and language, before the first look at a session. What was typed is kept."""
    typed = {"name": name, "organisation": organisation, "fault": fault}
    response = _show(request, "door/join.html", status, room=session, path=f"/s/{session.code}", **typed)
    know_again(request, response)
    return response


def error_page(request: Request, reason: str, status: int, language: str = "") -> Response:
    """Something is not here or not for this visitor, and what to do instead."""
    again = request.url.path if request.method == "GET" else ""
    return _show(request, "door/error.html", status, language, reason=reason, again=again)


async def shut_page(request: Request, shut: Exception) -> Response:
    """Somebody has typed too many wrong codes; or nobody knows who, and then the browser is given a cookie and asks
    again by itself, once."""
    assert isinstance(shut, Shut)
    entrance: Entrance = request.app.state.entrance
    known = entrance.device_of(request) or KNOCKED in request.query_params
    if known or request.method != "GET":
        response = error_page(request, "guesses", 429)
        response.headers["retry-after"] = _seconds(shut.seconds)
    else:
        again = request.url.include_query_params(**{KNOCKED: ""})
        response = RedirectResponse(f"{again.path}?{again.query}", 303)
    know_again(request, response)
    return response


def _seconds(seconds: float) -> str:
    """As a Retry-After header has it."""
    return str(math.ceil(seconds))


async def failed_page(request: Request, error: Exception) -> Response:
    """Something broke that nobody had thought of. The server writes it down; what was sent is still on the device."""
    return error_page(request, "failed", 500)


async def front(request: Request) -> Response:
    """``GET /``: type a code."""
    return _front(request)


def _front(request: Request, status: int = 200, fault: str = "", typed: str = "") -> Response:
    response = _show(request, "door/front.html", status, fault=fault, typed=typed, path="/")
    know_again(request, response)
    return response


async def type_code(request: Request) -> Response:
    """``POST /join``: the typed code leads to its session, or says why not with what was typed kept."""
    typed = (await _fields(request, "code"))[0][:40]
    code = normalise_code(typed)
    if code is None:
        return _front(request, 404, "malformed", typed)
    try:
        desk = await desk_behind(request, code)
    except Shut as shut:
        response = _front(request, 429, "guesses", typed)
        response.headers["retry-after"] = _seconds(shut.seconds)
        return response
    return _front(request, 404, "unknown", typed) if desk is None else RedirectResponse(f"/s/{code}", 303)


async def _fields(request: Request, *names: str) -> list[str]:
    """Fields of a form as clean text; "" for one that is missing, or a file."""
    form = await request.form(max_files=0)
    return [clean(value) if isinstance(value := form.get(name), str) else "" for name in names]


async def join(request: Request) -> Response:
    """``POST /s/{code}/join``: ``name``, ``language``, optional ``organisation``; sets the cookie."""
    desk = await desk_behind(request, request.path_params["code"])
    if desk is None:
        return error_page(request, "no_session", 404)
    if await visitor(request, "phone") is not None:
        return RedirectResponse(f"/s/{desk.code}", 303)
    name, organisation, language = await _fields(request, "name", "organisation", "language")
    if not name or max(len(name), len(organisation)) > MAX_NAME:
        return door_page(request, desk.session, 422, "long" if name else "name", name, organisation)
    if len(desk.session.people) >= MAX_PEOPLE:
        return door_page(request, desk.session, 503, "full", name, organisation)
    entrance: Entrance = request.app.state.entrance
    if seconds := entrance.lets_join(entrance.device_of(request), desk.code):
        tally.turned_away["crowd"] += 1
        response = door_page(request, desk.session, 429, "crowd", name, organisation)
        response.headers["retry-after"] = _seconds(seconds)
        return response
    spoken = language if language in LANGUAGES else language_of(request)
    return await _let_in(request, desk, "participant", "phone", name, organisation, spoken)


async def _let_in(
    request: Request, desk: Any, role: str, view: str, name: str, organisation: str, language: str
) -> Response:
    people = request.app.state.people
    person = await people.create_person(desk.code, name, organisation, language)
    fields = {
        "person": person,
        "role": role,
        "language": language,
        "organisation": people.organisation_key(organisation),
    }
    told = await desk.submit(Command("join", f"join-{person}", "", fields), DOOR)
    if isinstance(told, Refused):
        if told in (BUSY, NOT_STORED):
            raise WriteError(f"nobody can join: {told.reason}")
        return error_page(request, "not_yours", 403)
    tally.joined += 1
    desk.directory.add(person, name, organisation)
    response = RedirectResponse(f"/s/{desk.code}" + ("" if view == "phone" else f"/{view}"), 303)
    token = await people.issue_cookie(person, desk.code, role)
    name = cookie_name(view, desk.code, request.app.state.settings.secure)
    give_cookie(request, response, name, token, desk.code)
    return response


async def leave(request: Request) -> Response:
    """``POST /s/{code}/leave?view=…``: this browser speaks for its person no more, in no tab. Others of theirs do."""
    code = request.path_params["code"]
    who = await visitor(request, request.query_params.get("view", "phone"))
    response = RedirectResponse("/", 303)
    if who is not None:
        await request.app.state.people.revoke_cookie(who.token)
        take_cookie(request, response, who.cookie, code)
    return response


async def staff_link(request: Request) -> Response:
    """``GET /enter/{token}`` shows what the link opens; only its button (POST) uses it up: a preview does not."""
    people = request.app.state.people
    token = request.path_params["token"]
    link = await people.peek_link(token)
    if link is None:
        return error_page(request, "link_used", 410)
    if request.method != "POST":
        return _show(request, "door/staff.html", role=link.role)
    desk = await request.app.state.desks.get(link.session)
    redeemed = await people.redeem_link(token)
    if desk is None or redeemed is None:
        return error_page(request, "link_used", 410)
    name = (await _fields(request, "name"))[0][:MAX_NAME]
    view = VIEW_OF_ROLE.get(link.role, "phone")
    try:
        return await _let_in(request, desk, link.role, view, name, "", language_of(request))
    except WriteError:
        await people.give_back_link(token)
        raise
