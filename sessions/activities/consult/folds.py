"""The events of a consultation, folded, and which fragments each of them changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sessions.activities.consult.requests import RESPONSES, Request
from sessions.activity import Change, Changed
from sessions.audience import person_scope, role_scope, team_scope
from sessions.messages import Event
from sessions.outcome import Fact, Team

if TYPE_CHECKING:
    from sessions.activities.consult import Consult
    from sessions.activities.consult.events import (
        Answered,
        Asked,
        Forwarded,
        InterestDeclared,
        OfRequest,
        StopResponded,
    )

QUEUE = role_scope("expert")
SEEN = frozenset({"kept", "moved_to", "merged_into", "status", "title"})
"""What other phases say about an entry that a team may ask about."""


def asked(activity: Consult, event: Event) -> Iterator[Change]:
    body: Asked = event.body
    request = Request(
        id=body["request"],
        number=len(activity.queue.requests) + 1,
        team=body["team"],
        topic=body["topic"],
        about=body["about"],
        title=body["title"] or "",
        text=body["text"] or "",
        urgent=body["urgent"],
        by=event.actor,
        asked_at=event.at,
    )
    activity.queue.add(request)
    if len(activity.queue.of_team[request.team]) == 1:
        yield Changed(scope=team_scope(request.team))
    yield _question(request)
    yield from _shown(request)


def request_cancelled(activity: Consult, event: Event) -> Iterator[Change]:
    body: OfRequest = event.body
    request = activity.queue.requests[body["request"]]
    request.cancelled = True
    yield _question(request)
    yield from _let_go(activity, request)


def interest_declared(activity: Consult, event: Event) -> Iterator[Change]:
    body: InterestDeclared = event.body
    declared = {"own": body["own"], "note": body["note"] or ""}
    yield Fact(person_scope(event.actor), "interest", declared)
    yield Changed(scope=person_scope(event.actor))


def claimed(activity: Consult, event: Event) -> Iterator[Change]:
    body: OfRequest = event.body
    request = activity.queue.requests[body["request"]]
    activity.queue.claim(request, event.actor, event.at)
    yield from _shown(request)
    yield Changed(scope=person_scope(event.actor))


def released(activity: Consult, event: Event) -> Iterator[Change]:
    body: OfRequest = event.body
    yield from _let_go(activity, activity.queue.requests[body["request"]])


def forwarded(activity: Consult, event: Event) -> Iterator[Change]:
    body: Forwarded = event.body
    request = activity.queue.requests[body["request"]]
    yield Changed("topic", request.topic)
    request.forwarded.append(request.topic)
    request.topic = body["topic"]
    yield _question(request)
    yield from _let_go(activity, request)


def answered(activity: Consult, event: Event) -> Iterator[Change]:
    body: Answered = event.body
    request = activity.queue.requests[body["request"]]
    request.verdict, request.note, request.sources = (
        body["verdict"],
        body["note"] or "",
        body["sources"] or "",
    )
    request.expert, request.answered_at = event.actor, event.at
    interest = activity.session.people[event.actor].facts.get("interest", {})
    request.own_interest = bool(interest.get("own"))
    yield from _let_go(activity, request)
    yield _question(request)
    yield _verdict(request)


def stop_responded(activity: Consult, event: Event) -> Iterator[Change]:
    body: StopResponded = event.body
    request = activity.queue.requests[body["request"]]
    request.choice, request.response = body.get("choice", ""), body["text"]
    if usual := RESPONSES.get(request.choice):
        language = activity.session.people[event.actor].language
        request.response = usual.get(language, usual["en"])
    request.responded_by, request.responded_at = event.actor, event.at
    yield _verdict(request)
    yield from _shown(request)
    yield Changed(scope=person_scope(request.expert))


# ---- what the idea or the entry learns


def _question(request: Request) -> Fact:
    return Fact(request.about, "question", request.question(), key=request.id, by=request.by)


def _verdict(request: Request) -> Fact:
    return Fact(request.about, "verdict", request.fact(), key=request.id, by=request.expert)


# ---- which fragments show it


def _shown(request: Request) -> Iterator[Changed]:
    """Everything that shows a question or counts it."""
    yield Changed("request", request.id, team_scope(request.team))
    yield Changed("left", scope=team_scope(request.team))
    yield Changed("ticket", request.id, QUEUE)
    yield Changed("topic", request.topic)
    yield Changed("queue")


def _let_go(activity: Consult, request: Request) -> Iterator[Changed]:
    """Whoever held the question holds it no longer."""
    expert = activity.queue.let_go(request)
    if expert:
        yield Changed(scope=person_scope(expert))
    yield from _shown(request)


def noticed(activity: Consult, change: Fact | Team) -> Iterator[Changed]:
    """Teams and entries change while this phase lasts; an expert who checks out gives the question back."""
    if isinstance(change, Team):
        yield Changed(scope=team_scope(change.id))
        yield from (touch for request in activity.queue.of(change.id) for touch in _shown(request))
    elif change.name in SEEN:
        yield from (Changed(scope=team_scope(team)) for team in activity.session.teams)
    else:
        yield from _noticed_of_person(activity, change.subject.partition(":")[2], change)


def _noticed_of_person(activity: Consult, person: str, change: Fact) -> Iterator[Changed]:
    if change.name == "interest" and person:
        yield Changed(scope=person_scope(person))
    elif change.name == "present" and not change.value and person in activity.queue.claims:
        yield from _let_go(activity, activity.queue.requests[activity.queue.claims[person]])
