"""Consult: teams ask the back office about their ideas or entries; an expert claims, and answers go, change or stop.

A team's side is in asking.py, the experts' in answering.py; what happens is folded in folds.py and shown by views.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from sessions.activities.consult import answering, asking, folds, reach, views
from sessions.activities.consult.events import EVENTS
from sessions.activities.consult.handed_on import outcome
from sessions.activities.consult.requests import Queue, Request
from sessions.activities.consult.rules import DECLARED
from sessions.activity import Activity, Alert, Change, Changed, alert
from sessions.audience import STAFF, STARTED, TEAM_PEOPLE, Right
from sessions.format_rules import Declaration, Fault
from sessions.messages import Refused, Text, refuse
from sessions.outcome import Fact, Inputs, Outcome, Team
from sessions.shared_texts import SharedText
from sessions.verdicts import topic_name

EXPERTS = frozenset({"expert"})


class Consult(Activity):
    """Rules: ``topics``, ``verdicts``, ``about`` (cards, entries), ``answer_minutes``, ``open_per_team``, ``on_call``.

    What is asked is seen by the team and, once it is claimed, by that expert. Everybody else sees how many wait.
    """

    called: ClassVar[Text] = {"en": "Ask experts", "sv": "Fråga experter", "fi": "Kysy asiantuntijoilta"}
    shared: ClassVar[Mapping[str, SharedText]] = {"stop_responded": SharedText("response", ("request",))}
    declares: ClassVar[Declaration] = DECLARED
    events: ClassVar[Mapping[str, type]] = EVENTS
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

    def prepare(self) -> None:
        self.queue = Queue()
        self.cards = {card.id: card for card in self.inputs.cards}

    def reopened(self, inputs: Inputs) -> Iterable[Change]:
        self.cards = {card.id: card for card in inputs.cards}
        return super().reopened(inputs)

    ask = asking.ask
    cancel_request = asking.cancel_request
    respond_to_stop = asking.respond_to_stop
    declare_interest = answering.declare_interest
    claim = answering.claim
    release = answering.release
    forward = answering.forward
    answer = answering.answer

    asked = folds.asked
    request_cancelled = folds.request_cancelled
    interest_declared = folds.interest_declared
    claimed = folds.claimed
    released = folds.released
    forwarded = folds.forwarded
    answered = folds.answered
    stop_responded = folds.stop_responded

    show, things = views.show, reach.things

    def standing(self, name: str, *place: str) -> str:
        request = self.queue.requests.get(place[0])
        return request.response or "" if request else ""

    # ---- the rules

    @property
    def topics(self) -> list[str]:
        return list(self.rules.get("topics", ()))

    @property
    def verdicts(self) -> list[str]:
        return list(self.rules.get("verdicts", ("go", "change", "stop")))

    @property
    def answer_seconds(self) -> float:
        """Within which a question should be answered; elapsed."""
        return float(self.rules.get("answer_minutes", 20)) * 60.0

    @property
    def open_per_team(self) -> int:
        return int(self.rules.get("open_per_team", 3))

    def subjects(self, team: str) -> dict[str, str]:
        """What a team may ask about: ids of its ideas or entries, and their headlines."""
        if self.rules.get("about") == "entries":
            return {entry.id: entry.headline for entry in self.session.entries_of(team)}
        return {card.id: card.headline for card in self.cards.values() if card.team == team}

    # ---- closing, what others say, what the facilitator hears, what is handed on

    def refuse_close(self, now: float) -> Refused | None:
        """A stop blocks the advance until the team, or staff for it, has responded."""
        stops = self.queue.unanswered_stops
        if not stops:
            return None
        return refuse(
            "stops_open",
            "A stop from the back office has no response yet from team {teams}. Record one, then close.",
            teams=list(dict.fromkeys(self.team_number(request) for request in stops)),
            requests=[request.id for request in stops],
        )

    def team_number(self, request: Request) -> int:
        """The number of the team that asks, 0 where there is none any more."""
        team = self.session.teams.get(request.team)
        return team.number if team else 0

    def noticed(self, change: Fact | Team, phase: str) -> Iterable[Changed]:
        """Which fragments show what another phase has said about a team, an entry or an expert."""
        return folds.noticed(self, change)

    def alerts(self) -> Iterable[Alert]:
        """Questions that wait too long, and stops without a response."""
        for request in self.queue.requests.values():
            team, topic = self.team_number(request), topic_name(request.topic)
            if request.open:
                at, minutes = request.asked_at + self.answer_seconds, round(self.answer_seconds / 60)
                about = {"topic": topic, "team": team, "minutes": minutes}
                yield alert("{topic}: team {team} has waited {minutes} minutes", at, **about)
            elif request.blocks:
                yield alert("{topic}: team {team} has got a stop and not responded", topic=topic, team=team)

    def came_short(self) -> Iterable[Fault]:
        """Questions that nobody answered."""
        requests = self.queue.requests.values()
        waiting = sum(request.open for request in requests)
        if waiting:
            yield Fault(
                "{count} of {of} questions stay unread", {"count": waiting, "of": len(requests)}, "who"
            )

    def outcome(self) -> Outcome:
        return outcome(self.queue.requests.values())
