"""How far a work phase has come: for everybody its deadlines, for the projector team by team, never a text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sessions.activities.work.stops import pending
from sessions.activity import Fragment
from sessions.outcome import Team

if TYPE_CHECKING:
    from sessions.activities.work import Work
    from sessions.activities.work.documents import Documents

MOST_BLOCKS = 12
MOST_LINES = 30
"""More teams than this do not fit on the projector line by line."""


def everybody(work: Work, scope: str) -> Fragment:
    """The deadlines, and the teams that have a line each."""
    teams = [team.id for team in _teams(work)]
    return Fragment({**times(work), "teams": teams, "lines": len(teams) <= MOST_LINES})


def times(work: Work) -> dict[str, Any]:
    """The deadlines, and the grace after them in minutes."""
    return {"stops": stops(work), "grace": round(work.grace / 60)}


def stops(work: Work) -> list[dict[str, Any]]:
    """Every deadline in order of time, and whether it is the next."""
    ahead = pending(work.stops)
    return [{"stop": stop, "next": stop in ahead[:1]} for stop in sorted(work.stops, key=lambda s: s.at)]


def _teams(work: Work) -> list[Team]:
    """Teams with an entry in the race, by their numbers."""
    with_entries = {entry.team for entry, _ in work.running()}
    teams = (team for team in work.session.teams.values() if team.id in with_entries)
    return sorted(teams, key=lambda team: team.number)


def line(work: Work, view: str, scope: str, key: str) -> Fragment | None:
    """One team's progress; None where it has nothing in the race."""
    team = work.session.teams.get(key)
    running = [documents for entry, documents in work.running() if entry.team == key]
    if team is None or not running:
        return None
    data = {
        "team": team,
        "filled": sum(len(d.filled) for d in running),
        "required": sum(d.required for d in running),
        "blocks": blocks(running),
        "contacts": sum(len(d.contacts) for d in running),
        "wanted": contacts_wanted(work) * len(running),
        "done_at": max(d.done_at for d in running) if all(d.done for d in running) else None,
        "submitted_at": _all_submitted_at(running),
        "submits": work.submits,
    }
    return Fragment(data, home="lines", order=f"{team.number:04d}-{team.id}")


def _all_submitted_at(running: Sequence[Documents]) -> float | None:
    """When the last of some records was submitted (wall time); None while one is not."""
    times_submitted = [documents.submitted_at for documents in running]
    return max(times_submitted) if all(times_submitted) else None


def blocks(running: Sequence[Documents]) -> tuple[int, int]:
    """Progress as full blocks of so many: one a part, or twelve for more parts than that."""
    filled, required = sum(len(d.filled) for d in running), sum(d.required for d in running)
    most = min(required, MOST_BLOCKS)
    return (filled * most // required if required else 0, most)


def contacts_wanted(work: Work) -> int:
    """How many customer contacts each entry should have in the end."""
    return max((stop.contacts for stop in work.stops), default=0)


def tally(work: Work, view: str, scope: str, key: str) -> Fragment:
    """Numbers over all records in the race."""
    running = [documents for _, documents in work.running()]
    data = {
        "records": len(running),
        "done": sum(1 for d in running if d.done),
        "filled": sum(len(d.filled) for d in running),
        "required": sum(d.required for d in running),
        "contacts": sum(len(d.contacts) for d in running),
        "wanted": contacts_wanted(work) * len(running),
        "submitted": sum(1 for d in running if d.submitted_at),
        "late": sum(1 for d in running if d.late),
        "submits": work.submits,
        "next": next(iter(pending(work.stops)), None),
    }
    return Fragment(data)
