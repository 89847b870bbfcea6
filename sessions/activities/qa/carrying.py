"""What earlier phases have left open is asked here too, with whoever wonders; cards of other kinds are questions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sessions.activities.qa import changes, reach
from sessions.activities.qa.question import ANSWERED, FOLLOW_UP, PUBLISHED, WITHDRAWN, Question
from sessions.activity import Change

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sessions.activities.qa import Qa
    from sessions.outcome import Card

ASKED_ELSEWHERE = "cards"
"""Stands for the origin of what was asked in no phase that is known here."""


def take_in(qa: Qa) -> Iterator[Change]:
    """Take in what the inputs hand on now. What is open there and new is published here; what is no longer handed on is
    gone; what was settled there is settled here, unless something was decided here."""
    said, cards = _said(qa), {card.id: card for card in qa.inputs.cards}
    for card in cards.values():
        known = qa.board.questions.get(card.id)
        if known is None and said.get(card.id, {}).get("state", "open") == "open":
            known = _carried(qa, card)
            qa.board.add(known)
        if known is not None and known.origin:
            _bring_up(qa, known, card, said.get(card.id, {}))
            yield from changes.of(qa, known)
    for question in qa.board.questions.values():
        if question.origin and question.id not in cards and question.state != WITHDRAWN:
            yield from _drop(qa, question)


def _said(qa: Qa) -> Mapping[str, Mapping[str, Any]]:
    """What earlier rounds say of their questions beside the cards, by id."""
    return {
        card: said
        for outcome in qa.inputs.outcomes
        for card, said in outcome.figures.get("questions", {}).items()
        if isinstance(said, dict)
    }


def _carried(qa: Qa, card: Card) -> Question:
    return Question(
        id=card.id,
        number=len(qa.board.questions) + 1,
        author=card.authors[0] if len(card.authors) == 1 else "",
        at=card.at,
        text=card.text,
        language=card.language,
        choice=card.choice,
        anonymous=not card.authors,
        origin=ASKED_ELSEWHERE,
        state=PUBLISHED,
        published_at=qa.phase.opened_at or qa.at,
    )


def _bring_up(qa: Qa, question: Question, card: Card, said: Mapping[str, Any]) -> None:
    """Its words, and who wonders, as they stand where it was asked."""
    question.text = card.text
    earlier = earlier_round(qa, question.id)
    if earlier is None:
        question.counted = int(said.get("support", 0))
    else:
        origin, there = earlier
        question.origin = there.origin or origin
        question.author, question.anonymous = there.author, there.anonymous
        question.choice, question.chosen_seq = there.choice, there.chosen_seq
        for person in there.supporters:
            qa.board.support(question, person)
    reach.settle(qa, question)
    state = said.get("state")
    if question.state == PUBLISHED and state in (ANSWERED, FOLLOW_UP):
        qa.board.owe(question, str(said.get("owner", "")), str(said.get("due", "")))
        question.answer = card.fields.get("answer", "")
        question.settle(state, qa.session.at)


def earlier_round(qa: Qa, card: str) -> tuple[str, Question] | None:
    """The latest phase of the inputs that has a question, with how it stands there; None where it came from elsewhere.

    Who wonders, and who asked without a name, is in no outcome: a round of the same session reads it from the round
    before.
    """
    for name in reversed(qa.phase.spec.inputs):
        phase = qa.session.agenda.get(name)
        board = getattr(phase.activity, "board", None) if phase and phase.kind == qa.phase.kind else None
        if board is not None and card in board.questions:
            return name, board.questions[card]
    return None


def _drop(qa: Qa, question: Question) -> Iterator[Change]:
    """It was taken back, or is shown no more, where it was asked."""
    if qa.board.live == question.id:
        qa.board.put_back()
    question.text = question.answer = ""
    question.settle(WITHDRAWN, qa.session.at)
    yield from changes.of(qa, question)
