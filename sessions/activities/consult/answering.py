"""The back office answers: one question at a time for each expert, and the team's response to a stop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from sessions.activities.consult.asking import Asking, not_yours
from sessions.activities.consult.requests import RESPONSES, Request
from sessions.activity import Change, Changed, too_long
from sessions.audience import STAFF, person_scope
from sessions.messages import Command, Decision, Event, Refused, refuse
from sessions.outcome import Fact
from sessions.verdicts import verdict_name

if TYPE_CHECKING:
    from sessions.people import Member

MAX_NOTE = 2000
MAX_SHORT = 500


class Answering(Asking):
    """The experts' side of the counter. A command names its question as ``request``."""

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
        yield Changed(scope=person_scope(event.actor))

    def claim(self, command: Command, sender: Member, now: float) -> Decision:
        """An expert takes a ``request``: one at a time."""
        request = self.request(command)
        if isinstance(request, Refused):
            return request
        if request.open and request.claimed_by == sender.id:
            return []
        no = self._refuse_claim(sender) or self.refuse_answered(request)
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
        yield from self.shown_in(request)
        yield Changed(scope=person_scope(event.actor))

    def release(self, command: Command, sender: Member, now: float) -> Decision:
        """An expert gives a ``request`` back to the queue; staff may for somebody who has left."""
        request = self.request(command)
        if isinstance(request, Refused):
            return request
        if request.claimed_by != sender.id and sender.role not in STAFF:
            return not_yours()
        return [self.event("released", request=request.id)] if request.state == "claimed" else []

    def released(self, event: Event) -> Iterator[Change]:
        request = self.requests[event.body["request"]]
        yield from self.let_go(request)
        yield from self.shown_in(request)

    def forward(self, command: Command, sender: Member, now: float) -> Decision:
        """A ``request`` belongs to another ``topic``: it goes there and keeps its place in time."""
        request, topic = self.request(command), command.text("topic")
        if isinstance(request, Refused):
            return request
        if request.claimed_by not in ("", sender.id) and sender.role not in STAFF:
            return not_yours()
        if topic not in self.topics or topic == request.topic:
            return refuse("no_topic", "Choose what the question is about, then send again.")
        return self.refuse_answered(request) or [self.event("forwarded", request=request.id, topic=topic)]

    def forwarded(self, event: Event) -> Iterator[Change]:
        request = self.requests[event.body["request"]]
        yield Changed("topic", request.topic)
        request.forwarded.append(request.topic)
        request.topic = event.body["topic"]
        yield from self.let_go(request)
        yield from self.shown_in(request)

    # ---- the answer and what comes of it

    def answer(self, command: Command, sender: Member, now: float) -> Decision:
        """The expert who has a ``request`` answers it: ``verdict``, ``note``, ``sources``."""
        request = self.request(command)
        if isinstance(request, Refused):
            return request
        said = {name: command.text(name) for name in ("verdict", "note", "sources")}
        no = self.refuse_answered(request) or self._refuse_answer(request, sender, said)
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
        request.own_interest = bool(self.session.people[event.actor].facts.get("interest", {}).get("own"))
        yield from self.let_go(request)
        yield Fact(request.about, "verdict", request.fact(), key=request.id)
        yield from self.shown_in(request)

    def respond_to_stop(self, command: Command, sender: Member, now: float) -> Decision:
        """The team says what it does with an answer to a ``request``: ``text``, or one of the usual ones as
        ``choice``. Staff may for the team, with a reason as ``text``."""
        request, text = self.request(command), command.text("text")
        if isinstance(request, Refused):
            return request
        staff = sender.role in STAFF
        if not staff and (request.team != sender.team or not sender.team):
            return not_yours()
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
        yield from self.shown_in(request)
        yield Changed(scope=person_scope(request.expert))
