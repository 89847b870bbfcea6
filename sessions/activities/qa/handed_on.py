"""What later phases and the archive get: the questions that everybody has read, and what is to be answered later."""

from __future__ import annotations

from typing import Any

from sessions.activities.qa.question import (
    ANSWERED,
    DECLINED,
    FOLLOW_UP,
    LIVE,
    PENDING,
    PUBLISHED,
    Board,
    Question,
)
from sessions.outcome import Card, Outcome

OPEN_COLUMN = "open"


def outcome(board: Board) -> Outcome:
    """Questions as cards: those that wait by support, then what is answered later, then what is answered (``column``
    says which). ``figures`` counts them, and has under ``questions`` how each stands, and under ``actions`` who answers
    what until when. Who asked without a name is in none of it, nor who wonders too."""
    shown = [q for q in board.in_state(LIVE, PUBLISHED, FOLLOW_UP, ANSWERED) if q.shown]
    states = (PENDING, PUBLISHED, LIVE, ANSWERED, DECLINED, FOLLOW_UP)
    return Outcome(
        cards=tuple(_card(q) for q in sorted(shown, key=_place)),
        figures={
            "asked": board.asked,
            "carried": sum(bool(q.origin) for q in board.questions.values()),
            **{state: sum(q.state == state for q in board.questions.values()) for state in states},
            "supports": sum(q.support for q in shown),
            "questions": {q.id: _standing(q) for q in shown},
            "actions": [
                {"question": q.id, "owner": q.owner, "due": q.due} for q in shown if q.state == FOLLOW_UP
            ],
        },
    )


def _place(question: Question) -> tuple[int, str]:
    return (question.state in (FOLLOW_UP, ANSWERED), question.order)


def column(question: Question) -> str:
    """open, follow_up or answered."""
    return question.state if question.state in (FOLLOW_UP, ANSWERED) else OPEN_COLUMN


def _standing(question: Question) -> dict[str, Any]:
    later = {"owner": question.owner, "due": question.due} if question.state == FOLLOW_UP else {}
    return {"state": column(question), "support": question.support, **later}


def _card(question: Question) -> Card:
    answer = {"answer": question.answer} if question.answer else {}
    return Card(
        id=question.id,
        text=question.text,
        fields={"question": question.text, **answer},
        authors=(question.by,) if question.by else (),
        column=column(question),
        language=question.language,
        at=question.at,
        choice=question.choice,
    )


def handed_on(board: Board, card: str) -> Card | None:
    """One of the outcome's cards by its id; None if there is no such question, or not everybody has read it."""
    question = board.questions.get(card)
    return _card(question) if question is not None and question.shown else None
