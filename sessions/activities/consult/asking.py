"""A team asks, takes a question back, and says what it does with the answer. A command names its ``request``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessions.activities.consult.requests import RESPONSES, Request
from sessions.activity import too_long
from sessions.audience import STAFF
from sessions.messages import Command, Decision, Event, Refused, refuse

if TYPE_CHECKING:
    from sessions.activities.consult import Consult
    from sessions.people import Member

MAX_QUESTION, MAX_RESPONSE = 1000, 500


def request_named(activity: Consult, command: Command) -> Request | Refused:
    """The question that a command is about."""
    found = activity.queue.requests.get(command.text("request"))
    return found or refuse("no_request", "There is no such question. Reload the page.")


def not_yours() -> Refused:
    return refuse("not_yours", "This question is with another team or another expert.")


def refuse_answered(request: Request) -> Refused | None:
    """The refusal for what can only be done with an open question."""
    if request.open:
        return None
    return refuse("not_open_request", "This question has been answered or withdrawn already.")


def ask(activity: Consult, command: Command, sender: Member, now: float) -> Decision:
    """A question: ``topic``, ``text``, ``about`` (may be left out where the team has only one), ``urgency``
    (``urgent`` or nothing)."""
    topic, text = command.text("topic"), command.text("text")
    about = command.text("about") or _only_subject(activity, sender.team)
    no = _refuse_asker(activity, sender.team) or _refuse_question(activity, sender.team, topic, text, about)
    return no or [_asked(activity, sender.team, topic, text, about, command.text("urgency") == "urgent")]


def _asked(activity: Consult, team: str, topic: str, text: str, about: str, urgent: bool) -> Event:
    return activity.event(
        "asked",
        request=f"{activity.phase.id}q{len(activity.queue.requests) + 1}",
        team=team,
        topic=topic,
        about=about,
        title=activity.subjects(team)[about],
        text=text,
        urgent=urgent,
    )


def _only_subject(activity: Consult, team: str) -> str:
    subjects = list(activity.subjects(team))
    return subjects[0] if len(subjects) == 1 else ""


def _refuse_asker(activity: Consult, team: str) -> Refused | None:
    if team:
        return None
    return refuse("no_team", "You are in no team yet. Ask the facilitator to place you, then send again.")


def _refuse_question(activity: Consult, team: str, topic: str, text: str, about: str) -> Refused | None:
    if topic not in activity.topics:
        return refuse("no_topic", "Choose what the question is about, then send again.")
    if not text:
        return refuse("empty", "There is nothing written yet.")
    if about not in activity.subjects(team):
        return refuse(
            "no_subject", "Choose which of your own ideas or projects you ask about, then send again."
        )
    return _refuse_more(activity, team) or too_long(text, MAX_QUESTION)


def _refuse_more(activity: Consult, team: str) -> Refused | None:
    if activity.queue.open_of(team) < activity.open_per_team:
        return None
    return refuse(
        "too_many",
        "Your team has {limit} questions waiting, and that is the most. Wait for an answer or withdraw one.",
        limit=activity.open_per_team,
    )


def cancel_request(activity: Consult, command: Command, sender: Member, now: float) -> Decision:
    """Somebody of the team takes a ``request`` back."""
    request = request_named(activity, command)
    if isinstance(request, Refused):
        return request
    if request.team != sender.team or not sender.team:
        return not_yours()
    if request.cancelled:
        return []
    return refuse_answered(request) or [activity.event("request_cancelled", request=request.id)]


def respond_to_stop(activity: Consult, command: Command, sender: Member, now: float) -> Decision:
    """The team says what it does with an answer to a ``request``: ``text``, or one of the usual ones as ``choice``.

    Staff may for the team, with a reason as ``text``.
    """
    request, text, choice = request_named(activity, command), command.text("text"), ""
    if isinstance(request, Refused):
        return request
    if sender.role not in STAFF:
        if request.team != sender.team or not sender.team:
            return not_yours()
        choice = command.text("choice") if not text and command.text("choice") in RESPONSES else ""
    if not request.verdict:
        return refuse("not_answered", "There is no answer yet to respond to.")
    if not text and not choice:
        return refuse("empty", "There is nothing written yet.")
    body = {"request": request.id, "number": request.number, "text": text, "choice": choice}
    return too_long(text, MAX_RESPONSE) or [activity.event("stop_responded", **body)]
