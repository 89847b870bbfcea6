"""A question with its answer as a row for templates: teams, experts and the console show the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sessions.activities.consult.requests import RESPONSES, Request
from sessions.verdicts import topic_name, verdict_name

if TYPE_CHECKING:
    from sessions.activities.consult import Consult

LAMPS = {"go": "go", "change": "change", "stop": "halt", "info": "go"}
"""The look of a verdict: circle, triangle, square."""


def request_row(activity: Consult, request: Request) -> dict[str, Any]:
    """A question with its answer, for a template."""
    return {
        "request": request,
        "topic": topic_name(request.topic),
        "verdict": verdict_name(request.verdict) if request.verdict else None,
        "response": RESPONSES.get(request.choice) or {"en": request.response or ""},
        "lamp": LAMPS.get(request.verdict, "go"),
        "due_at": request.asked_at + activity.answer_seconds,
    }
