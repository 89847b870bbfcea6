"""What the experts of the back office see: the queue, and the one question that each has taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sessions.activities.consult.requests import Request
from sessions.activities.consult.rows import LAMPS, request_row
from sessions.activity import Fragment
from sessions.audience import EXPERTS, is_for
from sessions.verdicts import topic_name, verdict_name

if TYPE_CHECKING:
    from sessions.activities.consult import Consult
    from sessions.people import Member


def queue_pane(activity: Consult, view: str, scope: str, key: str) -> Fragment | None:
    """The open questions of all teams, by topic, for every expert."""
    if not is_for(scope, EXPERTS) or (view == "mine" and activity.is_open):
        return None
    tickets = [request for request in activity.queue.requests.values() if request.open]
    tickets.sort(key=lambda request: _place(activity, request))
    return Fragment({"tickets": [request.id for request in tickets]})


def _place(activity: Consult, request: Request) -> str:
    return f"{activity.topics.index(request.topic):02d}-{request.order}"


def ticket(activity: Consult, view: str, scope: str, key: str) -> Fragment | None:
    """One place in the queue: no words of the team, those are for the expert who takes it."""
    request = activity.queue.requests.get(key)
    if request is None or not request.open or not is_for(scope, EXPERTS):
        return None
    data = {**request_row(activity, request), "team": activity.session.teams.get(request.team)}
    return Fragment(data, home="queue", order=_place(activity, request))


def expert(activity: Consult, view: str, scope: str, key: str) -> Fragment | None:
    """What an expert has in hand; and under Mine, once it is over, what they have answered."""
    person = activity.person_in(scope)
    if person is None or person.role != "expert":
        return None
    if view == "mine":
        requests = activity.queue.requests.values()
        given = [request_row(activity, request) for request in requests if request.expert == person.id]
        return Fragment({"given": given, **_in_hand(activity, person)})
    return Fragment({"interest": person.facts.get("interest"), **_in_hand(activity, person)}, order="1")


def _in_hand(activity: Consult, person: Member) -> dict[str, Any]:
    """The one question that an expert has taken."""
    request = activity.queue.requests.get(activity.queue.claims.get(person.id, ""))
    if request is None:
        return {"request": None}
    return {
        **request_row(activity, request),
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
