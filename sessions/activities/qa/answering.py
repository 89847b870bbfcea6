"""A question is answered, now or later by somebody until a day; what was decided can be put right. A command names its
``card``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessions.activities.qa.asking import MOST_LETTERS, question_named
from sessions.activities.qa.moderating import before_moderator, settled_already
from sessions.activities.qa.question import (
    ANSWERED,
    DECLINED,
    FOLLOW_UP,
    LIVE,
    PENDING,
    PUBLISHED,
    Question,
)
from sessions.activity import too_long
from sessions.days import day_at, read_day
from sessions.messages import Command, Decision, Event, Refused, refuse

if TYPE_CHECKING:
    from sessions.activities.qa import Qa
    from sessions.people import Member

MOST_ANSWER = 1000


def _before_answerer(qa: Qa, command: Command, sender: Member) -> Question | Refused:
    question = question_named(qa, command)
    if isinstance(question, Refused):
        return question
    if not sender.is_among(qa.answerers) and question.owner != sender.id:
        return refuse("not_answerer", "Others answer here.")
    if question.state == PENDING and not sender.is_among(qa.moderators):
        return refuse("not_published", "Publish the question first, or open it again.")
    return question


def answer_question(qa: Qa, command: Command, sender: Member, now: float) -> Decision:
    """A question is answered: ``answer`` in a line, empty where it was given aloud. With ``next`` (yes) whoever
    moderates takes the one that most wonder about. Of one that is answered already the words are put right, for a
    ``reason``."""
    question = _before_answerer(qa, command, sender)
    if isinstance(question, Refused):
        return question
    answer, reason = command.text("answer"), command.text("reason")
    no = too_long(answer, MOST_ANSWER) or too_long(reason, MOST_LETTERS)
    if no is not None:
        return no
    if question.state == ANSWERED:
        return _corrected(qa, question, answer, reason)
    if question.state == DECLINED:
        return settled_already()
    following = _following(qa, question, sender) if command.text("next") else []
    return [_answered(qa, question, answer), *following]


def _answered(qa: Qa, question: Question, answer: str, **more: str) -> Event:
    return qa.event("question_answered", card=question.id, number=question.number, answer=answer, **more)


def _corrected(qa: Qa, question: Question, answer: str, reason: str) -> Decision:
    if answer == question.answer:
        return []
    if not reason:
        return refuse("no_why", "Say in a line why the answer changes. Both stand in the log.")
    return [_answered(qa, question, answer, reason=reason)]


def _following(qa: Qa, question: Question, sender: Member) -> list[Event]:
    """The next one is taken, where this one was being answered and somebody who moderates says so."""
    if question.state != LIVE or not qa.is_open or not sender.is_among(qa.moderators):
        return []
    after = next(qa.board.waiting(), None)
    return [qa.event("question_taken", card=after.id, number=after.number)] if after else []


def follow_up_question(qa: Qa, command: Command, sender: Member, now: float) -> Decision:
    """Somebody answers later: ``owner`` (a person's id), ``due`` (year-month-day) at the latest. Again changes both."""
    question = _before_answerer(qa, command, sender)
    if isinstance(question, Refused):
        return question
    if question.state not in (PENDING, PUBLISHED, LIVE, FOLLOW_UP):
        return settled_already()
    owner, due = command.text("owner"), command.text("due")
    if owner not in [member.id for member in qa.owners]:
        return refuse("no_owner", "Choose who answers, then send again.")
    no = _refuse_day(qa, due, now)
    if no is not None:
        return no
    if (question.state, question.owner, question.due) == (FOLLOW_UP, owner, due):
        return []
    return [qa.event("question_followed_up", card=question.id, number=question.number, owner=owner, due=due)]


def _refuse_day(qa: Qa, due: str, now: float) -> Refused | None:
    day = read_day(due)
    if day is None:
        return refuse("no_day", "Choose a day until which it is answered, then send again.")
    if day < day_at(now, qa.session.zone):
        return refuse("past_day", "That day is over. Choose today or a later one.")
    return None


def bring_back_question(qa: Qa, command: Command, sender: Member, now: float) -> Decision:
    """What was decided about a question is taken back, perhaps for a ``reason``: one that was answered or put off is
    published again, one that was declined waits again (where nobody moderates it is published), and so does one that
    was published."""
    question = before_moderator(qa, command, sender)
    if isinstance(question, Refused):
        return question
    to, reason = _back_to(qa, question), command.text("reason")
    if to == question.state:
        return []
    if question.state == LIVE:
        return refuse("on_air", "This question is being answered. Put it back first.")
    back = qa.event("question_brought_back", card=question.id, number=question.number, to=to, reason=reason)
    return too_long(reason, MOST_LETTERS) or [back]


def _back_to(qa: Qa, question: Question) -> str:
    """Where a question is when the last decision about it is taken back."""
    if question.state in (ANSWERED, FOLLOW_UP):
        return PUBLISHED if question.published_at else PENDING
    return PENDING if qa.moderated and not question.origin else PUBLISHED
