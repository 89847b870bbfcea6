"""What the facilitator is alerted to while teams are formed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sessions.activity import Alert, alert

if TYPE_CHECKING:
    from sessions.activities.team import Team

REMIND = 5 * 60.0
"""Seconds before the planned end at which unconfirmed teams need the facilitator."""


def alerts(team: Team) -> Iterator[Alert]:
    """People who ask or wait for a place, and teams that are not confirmed shortly before the planned end."""
    asking_now, without = len(team.draft.asking()), len(team.unplaced())
    if asking_now:
        yield alert("People who ask for another place: {count}", count=asking_now)
    if team.seats.confirmed and without:
        yield alert("People without a team: {count}", count=without)
    if not team.seats.confirmed and team.is_open:
        yield alert("The teams are not confirmed yet.", at=team.phase.ends_at - REMIND)
