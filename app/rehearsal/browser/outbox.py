"""What a person has sent, kept until the server has answered for it (as ``static/race.js`` does)."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

Fields = Mapping[str, str | list[str]]

LATER = frozenset({"busy", "not_stored", "too_fast", "unproved"})
"""Reasons that decide nothing: the same is said again after a while."""
LATER_SECONDS = 2.0
PATIENCE = 15.0
"""Seconds without an answer on an open socket after which a command is said again."""


@dataclass(slots=True)
class Sent:
    """One command. Times are seconds of ``time.perf_counter``; ``seq`` is what an acknowledgement said."""

    id: str
    fields: Fields
    first_at: float
    last_at: float = 0.0
    times: int = 0
    answered_at: float = 0.0
    seq: int = 0
    refused: str = ""

    @property
    def name(self) -> str:
        return str(self.fields.get("command", ""))

    @property
    def answered(self) -> bool:
        return self.answered_at > 0

    @property
    def acknowledged(self) -> bool:
        return self.answered and not self.refused

    @property
    def waited(self) -> float:
        """Seconds from the first attempt to the answer, through whatever lay between."""
        return self.answered_at - self.first_at

    @property
    def frame(self) -> str:
        return json.dumps({**self.fields, "id": self.id})


@dataclass
class Outbox:
    """One person's commands in the order they were given."""

    all: dict[str, Sent] = field(default_factory=dict)
    waiting: dict[str, Sent] = field(default_factory=dict)
    more: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when there is something to send."""

    def put(self, command_id: str, fields: Fields) -> Sent:
        """Store a command; it goes out by itself, again after every new connection, until it is answered."""
        sent = Sent(command_id, fields, time.perf_counter())
        self.all[sent.id] = self.waiting[sent.id] = sent
        self.more.set()
        return sent

    def due(self, since: float) -> list[Sent]:
        """What was not yet said since a moment (that of the connection), or was and got no answer for too long."""
        now = time.perf_counter()
        return [
            sent for sent in self.waiting.values() if sent.last_at < since or now - sent.last_at > PATIENCE
        ]

    def acked(self, command_id: str, seq: int) -> None:
        sent = self.waiting.pop(command_id, None)
        if sent is not None:
            sent.answered_at, sent.seq = time.perf_counter(), seq

    def refused(self, command_id: str, reason: str) -> Sent | None:
        """The command that was refused; None if it had been answered before, or is only to be said again later."""
        if reason in LATER:
            self._postpone(command_id)
            return None
        sent = self.waiting.pop(command_id, None)
        if sent is not None:
            sent.answered_at, sent.refused = time.perf_counter(), reason or "?"
        return sent

    def give_up(self) -> None:
        """What waits for an answer gets none any more: the page to which it would have come is closed."""
        for command_id in list(self.waiting):
            self.refused(command_id, "outside_pass")

    def _postpone(self, command_id: str) -> None:
        sent = self.waiting.get(command_id)
        if sent is not None:
            sent.last_at = time.perf_counter() - PATIENCE + LATER_SECONDS
            asyncio.get_running_loop().call_later(LATER_SECONDS + 0.01, self.more.set)
