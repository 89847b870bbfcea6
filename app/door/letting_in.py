"""Somebody comes into a session: their rows, the event, and the cookie of their browser."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.live.coming_in import enter
from app.live.desk import Desk
from app.live.house import live_house
from app.people.keys import Seat
from app.web.answers import error_page
from app.web.house import house_of
from app.web.visitors import give_cookie
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
    acts_like, _ = desk.session.acts_like(role)
    response = RedirectResponse(f"/s/{desk.code}" + ("" if view == "phone" else f"/{view}"), 303)
    await give_cookie(request, response, view, Seat(person, desk.code, acts_like))
    return response
