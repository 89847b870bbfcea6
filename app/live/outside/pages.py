"""What guests are shown while their pass is not good: when it will be, or what of theirs stays when it is over."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.live.desk import Desk
from app.web.answers import show_page
from app.web.house import house_of
from app.wire import messages
from sessions.people import Member
from sessions.session import LEFT_TO_OUTSIDE


def outside_page(request: Request, desk: Desk, member: Member, path: str) -> Response:
    """The page of a guest whose pass has not begun, or is over: with status 403, for nothing of the event is on it."""
    session, words = desk.session, house_of(request).renderer.words[member.language]
    passed = session.pass_of(member.part) or frozenset()
    slots = [slot for slot in session.agenda.forecast(desk.now()) if slot.phase.id in passed]
    over_days = session.agenda.over_days

    def clock(at: float) -> str:
        return str(words.clock(at, session.zone, over_days))

    data: dict[str, Any] = {"session": session, "slots": slots, "clock": clock, "path": path}
    data["over"] = any(slot.phase.started for slot in slots)
    data["command_id"] = messages.new_id()
    return show_page(request, "door/outside.html", 403, member.language, **data)


def is_left(member: Member | None, command: str) -> bool:
    """Whether somebody who is outside may send a command all the same."""
    return member is not None and member.outside and command in LEFT_TO_OUTSIDE
