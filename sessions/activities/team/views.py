"""What people see of forming teams: their wishes, their team, all teams, and the facilitator's board."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sessions.activities.team.board import board, choices, team_card
from sessions.activities.team.joining import tables_to_join
from sessions.activities.team.parts import PARTS, request_row
from sessions.activities.team.team_draft import WISHING
from sessions.activity import Fragment
from sessions.audience import STAFF, TEAM_PEOPLE, is_for, scope_of, scope_type

if TYPE_CHECKING:
    from sessions.activities.team import Team


def show(activity: Team, view: str, scope: str, part: str = "", key: str = "") -> Fragment | None:
    """What a fragment shows, or None where there is nothing for that scope to see."""
    if part:
        return PARTS[part](activity, key)
    kind = scope_type(scope)
    pane = PANES.get((view, kind)) or PANES.get(("", kind))
    return pane(activity, scope) if pane else None


# ---- panes


def _everybody(activity: Team, scope: str) -> Fragment:
    return Fragment({"stage": activity.draft.stage, "asking": [], "self_join": activity.self_join})


def _facilitator(activity: Team, scope: str) -> Fragment:
    asking = activity.draft.asking()
    return Fragment({"stage": activity.draft.stage, "asking": asking, "self_join": activity.self_join})


def _role(activity: Team, scope: str) -> Fragment | None:
    """The form of the moment, the same for everybody in a role."""
    draft = activity.draft
    if not is_for(scope, TEAM_PEOPLE):
        return None
    if activity.self_join and not activity.seats.confirmed:
        return _join(activity)
    if draft.stage != WISHING:
        return Fragment({"stage": draft.stage, "choices": choices(activity)}, order="7")
    if not activity.is_open or not draft.needs:
        return None
    needs = list(draft.needs.values())
    return Fragment({"stage": draft.stage, "needs": needs, "count": activity.most_wishes})


def _join(activity: Team) -> Fragment | None:
    """The tables, while everybody may sit down at one."""
    tables = tables_to_join(activity) if activity.is_open else []
    return Fragment({"stage": activity.draft.stage, "tables": tables}) if tables else None


def _role_in_team_view(activity: Team, scope: str) -> Fragment | None:
    if is_for(scope, STAFF):
        return _desk(activity)
    return _role(activity, scope) if activity.seats.confirmed else None


def _desk(activity: Team) -> Fragment | None:
    """What staff needs once the phase is over: people leave at night."""
    if activity.is_open or not activity.seats.confirmed:
        return None
    asks = [request_row(activity, person) for person in activity.draft.asking()]
    return Fragment({**board(activity), "asks": asks, "desk": True})


def _team(activity: Team, scope: str) -> Fragment | None:
    table = activity.seats.tables.get(scope_of(scope))
    return Fragment(team_card(activity, table)) if table and activity.seats.confirmed else None


def _mine(activity: Team, scope: str) -> Fragment | None:
    wishes = activity.draft.wished_needs(scope_of(scope))
    return Fragment({"wishes": wishes}) if wishes else None


def _person(activity: Team, scope: str) -> Fragment | None:
    """Somebody's wishes, the draft of their own team, and what they ask for."""
    person, draft, tables = scope_of(scope), activity.draft, activity.seats.tables
    if not draft.placeable(person):
        return None
    table, request = activity.seats.table_of(person), draft.requests.get(person)
    data = {
        "stage": draft.stage,
        "self_join": activity.self_join,
        "wishes": draft.wished_needs(person),
        "draft": team_card(activity, table) if table and not activity.seats.confirmed else None,
        "seated": table is not None,
        "request": request,
        "wanted": tables.get(request.team) if request else None,
    }
    return Fragment(data, order="3")


def _person_in_team_view(activity: Team, scope: str) -> Fragment | None:
    return _person(activity, scope) if activity.seats.confirmed else None


# ---- parts


PANES: Mapping[tuple[str, str], Callable[[Team, str], Fragment | None]] = {
    ("", "all"): _everybody,
    ("console", "all"): _facilitator,
    ("", "role"): _role,
    ("team", "role"): _role_in_team_view,
    ("", "team"): _team,
    ("mine", "person"): _mine,
    ("", "person"): _person,
    ("team", "person"): _person_in_team_view,
}
"""Pane by view ("" for any) and type of scope."""
