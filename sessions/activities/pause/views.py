"""What a pause shows: who is here, what comes next, at night the hours and whom to turn to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sessions.activity import Fragment
from sessions.audience import EVERYBODY, scope_type
from sessions.viewers import named_in

if TYPE_CHECKING:
    from sessions.activities.pause import Pause
    from sessions.people import Member

NIGHT_HOSTS = frozenset({"night_host"})


def show(activity: Pause, view: str, scope: str, part: str = "", key: str = "") -> Fragment | None:
    """What a fragment shows, or None where there is nothing for that scope to see."""
    if part:
        return PARTS[part](activity, key)
    pane = PANES.get(scope_type(scope))
    return pane(activity, view, scope) if pane else None


# ---- panes


def _everybody(activity: Pause, view: str, scope: str) -> Fragment:
    night, rules = activity.is_night, activity.rules
    people = sorted(activity.crowd, key=lambda member: _row_order(activity, member))
    data = {
        "night": night,
        "quiet": bool(rules.get("quiet")),
        "work_allowed": bool(rules.get("work_allowed")),
        "emergency": str(rules.get("emergency", "")),
        "hosts": _night_hosts(activity, view) if night else [],
        "following": activity.session.agenda.following(),
        "hours": _hours(activity) if night else [],
        "people": [member.id for member in people],
    }
    return Fragment(data)


def _night_hosts(activity: Pause, view: str) -> list[str]:
    """Whom to turn to, by name where everybody in that view may know it."""
    hosts = activity.session.present_people(NIGHT_HOSTS, activity.phase.id)
    return named_in(activity.session, view, EVERYBODY, [host.id for host in hosts])


def _hours(activity: Pause) -> list[float]:
    """The full hours of the night, counted back from its end (wall time)."""
    phase = activity.phase
    count = int((phase.ends_at - phase.opened_at) // 3600)
    return [phase.ends_at - 3600.0 * left for left in range(count, -1, -1)]


def _person(activity: Pause, view: str, scope: str) -> Fragment | None:
    member = activity.person_in(scope)
    if member is None or not member.is_among(activity.phase.spec.who):
        return None
    data = {"night": activity.is_night, "present": member.present, "since": _since(activity, member)}
    return Fragment(data)


def _since(activity: Pause, member: Member) -> float:
    """Since when somebody is here or away, as far as this pause knows; wall time."""
    return activity.absences.last_change(member.id) or member.joined_at


# ---- parts


def _present(activity: Pause, key: str) -> Fragment:
    crowd = activity.crowd
    return Fragment({"here_now": sum(member.present for member in crowd), "of": len(crowd)})


def _row(activity: Pause, key: str) -> Fragment | None:
    member = activity.session.people.get(key)
    if member is None or member.removed or not member.is_among(activity.phase.spec.who):
        return None
    data: dict[str, Any] = {
        "person": member,
        "team": activity.session.teams.get(member.team),
        "since": _since(activity, member),
        "stays": bool(member.facts.get("overnight")),
    }
    return Fragment(data, "rows", _row_order(activity, member))


def _row_order(activity: Pause, member: Member) -> str:
    team = activity.session.teams.get(member.team)
    return f"{team.number if team else 9999:04d}-{member.id}"


PANES: Mapping[str, Callable[[Pause, str, str], Fragment | None]] = {"all": _everybody, "person": _person}
"""Pane by type of scope."""
PARTS: Mapping[str, Callable[[Pause, str], Fragment | None]] = {"here": _present, "row": _row}
