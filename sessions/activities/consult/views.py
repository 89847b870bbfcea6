"""What a consultation shows: to a team its questions, to an expert the queue and the one question taken, to the room
numbers only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sessions.activities.consult.asking import Asking
from sessions.activities.consult.requests import RESPONSES, Request, waiting
from sessions.activity import Fragment
from sessions.audience import role_scope, scope_type, team_scope
from sessions.messages import Text
from sessions.verdicts import topic_name, verdict_name

if TYPE_CHECKING:
    from sessions.people import Member

LAMPS = {"go": "go", "change": "change", "stop": "halt", "info": "go"}
"""The look of a verdict: circle, triangle, square."""


class ConsultViews:
    """Reads a consultation; changes nothing. Made anew for each fragment."""

    def __init__(self, counter: Asking) -> None:
        self.counter = counter
        self.session = counter.session

    def show(self, view: str, scope: str, part: str, key: str) -> Fragment | None:
        shows: Mapping[tuple[str, str], Callable[[str, str, str], Fragment | None]] = {
            ("", "all"): self._everybody,
            ("", "team"): self._team,
            ("", "role"): self._back_office,
            ("", "person"): self._person,
            ("request", "team"): self._request,
            ("left", "team"): self._left,
            ("ticket", "role"): self._ticket,
            ("topic", "all"): self._topic,
            ("queue", "all"): self._queue,
        }
        found = shows.get((part, scope_type(scope)))
        return found(view, scope, key) if found else None

    # ---- everybody: numbers only

    def _everybody(self, view: str, scope: str, key: str) -> Fragment:
        on_call = bool(self.counter.rules.get("on_call"))
        return Fragment({"topics": self.counter.topics, "on_call": on_call}, order="9")

    def _topic(self, view: str, scope: str, key: str) -> Fragment | None:
        if key not in self.counter.topics:
            return None
        data = {"topic": topic_name(key), "queue": waiting(key, self.counter.requests.values())}
        return Fragment(data, home="topics", order=f"{self.counter.topics.index(key):02d}")

    # ---- a team

    def _team(self, view: str, scope: str, key: str) -> Fragment | None:
        team = self.counter.team_in(scope)
        if team is None:
            return None
        mine = self.counter.requests_of(team.id)
        if view == "team" and not mine:
            return None
        return Fragment(
            {
                "team": team,
                "requests": [request.id for request in reversed(mine)],
                "topics": [(topic, topic_name(topic)) for topic in self.counter.topics],
                "subjects": self.counter.subjects(team.id),
                "about_entries": self.counter.rules.get("about") == "entries",
            }
        )

    def _left(self, view: str, scope: str, key: str) -> Fragment | None:
        team = self.counter.team_in(scope)
        if team is None:
            return None
        asked = sum(1 for request in self.counter.requests_of(team.id) if request.open)
        return Fragment({"asked": asked, "limit": self.counter.open_per_team})

    def _request(self, view: str, scope: str, key: str) -> Fragment | None:
        request = self.counter.requests.get(key)
        if request is None or team_scope(request.team) != scope:
            return None
        return Fragment(
            {**self._told(request), "choices": RESPONSES},
            home="requests",
            order=f"{99_999 - request.number:05d}",
        )

    def _told(self, request: Request) -> dict[str, Any]:
        return {
            "request": request,
            "topic": topic_name(request.topic),
            "verdict": verdict_name(request.verdict) if request.verdict else None,
            "lamp": LAMPS.get(request.verdict, "go"),
            "due_at": request.asked_at + self.counter.answer_seconds,
        }

    # ---- the back office

    def _back_office(self, view: str, scope: str, key: str) -> Fragment | None:
        if scope != role_scope("expert") or (view == "mine" and self.counter.is_open):
            return None
        tickets = sorted((r for r in self.counter.requests.values() if r.open), key=self._queue_key)
        return Fragment({"tickets": [request.id for request in tickets]})

    def _queue_key(self, request: Request) -> str:
        return f"{self.counter.topics.index(request.topic):02d}-{request.order}"

    def _ticket(self, view: str, scope: str, key: str) -> Fragment | None:
        """One place in the queue: no words of the team, those are for the expert who takes it."""
        request = self.counter.requests.get(key)
        if request is None or not request.open or scope != role_scope("expert"):
            return None
        data = {**self._told(request), "team": self.session.teams.get(request.team)}
        return Fragment(data, home="queue", order=self._queue_key(request))

    def _person(self, view: str, scope: str, key: str) -> Fragment | None:
        person = self.counter.person_in(scope)
        if person is None or person.role != "expert":
            return None
        if view == "mine":
            given = [self._told(r) for r in self.counter.requests.values() if r.expert == person.id]
            return Fragment({"given": given, **self._in_hand(person)})
        return Fragment({"interest": person.facts.get("interest"), **self._in_hand(person)}, order="1")

    def _in_hand(self, person: Member) -> dict[str, Any]:
        request = self.counter.requests.get(self.counter.claims.get(person.id, ""))
        if request is None:
            return {"request": None}
        others: list[tuple[str, Text]] = [
            (t, topic_name(t)) for t in self.counter.topics if t != request.topic
        ]
        verdicts = [(v, verdict_name(v), LAMPS.get(v, "go")) for v in self.counter.verdicts]
        team = self.session.teams.get(request.team)
        return {
            **self._told(request),
            "team": team,
            "idea": self._idea(request),
            "others": others,
            "verdicts": verdicts,
        }

    def _idea(self, request: Request) -> str:
        """The words of the idea that is asked about, where the title does not say them already."""
        entry = self.session.entries.get(request.about)
        text = entry.idea.text if entry and entry.idea else ""
        return text if text != request.title else ""

    # ---- the console

    def _queue(self, view: str, scope: str, key: str) -> Fragment:
        requests = list(self.counter.requests.values())
        shown = [r for r in sorted(requests, key=lambda r: r.order) if r.open or r.blocks]
        rows = [{**self._told(r), "team": self.session.teams.get(r.team)} for r in shown]
        topics = [waiting(topic, requests) for topic in self.counter.topics]
        return Fragment(
            {
                "rows": rows,
                "waiting": sum(t.waiting for t in topics),
                "claimed": sum(t.claimed for t in topics),
                "answered": sum(t.answered for t in topics),
                "stops": sum(1 for r in requests if r.blocks),
                "topics": [(topic, topic_name(topic)) for topic in self.counter.topics],
            }
        )
