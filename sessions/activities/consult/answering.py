"""The back office answers: one question at a time for each expert. A command names its ``request``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sessions.activities.consult.asking import not_yours, refuse_answered, request_named
from sessions.activity import too_long
from sessions.audience import STAFF
from sessions.messages import Command, Decision, Refused, refuse
from sessions.verdicts import verdict_name

if TYPE_CHECKING:
    from sessions.activities.consult import Consult
    from sessions.activities.consult.requests import Request
    from sessions.people import Member

MAX_NOTE = 2000
MAX_SHORT = 500


def declare_interest(activity: Consult, command: Command, sender: Member, now: float) -> Decision:
    """Before the first claim: ``bound`` (on) to secrecy, ``own`` (none or own) interest, and a ``note`` on it."""
    own, note = command.text("own"), command.text("note")
    if not command.text("bound"):
        return refuse("not_bound", "Tick that you keep secret what you read, then send again.")
    if own not in ("none", "own"):
        return refuse("no_interest_said", "Say whether you have an interest of your own, then send again.")
    return too_long(note, MAX_SHORT) or [activity.event("interest_declared", own=own == "own", note=note)]


def claim(activity: Consult, command: Command, sender: Member, now: float) -> Decision:
    """An expert takes a ``request``: one at a time."""
    request = request_named(activity, command)
    if isinstance(request, Refused):
        return request
    if request.open and request.claimed_by == sender.id:
        return []
    no = _refuse_claim(activity, sender) or refuse_answered(request)
    if no is None and request.claimed_by:
        no = refuse("taken", "Somebody else has taken this question. Take the next one.")
    return no or [activity.event("claimed", request=request.id)]


def _refuse_claim(activity: Consult, sender: Member) -> Refused | None:
    if "interest" not in sender.facts:
        return refuse(
            "declare_first", "First say whether you have an interest of your own, at the top of this page."
        )
    if sender.id in activity.queue.claims:
        return refuse("one_at_a_time", "You have one question already. Answer it or give it back first.")
    return None


def release(activity: Consult, command: Command, sender: Member, now: float) -> Decision:
    """An expert gives a ``request`` back to the queue; staff may for somebody who has left."""
    request = request_named(activity, command)
    if isinstance(request, Refused):
        return request
    if request.claimed_by != sender.id and sender.role not in STAFF:
        return not_yours()
    return [activity.event("released", request=request.id)] if request.state == "claimed" else []


def forward(activity: Consult, command: Command, sender: Member, now: float) -> Decision:
    """A ``request`` belongs to another ``topic``: it goes there and keeps its place in time."""
    request, topic = request_named(activity, command), command.text("topic")
    if isinstance(request, Refused):
        return request
    if request.claimed_by not in ("", sender.id) and sender.role not in STAFF:
        return not_yours()
    if topic not in activity.topics or topic == request.topic:
        return refuse("no_topic", "Choose what the question is about, then send again.")
    return refuse_answered(request) or [activity.event("forwarded", request=request.id, topic=topic)]


def answer(activity: Consult, command: Command, sender: Member, now: float) -> Decision:
    """The expert who has a ``request`` answers it: ``verdict``, ``note``, ``sources``."""
    request = request_named(activity, command)
    if isinstance(request, Refused):
        return request
    given = {name: command.text(name) for name in ("verdict", "note", "sources")}
    no = refuse_answered(request) or _refuse_answer(activity, request, sender, given)
    word = dict(verdict_name(given["verdict"]))
    return no or [activity.event("answered", request=request.id, number=request.number, word=word, **given)]


def _refuse_answer(
    activity: Consult, request: Request, sender: Member, given: Mapping[str, str]
) -> Refused | None:
    if request.claimed_by != sender.id:
        return refuse("not_claimed", "Take the question first, so that nobody else answers it too.")
    if given["verdict"] not in activity.verdicts:
        return refuse("no_verdict", "Choose one of the answers, then send again.")
    if not given["note"]:
        return refuse("no_note", "Write a note: why, and what the team can do.")
    return too_long(given["note"], MAX_NOTE) or too_long(given["sources"], MAX_SHORT)
