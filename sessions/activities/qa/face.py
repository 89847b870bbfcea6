"""What a question shows to whoever may read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sessions.activities.qa.question import Question


def face(question: Question) -> dict[str, Any]:
    """What a question shows to whoever may read it. ``by`` is "" where no name may stand beside it."""
    return {
        "id": question.id,
        "number": question.number,
        "text": question.text,
        "language": question.language,
        "by": question.by,
        "anonymous": question.anonymous,
        "state": question.state,
        "support": question.support,
        "answer": question.answer,
        "owner": question.owner,
        "due": question.due,
        "reason": question.reason,
        "at": question.at,
        "kept": question.kept,
    }
