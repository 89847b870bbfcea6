"""What whoever moderates works with, on the console and on a phone: what waits, what is published, what is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sessions.activities.qa.answering import MOST_ANSWER
from sessions.activities.qa.asking import MOST_LETTERS
from sessions.activities.qa.face import face
from sessions.activities.qa.question import ANSWERED, DECLINED, FOLLOW_UP, PENDING, PUBLISHED, Question
from sessions.activities.qa.reach import is_seen
from sessions.activity import Fragment
from sessions.audience import EVERYBODY, is_for
from sessions.days import last_day

if TYPE_CHECKING:
    from sessions.activities.qa import Qa

HOMES = {
    PENDING: "pending",
    PUBLISHED: "queue",
    ANSWERED: "settled",
    DECLINED: "settled",
    FOLLOW_UP: "settled",
}
"""The list that a question lies in, by its state; the one being answered stands alone."""
USUAL_DAYS = 14
"""Days until a question that is answered later is due, where nobody says otherwise."""


def pane(qa: Qa, view: str, scope: str) -> dict[str, Any]:
    """The console's desk."""
    return lists(qa, view, scope)


def lists(qa: Qa, view: str, scope: str) -> dict[str, Any]:
    """The ids in each list of a desk."""
    seen = [q for q in qa.board.in_state(*HOMES) if _is_open_to(qa, q, view, scope)]
    homes = ("pending", "queue", "settled")
    return {home: [q.id for q in seen if HOMES[q.state] == home] for home in homes}


def _moderates(qa: Qa, view: str, scope: str) -> bool:
    return (view == "console" and scope == EVERYBODY) or is_for(scope, qa.moderators)


def _is_open_to(qa: Qa, question: Question, view: str, scope: str) -> bool:
    return is_seen(qa, question, view, scope, entrusted=_moderates(qa, view, scope))


def ticket(qa: Qa, view: str, scope: str, key: str) -> Fragment | None:
    """A question in one of the lists, with what can be done about it."""
    found = qa.board.questions.get(key)
    if found is None or found.state not in HOMES or not _moderates(qa, view, scope):
        return None
    if not _is_open_to(qa, found, view, scope):
        return None
    data = {
        "question": face(found),
        "can_go_back": not (found.state == PUBLISHED and (found.origin or not qa.moderated)),
        **_limits(qa),
    }
    return Fragment(data, home=HOMES[found.state], order=found.order)


def on_air(qa: Qa, view: str, scope: str, key: str) -> Fragment | None:
    """The question being answered, with what ends that."""
    moderates = _moderates(qa, view, scope)
    if not moderates and not is_for(scope, qa.answerers):
        return None
    live = qa.board.on_air
    shown = live if live is not None and _is_open_to(qa, live, view, scope) else None
    following = next(qa.board.waiting(), None)
    return Fragment(
        {
            "question": face(shown) if shown else None,
            "taken_at": qa.board.taken_at,
            "moderates": moderates,
            "following": following is not None,
            **_limits(qa),
        }
    )


def counts(qa: Qa, view: str, scope: str, key: str) -> Fragment | None:
    """How many there are in each state."""
    if not _moderates(qa, view, scope):
        return None
    states = (PENDING, PUBLISHED, ANSWERED, FOLLOW_UP, DECLINED)
    return Fragment({state: len(qa.board.in_state(state)) for state in states})


def _limits(qa: Qa) -> dict[str, Any]:
    return {
        "most": MOST_LETTERS,
        "most_answer": MOST_ANSWER,
        "owners": [member.id for member in qa.owners],
        "today": last_day(qa.at, 0, qa.session.zone).isoformat(),
        "usual_day": last_day(qa.at, USUAL_DAYS, qa.session.zone).isoformat(),
    }
