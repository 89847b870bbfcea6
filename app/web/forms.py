"""Commands that come as plain HTTP: what a form says, and what its sender hears where the rules were not asked."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.web.answers import error_page
from app.wire import messages
from sessions.messages import refuse

TOO_FAST = refuse(
    "too_fast",
    "That was a lot at once. Wait a few seconds and send it again; what you wrote stays on your device.",
)
RETRY = "2"
"""Seconds, as a Retry-After header has it."""


async def fields_of(request: Request) -> dict[str, Any]:
    """What the form says, field by field; a list where a field is given several times. The command's id is made here
    where the form has none."""
    form = await request.form(max_files=0, max_fields=messages.MAX_FIELDS)
    fields: dict[str, Any] = {}
    for name in form:
        values = [value for value in form.getlist(name) if isinstance(value, str)]
        fields[name] = values[0] if len(values) == 1 else values
    fields.setdefault("id", messages.new_id())
    return fields


def wants_json(request: Request) -> bool:
    """Whether a script asks, and no page."""
    return "application/json" in request.headers.get("accept", "")


def json_answer(frame: bytes, status: int = 200) -> Response:
    """The frame that a socket would have got."""
    return Response(frame, status, media_type="application/json")


def not_taken(
    request: Request, command_id: Any, reason: str, status: int, message: str = "", language: str = ""
) -> Response:
    """It never came as far as the rules. A script hears which command it was, and sends it no more, or later."""
    if wants_json(request):
        response = json_answer(messages.refused(str(command_id), reason, message), status)
    else:
        response = error_page(request, reason, status, language)
    if status in (429, 503):
        response.headers["retry-after"] = RETRY
    return response
