"""Consult: teams ask the back office about their ideas or entries; an expert claims, and answers go, change or stop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from sessions.activity import Activity, Alert, Change, Shown, Touch, alert, too_long
from sessions.audience import (
    STAFF,
    STARTED,
    TEAM_PEOPLE,
    Right,
    person_scope,
    role_scope,
    team_scope,
)
from sessions.consultviews import ConsultViews
from sessions.messages import Command, Decision, Event, Refused, Text, refuse
from sessions.outcome import Fact, Inputs, Outcome, Team
from sessions.requests import RESPONSES, Request
from sessions.verdicts import topic_name, verdict_name

if TYPE_CHECKING:
    from sessions.members import Member

EXPERTS = frozenset({"expert"})
QUEUE = role_scope("expert")
MAX_QUESTION = 1000
MAX_NOTE = 2000
MAX_SHORT = 500


class Consult(Activity):
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

    def prepare(self) -> None:
        self.requests: dict[str, Request] = {}
        self.of_team: dict[str, list[str]] = {}
        self.claims: dict[str, str] = {}
        """The one request that each expert holds."""
        self.cards = {card.id: card for card in self.inputs.cards}

    def reopened(self, inputs: Inputs) -> Iterable[Change]:
        self.cards = {card.id: card for card in inputs.cards}
        return super().reopened(inputs)

    # ---- rules in words

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
        """What a team may ask about: ids of its ideas or entries, and their words."""
        if self.rules.get("about") == "entries":
            return {entry.id: entry.title for entry in self.room.entries_of(team)}
        return {card.id: card.text for card in self.cards.values() if card.team == team}

    def requests_of(self, team: str) -> list[Request]:
        return [self.requests[name] for name in self.of_team.get(team, ())]

    # ---- a team asks

    def ask(self, command: Command, sender: Member, now: float) -> Decision:
        """A question: ``topic``, ``text``, ``about`` (may be left out where the team has only one), ``urgency``
        (``urgent`` or nothing)."""
        topic, text = command.text("topic"), command.text("text")
        about = command.text("about") or self._only_subject(sender.team)
        no = self._refuse_question(sender.team, topic, text, about)
        if no is not None:
            return no
        number = len(self.requests) + 1
        return [
            self.event(
                "asked",
                request=f"{self.phase.id}q{number}",
                team=sender.team,
                topic=topic,
                about=about,
                title=self.subjects(sender.team)[about],
                text=text,
                urgent=command.text("urgency") == "urgent",
            )
        ]

    def _only_subject(self, team: str) -> str:
        subjects = list(self.subjects(team))
        return subjects[0] if len(subjects) == 1 else ""

    def _refuse_question(self, team: str, topic: str, text: str, about: str) -> Refused | None:
        if not team:
            return refuse(
                "no_team", "You are in no team yet. Ask the facilitator to place you, then send again."
            )
        if topic not in self.topics:
            return refuse("no_topic", "Choose what the question is about, then send again.")
        if not text:
            return refuse("empty", "There is nothing written yet.")
        if about not in self.subjects(team):
            return refuse(
                "no_subject", "Choose which of your own ideas or projects you ask about, then send again."
            )
        if sum(1 for request in self.requests_of(team) if request.open) >= self.open_per_team:
            return refuse(
                "too_many",
                "Your team has {limit} questions waiting, and that is the most. Wait for an answer or withdraw one.",
                limit=self.open_per_team,
            )
        return too_long(text, MAX_QUESTION)

    def asked(self, event: Event) -> Iterator[Change]:
        body = {name: value for name, value in event.body.items() if name != "request"}
        request = Request(
            id=event.body["request"], number=len(self.requests) + 1, by=event.actor, asked_at=event.at, **body
        )
        self.requests[request.id] = request
        self.of_team.setdefault(request.team, []).append(request.id)
        yield from self._shown(request)

    def _shown(self, request: Request) -> Iterator[Touch]:
        """Everything that shows a request or counts it."""
        yield Touch("request", request.id, team_scope(request.team))
        yield Touch("left", scope=team_scope(request.team))
        yield Touch("ticket", request.id, QUEUE)
        yield Touch("topic", request.topic)
        yield Touch("queue")

    def cancel_request(self, command: Command, sender: Member, now: float) -> Decision:
        """Somebody of the team takes a ``request`` back."""
        request = self._request(command)
        if isinstance(request, Refused):
            return request
        if request.team != sender.team or not sender.team:
            return _not_yours()
        if request.cancelled:
            return []
        return self._refuse_answered(request) or [self.event("request_cancelled", request=request.id)]

    def _request(self, command: Command) -> Request | Refused:
        found = self.requests.get(command.text("request"))
        return found or refuse("no_request", "There is no such question. Reload the page.")

    def _refuse_answered(self, request: Request) -> Refused | None:
        if request.open:
            return None
        return refuse("not_open_request", "This question has been answered or withdrawn already.")

    def request_cancelled(self, event: Event) -> Iterator[Change]:
        request = self.requests[event.body["request"]]
        request.cancelled = True
        yield from self._let_go(request)
        yield from self._shown(request)

    # ---- an expert takes it

    def declare_interest(self, command: Command, sender: Member, now: float) -> Decision:
        """Before the first claim: ``bound`` (on) to secrecy, ``own`` (none or own) interest, and a ``note`` on it."""
        own, note = command.text("own"), command.text("note")
        if not command.text("bound"):
            return refuse("not_bound", "Tick that you keep secret what you read, then send again.")
        if own not in ("none", "own"):
            return refuse(
                "no_interest_said", "Say whether you have an interest of your own, then send again."
            )
        return too_long(note, MAX_SHORT) or [self.event("interest_declared", own=own == "own", note=note)]

    def interest_declared(self, event: Event) -> Iterator[Change]:
        yield Fact(
            f"person:{event.actor}", "interest", {"own": event.body["own"], "note": event.body["note"]}
        )
        yield Touch(scope=person_scope(event.actor))

    def claim(self, command: Command, sender: Member, now: float) -> Decision:
        """An expert takes a ``request``: one at a time."""
        request = self._request(command)
        if isinstance(request, Refused):
            return request
        if request.open and request.claimed_by == sender.id:
            return []
        no = self._refuse_claim(sender) or self._refuse_answered(request)
        if no is None and request.claimed_by:
            no = refuse("taken", "Somebody else has taken this question. Take the next one.")
        return no or [self.event("claimed", request=request.id)]

    def _refuse_claim(self, sender: Member) -> Refused | None:
        if "interest" not in sender.facts:
            return refuse(
                "declare_first",
                "First say whether you have an interest of your own, at the top of this page.",
            )
        if sender.id in self.claims:
            return refuse("one_at_a_time", "You have one question already. Answer it or give it back first.")
        return None

    def claimed(self, event: Event) -> Iterator[Change]:
        request = self.requests[event.body["request"]]
        request.claimed_by, request.claimed_at = event.actor, event.at
        self.claims[event.actor] = request.id
        yield from self._shown(request)
        yield Touch(scope=person_scope(event.actor))

    def _let_go(self, request: Request) -> Iterator[Touch]:
        expert, request.claimed_by = request.claimed_by, ""
        if expert:
            self.claims.pop(expert, None)
            yield Touch(scope=person_scope(expert))

    def release(self, command: Command, sender: Member, now: float) -> Decision:
        """An expert gives a ``request`` back to the queue; staff may for somebody who has left."""
        request = self._request(command)
        if isinstance(request, Refused):
            return request
        if request.claimed_by != sender.id and sender.role not in STAFF:
            return _not_yours()
        return [self.event("released", request=request.id)] if request.state == "claimed" else []

    def released(self, event: Event) -> Iterator[Change]:
        request = self.requests[event.body["request"]]
        yield from self._let_go(request)
        yield from self._shown(request)

    def forward(self, command: Command, sender: Member, now: float) -> Decision:
        """A ``request`` belongs to another ``topic``: it goes there and keeps its place in time."""
        request, topic = self._request(command), command.text("topic")
        if isinstance(request, Refused):
            return request
        if request.claimed_by not in ("", sender.id) and sender.role not in STAFF:
            return _not_yours()
        if topic not in self.topics or topic == request.topic:
            return refuse("no_topic", "Choose what the question is about, then send again.")
        return self._refuse_answered(request) or [self.event("forwarded", request=request.id, topic=topic)]

    def forwarded(self, event: Event) -> Iterator[Change]:
        request = self.requests[event.body["request"]]
        yield Touch("topic", request.topic)
        request.forwarded.append(request.topic)
        request.topic = event.body["topic"]
        yield from self._let_go(request)
        yield from self._shown(request)

    # ---- the answer and what comes of it

    def answer(self, command: Command, sender: Member, now: float) -> Decision:
        """The expert who has a ``request`` answers it: ``verdict``, ``note``, ``sources``."""
        request = self._request(command)
        if isinstance(request, Refused):
            return request
        said = {name: command.text(name) for name in ("verdict", "note", "sources")}
        no = self._refuse_answered(request) or self._refuse_answer(request, sender, said)
        word = dict(verdict_name(said["verdict"]))
        return no or [self.event("answered", request=request.id, number=request.number, word=word, **said)]

    def _refuse_answer(self, request: Request, sender: Member, said: Mapping[str, str]) -> Refused | None:
        if request.claimed_by != sender.id:
            return refuse("not_claimed", "Take the question first, so that nobody else answers it too.")
        if said["verdict"] not in self.verdicts:
            return refuse("no_verdict", "Choose one of the answers, then send again.")
        if not said["note"]:
            return refuse("no_note", "Write a note: why, and what the team can do.")
        return too_long(said["note"], MAX_NOTE) or too_long(said["sources"], MAX_SHORT)

    def answered(self, event: Event) -> Iterator[Change]:
        body = event.body
        request = self.requests[body["request"]]
        request.verdict, request.note, request.sources = body["verdict"], body["note"], body["sources"]
        request.expert, request.answered_at = event.actor, event.at
        yield from self._let_go(request)
        yield Fact(request.about, "verdict", request.fact(), key=request.id)
        yield from self._shown(request)

    def respond_to_stop(self, command: Command, sender: Member, now: float) -> Decision:
        """The team says what it does with an answer to a ``request``: ``text``, or one of the usual ones as
        ``choice``. Staff may for the team, with a reason as ``text``."""
        request, text = self._request(command), command.text("text")
        if isinstance(request, Refused):
            return request
        staff = sender.role in STAFF
        if not staff and (request.team != sender.team or not sender.team):
            return _not_yours()
        if not request.verdict:
            return refuse("not_answered", "There is no answer yet to respond to.")
        usual = RESPONSES.get(command.text("choice"), {})
        text = text or ("" if staff else usual.get(sender.language, usual.get("en", "")))
        if not text:
            return refuse("empty", "There is nothing written yet.")
        return too_long(text, MAX_SHORT) or [
            self.event("stop_responded", request=request.id, number=request.number, text=text)
        ]

    def stop_responded(self, event: Event) -> Iterator[Change]:
        request = self.requests[event.body["request"]]
        request.response, request.responded_by, request.responded_at = (
            event.body["text"],
            event.actor,
            event.at,
        )
        yield Fact(request.about, "verdict", request.fact(), key=request.id)
        yield from self._shown(request)
        yield Touch(scope=person_scope(request.expert))

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
        team = self.room.teams.get(request.team)
        return team.number if team else 0

    # ---- what others say, what the facilitator hears, what is handed on

    def noticed(self, change: Fact | Team, phase: str) -> Iterable[Touch]:
        """Teams and entries change while this phase lasts; an expert who checks out gives the question back."""
        if isinstance(change, Team):
            mine = [touch for request in self.requests_of(change.id) for touch in self._shown(request)]
            return (Touch(scope=team_scope(change.id)), *mine)
        if change.name in ("kept", "moved_to", "merged_into", "status", "title"):
            return tuple(Touch(scope=team_scope(team)) for team in self.room.teams)
        person = change.subject.partition(":")[2]
        if change.name == "interest" and person:
            return (Touch(scope=person_scope(person)),)
        if change.name == "present" and not change.value and person in self.claims:
            request = self.requests[self.claims[person]]
            return (*self._let_go(request), *self._shown(request))
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

    def show(self, view: str, scope: str, part: str = "", key: str = "") -> Shown | None:
        return ConsultViews(self).show(view, scope, part, key)


def _not_yours() -> Refused:
    return refuse("not_yours", "This question is with another team or another expert.")
