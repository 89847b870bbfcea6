"""How far a first step and an offer of help go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sessions.messages import Event
from sessions.sight import Thing, reach_of
from sessions.things import VERDICTS, in_section, is_latest, stands

if TYPE_CHECKING:
    from sessions.activities.own import Own


def things(activity: Own, event: Event) -> Iterator[Thing]:
    """A first step is of the plan; who offers help lets it go as far as all they write. Staff's reasons are staff's."""
    session, entry = activity.session, event.body.get("entry", "")
    if event.kind == "first_step_set":
        yield from in_section(session, entry, "plan", is_latest(session, entry, event, "next_action"))
    elif event.kind == "help_offered":
        person = event.body["person"]
        place = (activity.phase.id, "help", person)
        member = session.people.get(person)
        reach = reach_of(None, member.consent if member else None)
        yield from in_section(session, entry, VERDICTS, stands(session, entry, event, place))
        yield Thing("help", frozenset({person}), session.code, reach=reach)
