"""Whoever moderates reads what was asked, publishes or declines it, and says what is answered now. A command names its
``card``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessions.activities.qa.asking import MOST_LETTERS, question_named
from sessions.activities.qa.question import DECLINED, LIVE, PENDING, PUBLISHED, Question
from sessions.activity import too_long
from sessions.messages import Command, Decision, Event, Refused, refuse

if TYPE_CHECKING:
    from sessions.activities.qa import Qa
    from sessions.people import Member


def before_moderator(qa: Qa, command: Command, sender: Member) -> Question | Refused:
    """The question of a command that only whoever moderates may give."""
    if not sender.is_among(qa.moderators):
        return refuse("not_moderator", "Whoever moderates decides this.")
    return question_named(qa, command)


def refuse_kept(question: Question) -> Refused | None:
    """What its author lets only staff read is put before nobody else."""
    if not question.kept:
        return None
    return refuse("kept", "Who asked this lets only staff read it. Answer or decline it without showing it.")


def settled_already() -> Refused:
    return refuse("settled", "This question was decided about already. Open it again first.")


def publish_question(qa: Qa, command: Command, sender: Member, now: float) -> Decision:
    """Show a question that waits to everybody."""
    question = before_moderator(qa, command, sender)
    if isinstance(question, Refused):
        return question
    if question.state in (PUBLISHED, LIVE):
        return []
    if question.state != PENDING:
        return settled_already()
    return refuse_kept(question) or [_about(qa, "question_published", question)]


def decline_question(qa: Qa, command: Command, sender: Member, now: float) -> Decision:
    """Show a question to nobody, or to nobody any more; ``reason`` is what its author reads. Of one that is declined
    already it puts other words in their place."""
    question = before_moderator(qa, command, sender)
    if isinstance(question, Refused):
        return question
    reason = command.text("reason")
    if question.state == DECLINED and question.reason == reason:
        return []
    if question.state not in (PENDING, PUBLISHED, DECLINED):
        return settled_already()
    if not reason:
        return refuse("no_reason", "Write a line to whoever asked: why not, or where to ask it.")
    declined = qa.event("question_declined", card=question.id, number=question.number, reason=reason)
    return too_long(reason, MOST_LETTERS) or [declined]


def take_question(qa: Qa, command: Command, sender: Member, now: float) -> Decision:
    """A published question is answered now; what was answered until now goes back among the published."""
    question = before_moderator(qa, command, sender)
    if isinstance(question, Refused):
        return question
    if question.state == LIVE:
        return []
    if question.state != PUBLISHED:
        return refuse("not_published", "Publish the question first, or open it again.")
    no = refuse_kept(question)
    if no is not None:
        return no
    was = qa.board.on_air
    back = [_about(qa, "question_put_back", was)] if was else []
    return [*back, _about(qa, "question_taken", question)]


def put_back_question(qa: Qa, command: Command, sender: Member, now: float) -> Decision:
    """What is answered now goes back among the published."""
    question = before_moderator(qa, command, sender)
    if isinstance(question, Refused):
        return question
    return [_about(qa, "question_put_back", question)] if question.state == LIVE else []


def _about(qa: Qa, kind: str, question: Question) -> Event:
    return qa.event(kind, card=question.id, number=question.number)
