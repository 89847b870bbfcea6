"""What the facilitator is alerted to while teams work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sessions.activities.work.stops import pending
from sessions.activity import Alert, alert

if TYPE_CHECKING:
    from sessions.activities.work import Work

WARN_SECONDS = 600.0
"""How long before a hard deadline the facilitator hears of records that are not submitted."""


def alerts(work: Work) -> Iterator[Alert]:
    """Late work that waits, and records that are not submitted shortly before the deadline."""
    waiting = sum(1 for documents in work.state.documents.values() if documents.late)
    if waiting:
        yield alert("Late work waits for your decision: {count}", count=waiting)
    hard = [stop for stop in pending(work.stops) if stop.hard]
    missing = sum(1 for _, documents in work.running() if not documents.submitted_at)
    if work.submits and hard and missing and work.is_open:
        yield alert(
            "Records not submitted: {count}. The deadline is {deadline_at}.",
            hard[0].at - WARN_SECONDS,
            count=missing,
            deadline_at=hard[0].at,
        )
