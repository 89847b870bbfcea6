"""The event that somebody has come into a session."""

from __future__ import annotations

from app.database.writer import WriteError
from app.live.answers import BUSY, NOT_STORED
from app.live.desk import Desk
from app.people.store import People
from app.telemetry.metrics import tally
from sessions.audience import DOOR
from sessions.messages import Command, Refused


async def enter(
    desk: Desk, people: People, person: str, role: str, organisation: str, language: str
) -> int | Refused:
    """The event that somebody has come in; its seq. Raises WriteError where it cannot be stored now."""
    key = people.organisation_key(organisation)
    fields = {"person": person, "role": role, "language": language, "organisation": key}
    answer = await desk.submit(Command("join", f"join-{person}", "", fields), DOOR)
    if answer in (BUSY, NOT_STORED):
        raise WriteError("nobody can join")
    if not isinstance(answer, Refused):
        tally.joined += 1
    return answer
