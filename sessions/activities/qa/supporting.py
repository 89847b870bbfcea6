"""Who wonders too says so, once for each question, and may take that back. A command names its ``card``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessions.activities.qa.asking import question_named
from sessions.activities.qa.question import PUBLISHED
from sessions.messages import Command, Decision, Refused, refuse

if TYPE_CHECKING:
    from sessions.activities.qa import Qa
    from sessions.activities.qa.question import Question
    from sessions.people import Member


def support_question(qa: Qa, command: Command, sender: Member, now: float) -> Decision:
    """Say that one wonders too."""
    question = question_named(qa, command)
    if isinstance(question, Refused):
        return question
    if sender.id in question.supporters:
        return []
    if question.author == sender.id:
        return refuse("own_question", "This is your own question. Others say whether they wonder too.")
    return _refuse_settled(question) or [qa.event("question_supported", card=question.id)]


def take_back_support(qa: Qa, command: Command, sender: Member, now: float) -> Decision:
    """Say that one does not wonder any more."""
    question = question_named(qa, command)
    if isinstance(question, Refused):
        return question
    if sender.id not in question.supporters:
        return []
    return _refuse_settled(question) or [qa.event("support_taken_back", card=question.id)]


def _refuse_settled(question: Question) -> Refused | None:
    """Support says what comes next: it is for what everybody reads and nobody has taken up."""
    if question.shown and question.state == PUBLISHED:
        return None
    return refuse(
        "not_waiting", "This question does not wait any more: its answer is on the way or was given."
    )
