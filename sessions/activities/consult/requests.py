"""Questions to the back office: one request from asking to response, and the queue of all."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sessions.messages import Text

RESPONSES: dict[str, Text] = {
    "change": {"en": "We change it", "sv": "Vi ändrar", "fi": "Muutamme sitä"},
    "ask": {"en": "We ask again", "sv": "Vi ställer en följdfråga", "fi": "Kysymme uudelleen"},
    "drop": {"en": "We drop it", "sv": "Vi lägger ner den", "fi": "Luovumme siitä"},
}
"""What a team may do with an answer."""


@dataclass
class Request:
    """One question of a team. ``about`` is the id of an idea card or an entry, ``title`` its words when it was asked
    about. Times are wall time in seconds since 1970 UTC, 0 for what has not happened. Erased words are ""."""

    id: str
    number: int
    team: str
    topic: str
    about: str
    title: str
    text: str
    urgent: bool
    by: str
    asked_at: float
    claimed_by: str = ""
    claimed_at: float = 0.0
    verdict: str = ""
    note: str = ""
    sources: str = ""
    expert: str = ""
    own_interest: bool = False
    """Whether the expert had declared an interest of their own."""
    answered_at: float = 0.0
    response: str | None = ""
    """What the team does with the answer; None where its words have been erased."""
    choice: str = ""
    """The same as a key of RESPONSES, where it is one of these."""
    responded_by: str = ""
    responded_at: float = 0.0
    cancelled: bool = False
    forwarded: list[str] = field(default_factory=list)
    """Topics it came by, oldest first."""

    @property
    def open(self) -> bool:
        return not (self.cancelled or self.verdict)

    @property
    def state(self) -> str:
        """waiting, claimed, answered or cancelled."""
        if self.cancelled:
            return "cancelled"
        if self.verdict:
            return "answered"
        return "claimed" if self.claimed_by else "waiting"

    @property
    def responded(self) -> bool:
        return bool(self.responded_by)

    @property
    def blocks(self) -> bool:
        """Whether a stop waits for the team's response."""
        return self.verdict == "stop" and not self.responded

    @property
    def order(self) -> str:
        """Urgent ones first, then who has waited longest."""
        return f"{0 if self.urgent else 1}-{self.asked_at:014.2f}-{self.number:05d}"

    @property
    def minutes(self) -> int:
        """Whole minutes from question to answer."""
        return round((self.answered_at - self.asked_at) / 60)

    def fact(self) -> dict[str, str | None]:
        """What is said about the idea or the entry (see ``verdict`` in entry.py)."""
        return {
            "topic": self.topic,
            "verdict": self.verdict,
            "note": self.note,
            "sources": self.sources,
            "expert": self.expert,
            "response": self.response,
            "responded_by": self.responded_by,
        }

    def question(self) -> dict[str, Any]:
        """What was asked about the idea or the entry (see ``question`` in entry.py). ``state`` is that of a question
        on its way, until there is a verdict."""
        return {
            "topic": self.topic,
            "title": self.title,
            "text": self.text,
            "team": self.team,
            "urgent": self.urgent,
            "state": "asked" if self.open else self.state,
        }


@dataclass
class Queue:
    """The fold: every question by id, in the order asked. ``claims`` is the one that each expert holds."""

    requests: dict[str, Request] = field(default_factory=dict)
    of_team: dict[str, list[str]] = field(default_factory=dict)
    claims: dict[str, str] = field(default_factory=dict)

    def add(self, request: Request) -> None:
        """A team asks."""
        self.requests[request.id] = request
        self.of_team.setdefault(request.team, []).append(request.id)

    def of(self, team: str) -> list[Request]:
        """A team's questions, oldest first."""
        return [self.requests[name] for name in self.of_team.get(team, ())]

    def open_of(self, team: str) -> int:
        """How many of a team's questions are neither answered nor withdrawn."""
        return sum(1 for request in self.of(team) if request.open)

    def claim(self, request: Request, expert: str, at: float) -> None:
        """An expert takes a question at a wall time."""
        request.claimed_by, request.claimed_at = expert, at
        self.claims[expert] = request.id

    def let_go(self, request: Request) -> str:
        """Nobody holds the question from here on; gives who did."""
        expert, request.claimed_by = request.claimed_by, ""
        self.claims.pop(expert, None)
        return expert

    @property
    def unanswered_stops(self) -> list[Request]:
        return [request for request in self.requests.values() if request.blocks]
