"""How a session begins: its log with the first event, and the links of those who run it, in one transaction."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from app.database import Database
from app.people.codes import new_code
from app.people.links import Link, keep_link
from app.planning.taking_in import taken_in
from app.streams import heads, log
from sessions.audience import DOOR
from sessions.format import LANGUAGES
from sessions.messages import Event
from sessions.session_shapes import own_event

TOKEN_BYTES = 32
"""A staff link's secret: 256 bits."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a session is to be. ``at`` is race time in seconds since 1970 UTC; title "" takes the format's. ``earlier``
    are codes of the sessions that it builds on, by the format's names for them (see taking_in.py). ``starts_at`` is
    when its first phase is to open (wall time), 0 where nobody has said."""

    format: Mapping[str, Any]
    at: float
    title: str = ""
    language: str = "en"
    zone: str = "Europe/Stockholm"
    earlier: Mapping[str, str] = field(default_factory=dict)
    starts_at: float = 0.0

    def body(self, code: str) -> dict[str, Any]:
        """The first event's body."""
        title = dict.fromkeys(LANGUAGES, self.title) if self.title else dict(self.format["title"])
        return {
            "format": self.format,
            "code": code,
            "language": self.language,
            "zone": self.zone,
            "title": title,
        }


@dataclass(frozen=True, slots=True)
class Founded:
    """A session that has begun: its code, and for each role asked for the token of a link that works once."""

    code: str
    tokens: tuple[str, ...]


async def create_session(database: Database, plan: Plan, roles: Iterable[str]) -> Founded:
    """Begin a session. Raises Conflict in the unlikely case that the code is taken, NothingToTakeIn, and WriteError."""
    code = new_code()
    tokens = {secrets.token_urlsafe(TOKEN_BYTES): role for role in roles}
    await database.write(lambda db: _write(db, plan, code, tokens))
    return Founded(code, tuple(tokens))


def _write(db: Connection, plan: Plan, code: str, tokens: Mapping[str, str]) -> None:
    body = plan.body(code)
    heads.create(db, code, plan.format["key"], body["title"][plan.language])
    first = Event("session_created", body=body, seq=1, at=plan.at, actor=DOOR, command="create")
    more = [*_planned(plan), *_built_on(db, plan)]
    known = [event.stamped(seq, plan.at, DOOR, command) for seq, (command, event) in enumerate(more, 2)]
    log.append(db, code, log.Batch((first, *known)))
    for token, role in tokens.items():
        keep_link(db, token, Link(role, code))


def _planned(plan: Plan) -> Iterator[tuple[str, Event]]:
    if plan.starts_at:
        yield "plan_start", own_event("start_planned", starts_at=plan.starts_at)


def _built_on(db: Connection, plan: Plan) -> Iterator[tuple[str, Event]]:
    for event in taken_in(db, plan.format, plan.earlier, plan.at) if plan.earlier else ():
        yield f"take_in:{event.body['link']}", event
