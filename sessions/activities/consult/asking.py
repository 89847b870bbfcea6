"""Asking the back office: what a team may ask about, and its questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sessions.activities.consult.requests import Request
from sessions.activity import Activity, Change, Changed, too_long
from sessions.audience import person_scope, role_scope, team_scope
from sessions.messages import Command, Decision, Event, Refused, refuse
from sessions.outcome import Inputs

if TYPE_CHECKING:
    from sessions.people import Member

QUEUE = role_scope("expert")
MAX_QUESTION = 1000


class Asking(Activity):
    """A team's side of the counter. A request's command names it as ``request``."""

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
            return {entry.id: entry.title for entry in self.session.entries_of(team)}
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
        mine = self.of_team.setdefault(request.team, [])
        mine.append(request.id)
        if mine == [request.id]:
            yield Changed(scope=team_scope(request.team))
        yield from self.shown_in(request)

    def shown_in(self, request: Request) -> Iterator[Changed]:
        """Everything that shows a request or counts it."""
        yield Changed("request", request.id, team_scope(request.team))
        yield Changed("left", scope=team_scope(request.team))
        yield Changed("ticket", request.id, QUEUE)
        yield Changed("topic", request.topic)
        yield Changed("queue")

    def cancel_request(self, command: Command, sender: Member, now: float) -> Decision:
        """Somebody of the team takes a ``request`` back."""
        request = self.request(command)
        if isinstance(request, Refused):
            return request
        if request.team != sender.team or not sender.team:
            return not_yours()
        if request.cancelled:
            return []
        return self.refuse_answered(request) or [self.event("request_cancelled", request=request.id)]

    def request(self, command: Command) -> Request | Refused:
        found = self.requests.get(command.text("request"))
        return found or refuse("no_request", "There is no such question. Reload the page.")

    def refuse_answered(self, request: Request) -> Refused | None:
        if request.open:
            return None
        return refuse("not_open_request", "This question has been answered or withdrawn already.")

    def request_cancelled(self, event: Event) -> Iterator[Change]:
        request = self.requests[event.body["request"]]
        request.cancelled = True
        yield from self.let_go(request)
        yield from self.shown_in(request)

    def let_go(self, request: Request) -> Iterator[Changed]:
        expert, request.claimed_by = request.claimed_by, ""
        if expert:
            self.claims.pop(expert, None)
            yield Changed(scope=person_scope(expert))


def not_yours() -> Refused:
    return refuse("not_yours", "This question is with another team or another expert.")
