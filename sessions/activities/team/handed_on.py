"""What the archive gets from forming teams: their history. The teams themselves are the session's."""

from __future__ import annotations

from sessions.activities.team.seat_history import SeatHistory
from sessions.outcome import Outcome


def outcome(seats: SeatHistory) -> Outcome:
    """Figures: how many ``teams`` there are, and every membership with its ``from`` and ``to`` in wall time."""
    memberships = [
        {"team": m.team, "person": m.person, "from": m.since, "to": m.until} for m in seats.memberships
    ]
    return Outcome(figures={"teams": len(seats.tables), "memberships": memberships})
