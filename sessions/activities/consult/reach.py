"""How far questions and answers go: as far as the record lets what others have said of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sessions.messages import Event
from sessions.sight import Circle, Thing
from sessions.things import VERDICTS, in_section
from sessions.viewers import section_of

if TYPE_CHECKING:
    from sessions.activities.consult import Consult
    from sessions.activities.consult.requests import Request


def things(activity: Consult, event: Event) -> Iterator[Thing]:
    """The words of a question, which call what it is about by its title, and of what came back. What experts say of
    their own interests is the house's."""
    request = activity.queue.requests.get(event.body.get("request", ""))
    if request is None:
        return
    session = activity.session
    entry = session.entries.get(session.entry_of_card.get(request.about, request.about))
    if entry is None:
        yield Thing("question", session=session.code, team=request.team, reach=Circle.TEAM)
        return
    if event.kind == "asked":
        yield section_of(session, entry, "title")
    yield from in_section(session, entry.id, VERDICTS, _stands(request, event))


def _stands(request: Request, event: Event) -> bool:
    """Whether it is the last response, where it is one."""
    return event.kind != "stop_responded" or request.responded_at == event.at
