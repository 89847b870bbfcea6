"""What later phases and the archive get from a consultation."""

from __future__ import annotations

from collections.abc import Iterable

from sessions.activities.consult.requests import Request
from sessions.outcome import Outcome


def outcome(requests: Iterable[Request]) -> Outcome:
    """Figures: how many were ``asked`` and ``answered``, and in how many ``minutes`` on average."""
    asked = list(requests)
    answered = [request for request in asked if request.verdict]
    minutes = round(sum(request.minutes for request in answered) / len(answered)) if answered else 0
    return Outcome(figures={"asked": len(asked), "answered": len(answered), "minutes": minutes})
