"""What happened to questions, folded in, and which fragments each event changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sessions.activities.qa import changes, reach
from sessions.activities.qa.question import (
    ANSWERED,
    DECLINED,
    FOLLOW_UP,
    PENDING,
    PUBLISHED,
    WITHDRAWN,
    Question,
)
from sessions.activity import Change, Changed, Withdrawn
from sessions.audience import person_scope
from sessions.messages import Event

if TYPE_CHECKING:
    from sessions.activities.qa import Qa
    from sessions.activities.qa.events import (
        QuestionAnswered,
        QuestionAsked,
        QuestionBroughtBack,
        QuestionDeclined,
        QuestionFollowedUp,
        QuestionShared,
    )


def _named(qa: Qa, event: Event) -> Question:
    return qa.board.questions[event.body["card"]]


# ---- who asks


def question_asked(qa: Qa, event: Event) -> Iterator[Change]:
    body: QuestionAsked = event.body
    qa.board.asked += 1
    question = Question(
        id=body["card"],
        number=len(qa.board.questions) + 1,
        author=event.actor,
        at=event.at,
        text=body["text"] or "",
        language=body["language"],
        anonymous=body["anonymous"],
        state=PUBLISHED if body["published"] else PENDING,
        published_at=event.at if body["published"] else 0.0,
    )
    qa.board.add(question)
    reach.settle(qa, question)
    yield from changes.of(qa, question)


def question_withdrawn(qa: Qa, event: Event) -> Iterator[Change]:
    question = _named(qa, event)
    let_go(qa, question)
    owner, question.text, question.answer, question.reason = question.owner, "", "", ""
    qa.board.owe(question, "", "")
    question.settle(WITHDRAWN, event.at)
    yield from changes.of(qa, question)
    yield from changes.of_person(question, owner)
    yield from (changes.marks(person) for person in question.supporters)
    yield Withdrawn(f"card:{question.id}")


def question_shared(qa: Qa, event: Event) -> Iterator[Change]:
    body: QuestionShared = event.body
    question = _named(qa, event)
    question.choice, question.chosen_seq = body["choice"], event.seq
    reach.settle(qa, question)
    yield from changes.of(qa, question)
    yield Changed(scope=person_scope(question.author))


def question_supported(qa: Qa, event: Event) -> Iterator[Change]:
    question = _named(qa, event)
    qa.board.support(question, event.actor)
    yield changes.marks(event.actor)
    yield from changes.of(qa, question)


def support_taken_back(qa: Qa, event: Event) -> Iterator[Change]:
    question = _named(qa, event)
    qa.board.take_back(question, event.actor)
    yield changes.marks(event.actor)
    yield from changes.of(qa, question)


# ---- who moderates


def question_published(qa: Qa, event: Event) -> Iterator[Change]:
    question = _named(qa, event)
    question.state, question.published_at = PUBLISHED, event.at
    yield from changes.of(qa, question)


def question_declined(qa: Qa, event: Event) -> Iterator[Change]:
    body: QuestionDeclined = event.body
    question = _named(qa, event)
    question.reason = body["reason"] or ""
    question.settle(DECLINED, event.at)
    yield from changes.of(qa, question)
    yield from (changes.marks(person) for person in question.supporters)


def question_taken(qa: Qa, event: Event) -> Iterator[Change]:
    was, question = qa.board.on_air, _named(qa, event)
    qa.board.take(question, event.at)
    yield from changes.of(qa, question)
    if was is not None:
        yield from changes.of(qa, was)
    yield from (changes.marks(person) for person in question.supporters)


def question_put_back(qa: Qa, event: Event) -> Iterator[Change]:
    question = _named(qa, event)
    let_go(qa, question)
    yield from changes.of(qa, question)
    yield from (changes.marks(person) for person in question.supporters)


def let_go(qa: Qa, question: Question) -> None:
    """It is not being answered, if it was."""
    if qa.board.live == question.id:
        qa.board.put_back()


# ---- who answers


def question_answered(qa: Qa, event: Event) -> Iterator[Change]:
    body: QuestionAnswered = event.body
    question = _named(qa, event)
    owner = question.owner
    let_go(qa, question)
    qa.board.owe(question, "", "")
    question.answer = body["answer"] or ""
    question.settle(ANSWERED, question.settled_at if question.state == ANSWERED else event.at)
    yield from _settled(qa, question, owner)


def question_followed_up(qa: Qa, event: Event) -> Iterator[Change]:
    body: QuestionFollowedUp = event.body
    question = _named(qa, event)
    owner = question.owner
    let_go(qa, question)
    qa.board.owe(question, body["owner"], body["due"])
    question.settle(FOLLOW_UP, event.at)
    yield from _settled(qa, question, owner)


def question_brought_back(qa: Qa, event: Event) -> Iterator[Change]:
    body: QuestionBroughtBack = event.body
    question = _named(qa, event)
    owner = question.owner
    qa.board.owe(question, "", "")
    question.open_again(body["to"])
    if body["to"] == PUBLISHED and not question.published_at:
        question.published_at = event.at
    yield from _settled(qa, question, owner)


def _settled(qa: Qa, question: Question, was_owner: str) -> Iterator[Change]:
    yield from changes.of(qa, question)
    yield from (changes.marks(person) for person in question.supporters)
    for person in dict.fromkeys(filter(None, (was_owner, question.owner))):
        yield Changed(scope=person_scope(person))
        yield from changes.of_person(question, person)
