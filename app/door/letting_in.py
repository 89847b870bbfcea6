"""Somebody comes into a session: their rows, the event, and the cookie of their browser."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.live.coming_in import enter
from app.live.desk import Desk
from app.live.house import live_house
from app.web import devices
from app.web.answers import error_page
from app.web.house import house_of
from app.web.nearness import is_secure
from app.web.visitors import cookie_name, give_cookie
from sessions.audience import CONSOLE_ROLES
from sessions.messages import Refused

VIEW_OF_ROLE = {"screen": "screen", **dict.fromkeys(CONSOLE_ROLES, "console")}


async def let_in(
    request: Request,
    desk: Desk,
    role: str,
    name: str,
    organisation: str,
    language: str,
    person: str = "",
    view: str = "phone",
) -> Response:
    """Somebody new is in, under the id ``person`` or one that chance gives; the answer brings their browser the cookie.
    Raises WriteError where that cannot be stored now."""
    people = house_of(request).people
    person = await people.create_person(desk.code, name, organisation, language, person)
    answer = await enter(desk, people, person, role, organisation, language)
    if isinstance(answer, Refused):
        return error_page(request, "not_yours", 403)
    desk.directory.add(person, name, organisation)
    live_house(request).waiting_room.leave(desk, person)
    return await give_seat(request, desk, person, role, view)


async def give_seat(request: Request, desk: Desk, person: str, role: str, view: str = "phone") -> Response:
    """The browser speaks for this person from now on, and is led to their page."""
    role, _ = desk.session.acts_like(role)
    token = await house_of(request).people.issue_cookie(person, desk.code, role, devices.device_of(request))
    response = RedirectResponse(f"/s/{desk.code}" + ("" if view == "phone" else f"/{view}"), 303)
    give_cookie(request, response, cookie_name(view, desk.code, is_secure(request)), token, desk.code)
    return response
