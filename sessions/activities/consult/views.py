"""What a consultation shows: to a team its questions, to an expert the queue and the one question taken, to the room
numbers only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sessions.activities.consult.back_office import expert, queue_pane, ticket
from sessions.activities.consult.requests import RESPONSES
from sessions.activities.consult.rows import request_row
from sessions.activities.consult.waiting import waiting
from sessions.activity import Fragment
from sessions.audience import scope_type, team_scope
from sessions.verdicts import topic_name

if TYPE_CHECKING:
    from sessions.activities.consult import Consult


def show(activity: Consult, view: str, scope: str, part: str = "", key: str = "") -> Fragment | None:
    """What a fragment shows, or None where there is nothing for that scope to see."""
    found = SHOWN.get((part, scope_type(scope)))
    return found(activity, view, scope, key) if found else None


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
    data = {**request_row(activity, request), "choices": RESPONSES}
    return Fragment(data, home="requests", order=f"{99_999 - request.number:05d}")


# ---- the back office


# ---- the console


def _queue(activity: Consult, view: str, scope: str, key: str) -> Fragment:
    requests, teams = list(activity.queue.requests.values()), activity.session.teams
    shown = [r for r in sorted(requests, key=lambda r: r.order) if r.open or r.blocks]
    topics = [waiting(topic, requests) for topic in activity.topics]
    return Fragment(
        {
            "rows": [
                {**request_row(activity, request), "team": teams.get(request.team)} for request in shown
            ],
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
    ("", "role"): queue_pane,
    ("", "person"): expert,
    ("request", "team"): _request,
    ("left", "team"): _left,
    ("ticket", "role"): ticket,
    ("topic", "all"): _topic,
    ("queue", "all"): _queue,
}
"""What is shown by part ("" for the pane) and type of scope."""
