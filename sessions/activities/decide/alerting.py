"""What the facilitator is alerted to: what is undecided, merges that wait, and what is erased with the close."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sessions.activities.decide.views import tally
from sessions.activity import Alert, alert

if TYPE_CHECKING:
    from sessions.activities.decide import Decide

REMIND = 5 * 60.0
"""Seconds before the planned end at which what is undecided needs the facilitator."""


def alerts(decide: Decide) -> Iterator[Alert]:
    """What is undecided near the end, and merges that wait."""
    undecided, waiting = tally(decide)["open"], len(decide.decided.offers)
    if decide.is_open and undecided:
        at = decide.phase.ends_at - REMIND
        yield alert("Projects without a decision: {count}", at=at, count=undecided)
    if decide.is_open and waiting:
        yield alert("Merges that wait for the other team: {count}", count=waiting)


def lost_by_closing(decide: Decide) -> Alert | None:
    """Words of projects that their teams have withdrawn."""
    count = len(decide.decided.withdrawn)
    if not decide.is_open or not count:
        return None
    return alert(
        "Projects whose words are erased now, for good, because they are withdrawn: {count}", count=count
    )


def lost_by_reopening(decide: Decide) -> Alert | None:
    """Nothing more; but what was erased at the close does not come back, so that a close is not undone."""
    if not decide.decided.withdrawn:
        return None
    return alert("What was written in withdrawn projects is erased, and does not come back.")
