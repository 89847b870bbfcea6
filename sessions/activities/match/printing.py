"""What is printed: an itinerary for each person, and a card for each table with who sits there when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sessions.activities.match.face import known, meeting_face
from sessions.activity import Fragment
from sessions.audience import EVERYBODY

if TYPE_CHECKING:
    from sessions.activities.match import Match
    from sessions.activities.match.state import Meeting

Faces = list[dict[str, Any]]


def prints(match: Match, view: str, scope: str, key: str) -> Fragment | None:
    """Itineraries in the order in which people came, cards by the number of the table; nothing before the plan."""
    if scope != EVERYBODY:
        return None
    standing = sorted((m for m in match.state.meetings.values() if m.stands), key=lambda m: m.slot)
    by_person: dict[str, list[Meeting]] = {}
    by_table: dict[str, list[Meeting]] = {}
    for meeting in standing:
        by_table.setdefault(meeting.table, []).append(meeting)
        for person in meeting.people:
            by_person.setdefault(person, []).append(meeting)
    everybody = known(match, view, scope, standing)

    def faces(meetings: list[Meeting], own: str = "") -> Faces:
        return [meeting_face(match, meeting, everybody, own) for meeting in meetings]

    people = [member.id for member in match.people if member.id in by_person]
    itineraries = [(everybody[person], faces(by_person[person], person)) for person in people]
    cards = [(table, faces(by_table[table])) for table in match.tables if table in by_table]
    return Fragment({"itineraries": itineraries, "cards": cards})
