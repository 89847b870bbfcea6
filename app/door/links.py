"""Links for more machines and people: staff makes them, sees what became of them, and stops them."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.drawing.markup import qr
from app.live.desk import Desk
from app.live.way_in import desk_of, staff_of
from app.people.links import KeptLink, Link
from app.web.answers import error_page, show_page
from app.web.house import house_of
from app.web.visitors import Visitor
from sessions.audience import LINKED_ROLES
from sessions.messages import clean

MAX_LABEL = 60


async def links(request: Request) -> Response:
    """``GET /s/{code}/links``: every link with what became of it. ``POST`` makes one of ``role`` with a ``label``, and
    shows its address this once."""
    desk = await desk_of(request)
    staff = await staff_of(request, desk)
    if desk is None or staff is None:
        return error_page(request, "not_yours", 403)
    made: dict[str, Any] = {}
    if request.method == "POST":
        form = await request.form(max_files=0)
        role, label = (clean(str(form.get(name, ""))) for name in ("role", "label"))
        if role not in _roles(desk):
            return error_page(request, "malformed", 400)
        made = await _made(request, desk, Link(role, desk.code), label[:MAX_LABEL], staff.person)
    return await _list(request, desk, staff, **made)


async def stop_link(request: Request) -> Response:
    """``POST /s/{code}/links/{link}/stop``: it opens nothing any more; a screen that came by it goes dark."""
    desk = await desk_of(request)
    if desk is None or await staff_of(request, desk) is None:
        return error_page(request, "not_yours", 403)
    await house_of(request).people.stop_link(desk.code, request.path_params["link"])
    return RedirectResponse(f"/s/{desk.code}/links", 303)


async def _made(request: Request, desk: Desk, link: Link, label: str, by: str) -> dict[str, Any]:
    token = await house_of(request).people.make_link(link, label, by)
    address = f"{desk.hall.join_url.removesuffix(f'/s/{desk.code}')}/enter/{token}"
    return {"address": address, "picture": qr(address), "made_for": link.role, "made_label": label}


async def _list(request: Request, desk: Desk, staff: Visitor, **made: Any) -> Response:
    house, session = house_of(request), desk.session
    language = session.people[staff.person].language
    words = house.renderer.words[language]

    def when(moment: Any) -> str:
        return words.dated(moment.timestamp(), session.zone)

    def shown(link: KeptLink) -> dict[str, Any]:
        return {"link": link, "by": desk.directory.shown_name(link.made_by), "who": _opener(desk, link)}

    kept = [shown(link) for link in await house.people.links(desk.code)]
    data = {"session": session, "rows": kept, "roles": _roles(desk), "when": when, "address": "", **made}
    data["role_name"] = lambda role: words.role(session, role)
    return show_page(request, "live/links.html", 200, language, **data)


def _roles(desk: Desk) -> tuple[str, ...]:
    """What a link may let somebody in as: also the roles of the session's own format."""
    return (*LINKED_ROLES, *(desk.session.format.roles if desk.session.format else ()))


def _opener(desk: Desk, link: KeptLink) -> str:
    return desk.directory.shown_name(link.person) if link.person else ""
