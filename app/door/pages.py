"""The entrance: a code is typed, a name is given, a staff link is opened. Nobody needs an account."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.database.writer import WriteError
from app.door.letting_in import VIEW_OF_ROLE, give_seat, let_in
from app.drawing.locale import LANGUAGES
from app.drawing.markup import role_word
from app.live.desk import Desk
from app.live.house import live_house
from app.live.way_in import desk_behind
from app.people.store import normalise_code
from app.streams.proof import Unproved
from app.web import devices
from app.web.answers import error_page, preferred_language, retry_after, show_page
from app.web.house import house_of
from app.web.join_limits import Shut
from app.web.visitors import Visitor, take_cookie, visitor
from sessions.messages import clean
from sessions.names import MAX_NAME


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
        devices.know_again(request, response)
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


async def leave(request: Request) -> Response:
    """``POST /s/{code}/leave?view=…``: this browser speaks for its person no more, in no tab. Others of theirs do."""
    who = await visitor(request, request.query_params.get("view", "phone"))
    response = RedirectResponse("/", 303)
    if who is not None:
        await _wait_no_more(request, who)
        await house_of(request).people.revoke_cookie(who.token)
        take_cookie(response, who)
    return response


async def _wait_no_more(request: Request, who: Visitor) -> None:
    """Of whoever leaves before they were let in nothing stays."""
    house = live_house(request)
    with suppress(Unproved):
        desk = await house.desks.get(who.session)
        if desk is not None:
            await house.waiting_room.turn_away(desk, [who.person])


async def staff_link(request: Request) -> Response:
    """``GET /enter/{token}`` shows what the link opens; only its button (POST) uses it up: a preview does not."""
    house = live_house(request)
    people = house.people
    token = request.path_params["token"]
    person = _opener(request, token)
    link = await people.peek_link(token, person)
    if link is None:
        return error_page(request, "link_used", 410)
    name, pressed = await _fields(request, "name", "lang")
    desk = await house.desks.get(link.session)
    if desk is None:
        return error_page(request, "link_used", 410)
    acts_like, _ = desk.session.acts_like(link.role)
    own = desk.session.format.roles.get(link.role) if desk.session.format else None
    shown: dict[str, Any] = {"role": acts_like, "role_name": role_word(link.role), "name": name}
    shown["role_title"] = own.title if own else None
    if request.method != "POST" or pressed in LANGUAGES:
        chosen = _chosen(pressed) if pressed in LANGUAGES else {}
        response = show_page(request, "door/staff.html", **shown, fault="", **chosen)
        devices.know_again(request, response)
        return response
    if len(name) > MAX_NAME:
        return show_page(request, "door/staff.html", 422, **shown, fault="long")
    if _is_out(desk, person) or await people.redeem_link(token, person) is None:
        return error_page(request, "link_used", 410)
    view = VIEW_OF_ROLE.get(acts_like, "phone")
    if person in desk.session.people:
        return await give_seat(request, desk, person, desk.session.people[person].role, view)
    try:
        return await let_in(request, desk, link.role, name, "", preferred_language(request), person, view)
    except WriteError:
        if person not in desk.session.people:  # nor by another tap
            await people.give_back_link(token)
        raise


def _opener(request: Request, token: str) -> str:
    """Who comes of this link on the device that asks, however often it presses; on one without a name whom chance
    gives."""
    device, people = devices.device_of(request), house_of(request).people
    return people.person_of("enter", device, token) if device else people.new_person()


def _is_out(desk: Desk, person: str) -> bool:
    """Whether whoever came by the link has been removed or erased since: the link does not bring them back."""
    member = desk.session.people.get(person)
    return member is not None and (member.removed or member.erased)
