"""Deleting a session: staff types its title, has a week to take it back, and reads what goes and what stays."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.live.desk import Desk
from app.live.house import live_house
from app.live.way_in import desk_of, staff_of
from app.streams.deletion import ask_deletion, deletion_due, take_back_deletion
from app.web.answers import error_page, show_page
from app.web.visitors import Visitor
from sessions.messages import clean


async def deletion(request: Request) -> Response:
    """``GET /s/{code}/delete``: what goes with the session, and what stays. ``POST`` with its ``title`` has it deleted
    in a week, with ``keep`` lets it stay."""
    desk = await desk_of(request)
    staff = await staff_of(request, desk)
    if desk is None or staff is None:
        return error_page(request, "not_yours", 403)
    database = live_house(request).database
    if request.method != "POST":
        return await _page(request, desk, staff)
    form = await request.form(max_files=0)
    if form.get("keep"):
        await database.write(lambda db: take_back_deletion(db, desk.code))
    elif not _is_title(desk, clean(str(form.get("title", "")))):
        return await _page(request, desk, staff, 422)
    else:
        now, seq = desk.now(), desk.session.seq
        await database.write(lambda db: ask_deletion(db, desk.code, seq, now))
    return RedirectResponse(f"/s/{desk.code}/delete", 303)


def _is_title(desk: Desk, typed: str) -> bool:
    return typed.casefold() in {title.casefold() for title in desk.session.title.values()}


async def _page(request: Request, desk: Desk, staff: Visitor, status: int = 200) -> Response:
    house, session = live_house(request), desk.session
    language = session.people[staff.person].language
    words = house.renderer.words[language]
    due = await house.database.read(lambda db: deletion_due(db, desk.code))
    when = "" if due is None else words.dated(due, session.zone)
    data: dict[str, Any] = {
        "session": session,
        "due": when,
        "title": words.say(session.title),
        "wrong": status == 422,
    }
    return show_page(request, "live/delete.html", status, language, **data)
