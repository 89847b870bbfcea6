"""What a consultation shows: to a team its questions, to an expert the queue and the one question taken, to the room
numbers only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sessions.activities.consult.requests import RESPONSES, Request
from sessions.activities.consult.waiting import waiting
from sessions.activity import Fragment
from sessions.audience import role_scope, scope_type, team_scope
from sessions.verdicts import topic_name, verdict_name

if TYPE_CHECKING:
    from sessions.activities.consult import Consult
    from sessions.people import Member

LAMPS = {"go": "go", "change": "change", "stop": "halt", "info": "go"}
"""The look of a verdict: circle, triangle, square."""


def show(activity: Consult, view: str, scope: str, part: str = "", key: str = "") -> Fragment | None:
    """What a fragment shows, or None where there is nothing for that scope to see."""
    found = SHOWN.get((part, scope_type(scope)))
    return found(activity, view, scope, key) if found else None


def _row(activity: Consult, request: Request) -> dict[str, Any]:
    """A question with its answer, for a template."""
    return {
        "request": request,
        "topic": topic_name(request.topic),
        "verdict": verdict_name(request.verdict) if request.verdict else None,
        "response": RESPONSES.get(request.choice) or {"en": request.response or ""},
        "lamp": LAMPS.get(request.verdict, "go"),
        "due_at": request.asked_at + activity.answer_seconds,
    }


# ---- everybody: numbers only


def _everybody(activity: Consult, view: str, scope: str, key: str) -> Fragment:
    return Fragment({"topics": activity.topics, "on_call": bool(activity.rules.get("on_call"))}, order="9")


def _topic(activity: Consult, view: str, scope: str, key: str) -> Fragment | None:
    if key not in activity.topics:
        return None
    data = {"topic": topic_name(key), "queue": waiting(key, activity.queue.requests.values())}
    return Fragment(data, home="topics", order=f"{activity.topics.index(key):02d}")


# ---- a team


def _team(activity: Consult, view: str, scope: str, key: str) -> Fragment | None:
    team = activity.team_in(scope)
    if team is None:
        return None
    own = activity.queue.of(team.id)
    if view == "team" and not own:
        return None
    return Fragment(
        {
            "team": team,
            "requests": [request.id for request in reversed(own)],
            "topics": [(topic, topic_name(topic)) for topic in activity.topics],
            "subjects": activity.subjects(team.id),
            "about_entries": activity.rules.get("about") == "entries",
        }
    )


def _left(activity: Consult, view: str, scope: str, key: str) -> Fragment | None:
    team = activity.team_in(scope)
    if team is None:
        return None
    return Fragment({"asked": activity.queue.open_of(team.id), "limit": activity.open_per_team})


def _request(activity: Consult, view: str, scope: str, key: str) -> Fragment | None:
    request = activity.queue.requests.get(key)
    if request is None or team_scope(request.team) != scope:
        return None
    data = {**_row(activity, request), "choices": RESPONSES}
    return Fragment(data, home="requests", order=f"{99_999 - request.number:05d}")


# ---- the back office


def _back_office(activity: Consult, view: str, scope: str, key: str) -> Fragment | None:
    if scope != role_scope("expert") or (view == "mine" and activity.is_open):
        return None
    tickets = [request for request in activity.queue.requests.values() if request.open]
    tickets.sort(key=lambda request: _place(activity, request))
    return Fragment({"tickets": [request.id for request in tickets]})


def _place(activity: Consult, request: Request) -> str:
    return f"{activity.topics.index(request.topic):02d}-{request.order}"


def _ticket(activity: Consult, view: str, scope: str, key: str) -> Fragment | None:
    """One place in the queue: no words of the team, those are for the expert who takes it."""
    request = activity.queue.requests.get(key)
    if request is None or not request.open or scope != role_scope("expert"):
        return None
    data = {**_row(activity, request), "team": activity.session.teams.get(request.team)}
    return Fragment(data, home="queue", order=_place(activity, request))


def _person(activity: Consult, view: str, scope: str, key: str) -> Fragment | None:
    person = activity.person_in(scope)
    if person is None or person.role != "expert":
        return None
    if view == "mine":
        requests = activity.queue.requests.values()
        given = [_row(activity, request) for request in requests if request.expert == person.id]
        return Fragment({"given": given, **_in_hand(activity, person)})
    return Fragment({"interest": person.facts.get("interest"), **_in_hand(activity, person)}, order="1")


def _in_hand(activity: Consult, person: Member) -> dict[str, Any]:
    """The one question that an expert has taken."""
    request = activity.queue.requests.get(activity.queue.claims.get(person.id, ""))
    if request is None:
        return {"request": None}
    return {
        **_row(activity, request),
        "team": activity.session.teams.get(request.team),
        "idea": _idea(activity, request),
        "others": [(topic, topic_name(topic)) for topic in activity.topics if topic != request.topic],
        "verdicts": [(v, verdict_name(v), LAMPS.get(v, "go")) for v in activity.verdicts],
    }


def _idea(activity: Consult, request: Request) -> str:
    """The words of the idea that is asked about, where the title does not say them already."""
    entry = activity.session.entries.get(request.about)
    text = entry.idea.text if entry and entry.idea else ""
    return text if text != request.title else ""


# ---- the console


def _queue(activity: Consult, view: str, scope: str, key: str) -> Fragment:
    requests, teams = list(activity.queue.requests.values()), activity.session.teams
    shown = [r for r in sorted(requests, key=lambda r: r.order) if r.open or r.blocks]
    topics = [waiting(topic, requests) for topic in activity.topics]
    return Fragment(
        {
            "rows": [{**_row(activity, request), "team": teams.get(request.team)} for request in shown],
            "waiting": sum(t.waiting for t in topics),
            "claimed": sum(t.claimed for t in topics),
            "answered": sum(t.answered for t in topics),
            "stops": len(activity.queue.unanswered_stops),
            "topics": [(topic, topic_name(topic)) for topic in activity.topics],
        }
    )


SHOWN: Mapping[tuple[str, str], Callable[[Consult, str, str, str], Fragment | None]] = {
    ("", "all"): _everybody,
    ("", "team"): _team,
    ("", "role"): _back_office,
    ("", "person"): _person,
    ("request", "team"): _request,
    ("left", "team"): _left,
    ("ticket", "role"): _ticket,
    ("topic", "all"): _topic,
    ("queue", "all"): _queue,
}
"""What is shown by part ("" for the pane) and type of scope."""
