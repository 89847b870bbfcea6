"""The decision sheet: one printable page for each record, for those who may see it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app.archive.record import record_of
from app.live.way_in import desk_of
from app.web.answers import error_page
from app.web.house import house_of
from app.web.visitors import visitor
from sessions.audience import JURY, STAFF
from sessions.entry import Entry
from sessions.session import Session
from sessions.views import CONSOLE_VIEWS, language_of

OPEN_TO_SESSION = frozenset({"session", "programme", "public"})


async def record(request: Request) -> Response:
    """``GET /s/{code}/records/{entry}``: the sheet of one entry as the log has it now."""
    desk = await desk_of(request)
    if desk is None:
        return error_page(request, "no_session", 404)
    entry = desk.session.entries.get(request.path_params["entry"])
    people = [who.person for view in ("phone", *CONSOLE_VIEWS) if (who := await visitor(request, view))]
    reader = next((p for p in people if entry and may_read(desk.session, p, entry)), None)
    if entry is None or reader is None:
        return error_page(request, "not_yours", 403)
    house = house_of(request)
    if not house.looks.take(reader):
        return error_page(request, "too_fast", 429)
    language = language_of(desk.session, reader, "phone")
    async with desk.settled:
        html = house.renderer.sheet(desk.hall, reader, language, entry, record_of(entry, desk.session))
    return HTMLResponse(html, headers={"cache-control": "no-store"})


def may_read(session: Session, person: str, entry: Entry) -> bool:
    """Staff, the jury and the team always; the rest of the session once the record is open to it."""
    member = session.people.get(person)
    if member is None or member.removed:
        return False
    visible = entry.latest("visibility") in OPEN_TO_SESSION
    return visible or member.role in STAFF | JURY or (member.team != "" and member.team == entry.team)
