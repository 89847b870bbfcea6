"""What staff works with: the plan before it is published, then the floor with what needs a look. Not even they see who
has said what of whom, nor why two were not put together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sessions.activities.match import times
from sessions.activities.match.face import known, meeting_face, who
from sessions.activities.match.handed_on import figures
from sessions.activities.match.rules import MEET, slots_of
from sessions.activity import Fragment

if TYPE_CHECKING:
    from sessions.activities.match import Match
    from sessions.activities.match.state import Meeting

LATEST = 5


def pane(match: Match, view: str, scope: str) -> dict[str, Any]:
    return {"does": sorted(match.does)}


def floor(match: Match, view: str, scope: str, key: str) -> Fragment:
    """The plan, or the room as it is."""
    meets = MEET in match.does
    data: dict[str, Any] = {
        "does": sorted(match.does),
        "published": match.state.published,
        "over": match.state.over,
        "figures": figures(match),
        "slots": slots_of(match.rules),
        "tables": len(match.tables),
        "open": match.is_open,
    }
    if meets and match.state.published:
        data |= _running(match, view, scope)
    elif meets:
        data |= _planned(match, view, scope)
    return Fragment(data)


def _planned(match: Match, view: str, scope: str) -> dict[str, Any]:
    draft = match.state.draft
    served = {person for meeting in draft for person in meeting.people}
    without = [member.id for member in match.people if member.id not in served] if draft else []
    return {
        "draft": _by_slot(match, draft, view, scope),
        "planned": len(draft),
        "drafted_at": match.state.drafted_at,
        "plan_figures": match.state.figures,
        "without": who(match, view, scope, without),
        "change_minutes": round(times.change(match) / 60),
    }


def _running(match: Match, view: str, scope: str) -> dict[str, Any]:
    state = match.state
    slot = max(state.slot, 0)
    standing = [m for m in state.meetings.values() if m.stands]
    busy = {person for m in standing if m.slot == slot for person in m.people}
    idle = [
        m.id
        for m in match.people
        if m.id not in busy and m.id not in state.absent and m.id not in state.asked
    ]
    latest = [state.meetings[name] for name in dict.fromkeys(name for _, name in reversed(state.changed))]
    return {
        "slot": state.slot,
        "round": _by_slot(match, [m for m in standing if m.slot == slot], view, scope),
        "later": _by_slot(match, [m for m in standing if m.slot > slot], view, scope),
        "asked": [(each, state.asked[each["id"]]) for each in who(match, view, scope, list(state.asked))],
        "absent": who(match, view, scope, list(state.absent)),
        "idle": who(match, view, scope, idle),
        "latest": [meeting_face(match, m, known(match, view, scope, [m])) for m in latest[:LATEST]],
        "people": who(match, view, scope, [member.id for member in match.people]),
        "closed_tables": list(state.closed_tables),
        "table_names": list(match.tables),
        "starts_at": times.starts(match, slot),
        "ends_at": times.ends(match, slot),
        "next_at": times.bell(match, state.slot + 1) if state.slot + 1 < slots_of(match.rules) else 0.0,
    }


def _by_slot(
    match: Match, meetings: list[Meeting], view: str, scope: str
) -> list[tuple[int, list[dict[str, Any]]]]:
    """Meetings by slot, in each by table."""
    found: dict[int, list[Meeting]] = {}
    for meeting in sorted(meetings, key=lambda m: (m.slot, int(m.table))):
        found.setdefault(meeting.slot, []).append(meeting)
    people = known(match, view, scope, meetings)
    return [(slot, [meeting_face(match, m, people) for m in row]) for slot, row in found.items()]
