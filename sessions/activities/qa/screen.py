"""What the projector shows: the question being answered, what follows, and how many more there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sessions.activities.qa.face import face
from sessions.activities.qa.question import ANSWERED, Question
from sessions.activities.qa.reach import is_seen
from sessions.activity import Fragment
from sessions.headline import headline

if TYPE_CHECKING:
    from sessions.activities.qa import Qa

FOLLOW = 2
"""How many that follow stand under the one being answered."""
MANY = 6
"""From so many that wait on, they stand beside it as a list, by support."""
LISTED = 10


def pane(qa: Qa, view: str, scope: str) -> dict[str, Any]:
    return {}


def wall(qa: Qa, view: str, scope: str, key: str) -> Fragment:
    """``asked`` is the question being answered, ``following`` what comes next, ``more`` how many stand on no wall."""
    waiting = [q for q in qa.board.waiting() if is_seen(qa, q, view, scope)]
    live = qa.board.on_air
    asked = live if live is not None and is_seen(qa, live, view, scope) else None
    many = asked is None or len(waiting) >= MANY
    following = waiting[: LISTED if many else FOLLOW]
    return Fragment(
        {
            "asked": face(asked) if asked else None,
            "many": many,
            "following": [_line(q) for q in following],
            "more": len(waiting) - len(following),
            "answered": len(qa.board.in_state(ANSWERED)),
            "moderated": qa.moderated,
        }
    )


def _line(question: Question) -> dict[str, Any]:
    return {
        "headline": headline(question.text),
        "language": question.language,
        "support": question.support,
    }
