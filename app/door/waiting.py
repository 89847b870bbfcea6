"""Staff at the door: whoever waits is let in or turned away, one or many at once."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.live.house import live_house
from app.live.way_in import desk_of, staff_of
from app.web.answers import error_page


async def at_the_door(request: Request) -> Response:
    """``POST /s/{code}/door``: ``person`` (as often as it takes) or ``all``; ``do`` is ``let_in`` or ``turn_away``."""
    desk = await desk_of(request)
    if desk is None or await staff_of(request, desk) is None:
        return error_page(request, "not_yours", 403)
    form = await request.form(max_files=0)
    named = [value for value in form.getlist("person") if isinstance(value, str)]
    people = [*desk.hall.waiting] if form.get("all") else [p for p in named if p in desk.hall.waiting]
    waiting_room = live_house(request).waiting_room
    if form.get("do") == "let_in":
        for person in people:
            await waiting_room.let_in(desk, person)
    else:
        await waiting_room.turn_away(desk, people)
    return RedirectResponse(f"/s/{desk.code}/people", 303)
