"""Consult: teams ask the back office about their ideas or entries; an expert claims, and answers go, change or stop.

A team's side is in asking.py, the experts' in answering.py, and what is shown in views.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from sessions.activities.consult.answering import Answering
from sessions.activities.consult.requests import Request
from sessions.activities.consult.views import ConsultViews
from sessions.activity import Alert, Changed, Fragment, alert
from sessions.audience import STAFF, STARTED, TEAM_PEOPLE, Right, person_scope, team_scope
from sessions.messages import Refused, Text, refuse
from sessions.outcome import Fact, Outcome, Team
from sessions.verdicts import topic_name

EXPERTS = frozenset({"expert"})


class Consult(Answering):
    """Rules: ``topics``, ``verdicts``, ``about`` (cards, entries), ``answer_minutes``, ``open_per_team``, ``on_call``.

    What is asked is seen by the team and, once it is claimed, by that expert. Everybody else sees how many wait.
    """

    called: ClassVar[Text] = {"en": "Ask experts", "sv": "Fråga experter", "fi": "Kysy asiantuntijoilta"}
    rights: ClassVar[Mapping[str, Right]] = {
        "ask": Right(TEAM_PEOPLE),
        "cancel_request": Right(TEAM_PEOPLE, STARTED),
        "declare_interest": Right(EXPERTS, STARTED),
        "claim": Right(EXPERTS, STARTED),
        "release": Right(EXPERTS | STAFF, STARTED),
        "forward": Right(EXPERTS | STAFF, STARTED),
        "answer": Right(EXPERTS, STARTED),
        "respond_to_stop": Right(TEAM_PEOPLE | STAFF, STARTED),
    }
    parts: ClassVar[Mapping[str, frozenset[str]]] = {
        "request": frozenset({"phone", "team"}),
        "left": frozenset({"phone"}),
        "ticket": frozenset({"phone", "mine"}),
        "topic": frozenset({"screen"}),
        "queue": frozenset({"console"}),
    }
    decisions: ClassVar[Mapping[str, str]] = {
        "answered": "Back office, question {number}: {word}",
        "stop_responded": "Response to the answer to question {number}",
    }

    @property
    def unanswered_stops(self) -> list[Request]:
        return [request for request in self.requests.values() if request.blocks]

    def refuse_close(self, now: float) -> Refused | None:
        """A stop blocks the advance until the team, or staff for it, has responded."""
        teams = [self.team_number(request) for request in self.unanswered_stops]
        if not teams:
            return None
        return refuse(
            "stops_open",
            "A stop from the back office has no response yet from team {teams}. Record one, then close.",
            teams=list(dict.fromkeys(teams)),
            requests=[request.id for request in self.unanswered_stops],
        )

    def team_number(self, request: Request) -> int:
        team = self.session.teams.get(request.team)
        return team.number if team else 0

    # ---- what others say, what the facilitator hears, what is handed on

    def noticed(self, change: Fact | Team, phase: str) -> Iterable[Changed]:
        """Teams and entries change while this phase lasts; an expert who checks out gives the question back."""
        if isinstance(change, Team):
            mine = [touch for request in self.requests_of(change.id) for touch in self.shown_in(request)]
            return (Changed(scope=team_scope(change.id)), *mine)
        if change.name in ("kept", "moved_to", "merged_into", "status", "title"):
            return tuple(Changed(scope=team_scope(team)) for team in self.session.teams)
        person = change.subject.partition(":")[2]
        if change.name == "interest" and person:
            return (Changed(scope=person_scope(person)),)
        if change.name == "present" and not change.value and person in self.claims:
            request = self.requests[self.claims[person]]
            return (*self.let_go(request), *self.shown_in(request))
        return ()

    def alerts(self) -> Iterable[Alert]:
        minutes = round(self.answer_seconds / 60)
        for request in self.requests.values():
            team, topic = self.team_number(request), topic_name(request.topic)
            if request.open:
                at = request.asked_at + self.answer_seconds
                yield alert(
                    "{topic}: team {team} has waited {minutes} minutes",
                    at,
                    topic=topic,
                    team=team,
                    minutes=minutes,
                )
            elif request.blocks:
                yield alert("{topic}: team {team} has got a stop and not responded", topic=topic, team=team)

    def outcome(self) -> Outcome:
        answered = [request for request in self.requests.values() if request.verdict]
        figures = {
            "asked": len(self.requests),
            "answered": len(answered),
            "minutes": round(sum(r.minutes for r in answered) / len(answered)) if answered else 0,
        }
        return Outcome(figures=figures)

    def show(self, view: str, scope: str, part: str = "", key: str = "") -> Fragment | None:
        return ConsultViews(self).show(view, scope, part, key)
