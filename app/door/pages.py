"""The entrance: a code is typed, a name is given, a staff link is opened. Nobody needs an account."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.database.writer import WriteError
from app.drawing.locale import LANGUAGES
from app.drawing.markup import role_word
from app.live.answers import BUSY, NOT_STORED
from app.live.desk import Desk
from app.live.house import live_house
from app.live.way_in import desk_behind, desk_of
from app.people.store import normalise_code
from app.telemetry.metrics import tally
from app.web import devices
from app.web.answers import door_page, error_page, preferred_language, retry_after, show_page
from app.web.house import house_of
from app.web.join_limits import MAX_PEOPLE, Shut
from app.web.nearness import is_secure
from app.web.visitors import cookie_name, give_cookie, take_cookie, visitor
from sessions.audience import CONSOLE_ROLES, DOOR
from sessions.messages import Command, Refused, clean

MAX_NAME = 60
"""Characters of a name or an organisation."""
VIEW_OF_ROLE = {"screen": "screen", **dict.fromkeys(CONSOLE_ROLES, "console")}


async def front(request: Request) -> Response:
    """``GET /``: type a code."""
    return _front(request)


def _front(request: Request, status: int = 200, fault: str = "", typed: str = "", **chosen: Any) -> Response:
    response = show_page(request, "door/front.html", status, fault=fault, typed=typed, path="/", **chosen)
    devices.know_again(request, response)
    return response


async def type_code(request: Request) -> Response:
    """``POST /join``: the typed code leads to its session, or says why not with what was typed kept."""
    typed, language = await _fields(request, "code", "lang")
    typed = typed[:40]
    if language in LANGUAGES:
        return _front(request, typed=typed, **_chosen(language))
    code = normalise_code(typed)
    if code is None:
        return _front(request, 404, "malformed", typed)
    try:
        desk = await desk_behind(request, code)
    except Shut as shut:
        response = _front(request, 429, "guesses", typed)
        response.headers["retry-after"] = retry_after(shut.seconds)
        return response
    return _front(request, 404, "unknown", typed) if desk is None else RedirectResponse(f"/s/{code}", 303)


def _chosen(language: str) -> dict[str, Any]:
    """What shows a page in a language that somebody has just pressed, with what they had typed."""
    return {"language": language, "chosen": True}


async def _fields(request: Request, *names: str) -> list[str]:
    """Fields of a form as clean text; "" for one that is missing, or a file."""
    form = await request.form(max_files=0)
    return [clean(value) if isinstance(value := form.get(name), str) else "" for name in names]


async def join(request: Request) -> Response:
    """``POST /s/{code}/join``: ``name``, ``language``, optional ``organisation``; sets the cookie."""
    desk = await desk_of(request)
    if desk is None:
        return error_page(request, "no_session", 404)
    if await visitor(request, "phone") is not None:
        return RedirectResponse(f"/s/{desk.code}", 303)
    name, organisation, language, pressed = await _fields(request, "name", "organisation", "language", "lang")
    if pressed in LANGUAGES:
        return door_page(request, desk.session, name=name, organisation=organisation, **_chosen(pressed))
    if not name or max(len(name), len(organisation)) > MAX_NAME:
        return door_page(request, desk.session, 422, "long" if name else "name", name, organisation)
    if live_house(request).store_limits.disk.is_low:
        return door_page(request, desk.session, 503, "no_space", name, organisation)
    if len(desk.session.people) >= MAX_PEOPLE:
        return door_page(request, desk.session, 503, "full", name, organisation)
    if seconds := house_of(request).limits.lets_join(devices.device_of(request), desk.code):
        tally.turned_away["crowd"] += 1
        response = door_page(request, desk.session, 429, "crowd", name, organisation)
        response.headers["retry-after"] = retry_after(seconds)
        return response
    spoken = language if language in LANGUAGES else preferred_language(request)
    return await _let_in(request, desk, "participant", "phone", name, organisation, spoken)


async def _let_in(
    request: Request,
    desk: Desk,
    role: str,
    view: str,
    name: str,
    organisation: str,
    language: str,
    link: str = "",
) -> Response:
    """Make a person of whoever asks, tell the session, and give the cookie; ``link`` is the token they came by."""
    house = house_of(request)
    people = house.people
    person = await people.create_person(desk.code, name, organisation, language)
    fields = {
        "person": person,
        "role": role,
        "language": language,
        "organisation": people.organisation_key(organisation),
    }
    answer = await desk.submit(Command("join", f"join-{person}", "", fields), DOOR)
    if isinstance(answer, Refused):
        if answer in (BUSY, NOT_STORED):
            raise WriteError(f"nobody can join: {answer.reason}")
        return error_page(request, "not_yours", 403)
    tally.joined += 1
    if link:
        await people.link_opened(link, person)
    desk.directory.add(person, name, organisation)
    response = RedirectResponse(f"/s/{desk.code}" + ("" if view == "phone" else f"/{view}"), 303)
    token = await people.issue_cookie(person, desk.code, role)
    name = cookie_name(view, desk.code, is_secure(request))
    give_cookie(request, response, name, token, desk.code)
    return response


async def leave(request: Request) -> Response:
    """``POST /s/{code}/leave?view=…``: this browser speaks for its person no more, in no tab. Others of theirs do."""
    code = request.path_params["code"]
    who = await visitor(request, request.query_params.get("view", "phone"))
    response = RedirectResponse("/", 303)
    if who is not None:
        await house_of(request).people.revoke_cookie(who.token)
        take_cookie(request, response, who.cookie, code)
    return response


async def staff_link(request: Request) -> Response:
    """``GET /enter/{token}`` shows what the link opens; only its button (POST) uses it up: a preview does not."""
    house = live_house(request)
    people = house.people
    token = request.path_params["token"]
    link = await people.peek_link(token)
    if link is None:
        return error_page(request, "link_used", 410)
    name, pressed = await _fields(request, "name", "lang")
    shown: dict[str, Any] = {"role": link.role, "role_name": role_word(link.role), "name": name}
    if request.method != "POST" or pressed in LANGUAGES:
        chosen = _chosen(pressed) if pressed in LANGUAGES else {}
        return show_page(request, "door/staff.html", **shown, fault="", **chosen)
    if len(name) > MAX_NAME:
        return show_page(request, "door/staff.html", 422, **shown, fault="long")
    desk = await house.desks.get(link.session)
    redeemed = await people.redeem_link(token)
    if desk is None or redeemed is None:
        return error_page(request, "link_used", 410)
    view = VIEW_OF_ROLE.get(link.role, "phone")
    try:
        return await _let_in(request, desk, link.role, view, name, "", preferred_language(request), token)
    except WriteError:
        await people.give_back_link(token)
        raise
