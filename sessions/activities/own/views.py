"""What people see: their team's entries with owner and next step, what they are asked, what they own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sessions.activities.own.owners import able
from sessions.activities.own.rows import entry_row, help_offered, owned_by
from sessions.activity import Fragment
from sessions.audience import ATTENDING, is_for, person_scope, scope_of, scope_type, team_scope
from sessions.entry_list import entries_in_race, entry_label

if TYPE_CHECKING:
    from sessions.activities.own import Own
    from sessions.entry import Entry

CARRIERS = frozenset({"business_developer", "host"})
"""Roles outside the teams that a project may be handed to; they stand in the teams' lists."""


def show(activity: Own, view: str, scope: str, part: str = "", key: str = "") -> Fragment | None:
    """What a fragment shows, or None where there is nothing for that scope to see."""
    if part:
        return PARTS[part](activity, scope, key)
    kind = scope_type(scope)
    pane = PANES.get((view, kind)) or PANES.get(("", kind))
    return pane(activity, scope) if pane else None


# ---- panes


def _everybody(activity: Own, scope: str) -> Fragment:
    return Fragment()


def _offering_help(activity: Own, scope: str) -> Fragment | None:
    """The form of a role that may offer help."""
    if not is_for(scope, ATTENDING):
        return None
    entries = entries_in_race(activity.session)
    return Fragment({"entries": [entry_label(activity.session, entry) for entry in entries]})


def _team(activity: Own, scope: str) -> Fragment | None:
    team = scope_of(scope)
    entries = [entry.id for entry in entries_in_race(activity.session) if entry.team == team]
    return Fragment({"entries": entries}) if team in activity.session.teams else None


def _mine(activity: Own, scope: str) -> Fragment | None:
    person = scope_of(scope)
    rows = [entry_row(activity, entry) for entry in owned_by(activity, person)]
    helped = help_offered(activity, person)
    return Fragment({"rows": rows, "helped": helped}) if rows or helped else None


def _personal(activity: Own, scope: str) -> Fragment | None:
    """What somebody is asked to own, what they own, and where they have offered help."""
    person, owners = scope_of(scope), activity.owners
    racing = entries_in_race(activity.session)
    asked = [entry_row(activity, entry) for entry in racing if owners.of(entry.id).asked == person]
    held = [entry.id for entry in owned_by(activity, person)]
    helped = help_offered(activity, person)
    if not asked and not held and not helped:
        return None
    return Fragment({"asked": asked, "held": held, "helped": helped})


# ---- parts


def _care(activity: Own, scope: str, key: str) -> Fragment | None:
    """An entry with its forms in its team's room."""
    entry = activity.session.entries.get(key)
    if entry is None or not entry.in_race or scope != team_scope(entry.team):
        return None
    return _forms(activity, entry, "entries")


def _held(activity: Own, scope: str, key: str) -> Fragment | None:
    """An entry with its forms with its owner."""
    entry = activity.session.entries.get(key)
    if entry is None or not entry.in_race or scope != person_scope(activity.owners.of(key).owner):
        return None
    return _forms(activity, entry, "held")


def _forms(activity: Own, entry: Entry, home: str) -> Fragment:
    owner = activity.session.people.get(activity.owners.of(entry.id).owner)
    outside = owner is not None and owner.team != entry.team
    data = {**entry_row(activity, entry), "people": _candidates(activity, entry), "outside": outside}
    return Fragment(data, home, f"{entry.number:05d}")


def _candidates(activity: Own, entry: Entry) -> list[str]:
    """Whom the project may be handed to from a list: the team, business developers and hosts."""
    people, team = activity.session.people, activity.session.teams.get(entry.team)
    carriers = (member.id for member in people.values() if member.role in CARRIERS)
    near = [*(team.members if team else ()), *carriers]
    owner = activity.owners.of(entry.id).owner
    return [person for person in near if person != owner and able(people.get(person))]


def _owners(activity: Own, scope: str, key: str) -> Fragment:
    """Numbers only: ``named`` of ``entries`` have an owner."""
    racing = entries_in_race(activity.session)
    named = sum(1 for entry in racing if activity.owners.of(entry.id).owner)
    return Fragment({"named": named, "entries": len(racing)})


def _board(activity: Own, scope: str, key: str) -> Fragment:
    """For the facilitator: what has no owner first, then what has no first step."""
    rows = [entry_row(activity, entry) for entry in entries_in_race(activity.session)]
    rows.sort(key=lambda row: (bool(row["care"].owner), row["step"] is not None, row["entry"]["number"]))
    people = [member.id for member in activity.session.people.values() if able(member)]
    return Fragment({"rows": rows, "people": people})


PANES: Mapping[tuple[str, str], Callable[[Own, str], Fragment | None]] = {
    ("", "all"): _everybody,
    ("phone", "role"): _offering_help,
    ("", "team"): _team,
    ("mine", "person"): _mine,
    ("", "person"): _personal,
}
"""Pane by view ("" for any) and type of scope."""
PARTS: Mapping[str, Callable[[Own, str, str], Fragment | None]] = {
    "care": _care,
    "held": _held,
    "owners": _owners,
    "board": _board,
}
