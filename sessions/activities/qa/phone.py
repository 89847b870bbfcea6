"""What phones show: the form, what everybody asks, and what is somebody's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sessions.activities.qa import desk
from sessions.activities.qa.asking import MOST_LETTERS
from sessions.activities.qa.face import face
from sessions.activities.qa.question import (
    DECLINED,
    FOLLOW_UP,
    LIVE,
    PENDING,
    PUBLISHED,
    READ,
    WITHDRAWN,
    Question,
)
from sessions.activities.qa.reach import floor, is_seen
from sessions.activity import Fragment
from sessions.audience import EVERYBODY, is_for, scope_of
from sessions.sight import reach_of

if TYPE_CHECKING:
    from sessions.activities.qa import Qa
    from sessions.people import Member

URGENT = frozenset({PENDING, LIVE, DECLINED})
"""States of one's own question that are shown at once; the others are looked up under Mine."""


# ---- everybody


def everybody_pane(qa: Qa, view: str, scope: str) -> dict[str, Any]:
    """What is published, in the order of the list."""
    shown = (q.id for q in qa.board.in_state(*READ) if is_seen(qa, q, view, scope))
    return {"questions": list(shown)}


def question(qa: Qa, view: str, scope: str, key: str) -> Fragment | None:
    """A published question as everybody sees it, with the button for whoever wonders too."""
    found = qa.board.questions.get(key)
    if scope != EVERYBODY or found is None or not is_seen(qa, found, view, scope):
        return None
    data = {"question": face(found), "waits": qa.is_open and found.state == PUBLISHED}
    return Fragment(data, home="questions", order=found.order)


def tally(qa: Qa, view: str, scope: str, key: str) -> Fragment:
    """How many wait for an answer."""
    return Fragment({"count": sum(1 for _ in qa.board.waiting())})


# ---- a role


def role_pane(qa: Qa, view: str, scope: str) -> dict[str, Any] | None:
    """The form for whoever asks, the desk for whoever moderates, the question being answered for whoever answers."""
    acts = is_for(scope, qa.phase.spec.who)
    moderates = is_for(scope, qa.moderators)
    answers = moderates or (acts and is_for(scope, qa.answerers))
    if not acts and not answers and not qa.phase.main:
        return None
    return {
        "acts": acts,
        "asks": acts and is_for(scope, qa.askers),
        "moderates": moderates,
        "answers": answers,
        "moderated": qa.moderated,
        "may_hide": bool(qa.rules.get("anonymous")),
        "most": MOST_LETTERS,
        "closed_at": qa.phase.closed_at,
        **(desk.lists(qa, view, scope) if moderates else {}),
    }


# ---- a person


def person_pane(qa: Qa, view: str, scope: str) -> dict[str, Any] | None:
    """Somebody's own questions, those they are to answer, and the marks of their own in the list."""
    person = qa.person_in(scope)
    if person is None:
        return None
    own, owed = qa.board.of(person.id), list(qa.board.owed.get(person.id, ()))
    acts = person.is_among(qa.phase.spec.who)
    if not acts and not own and not owed:
        return None
    return {"own": [q.id for q in own], "owed": owed, "acts": acts, "keeps": _keeps(qa, person)}


def _keeps(qa: Qa, person: Member) -> bool:
    """Whether only staff would read what somebody asks here, as they have said."""
    return qa.is_open and qa.asks(person) and reach_of(None, person.consent) < floor(qa)


def own(qa: Qa, view: str, scope: str, key: str) -> Fragment | None:
    """A question as who asked it sees it: how far it has come. The phone shows what is news, Mine all of it."""
    found = qa.board.questions.get(key)
    if found is None or found.author != scope_of(scope) or (view == "phone" and not _is_news(qa, found)):
        return None
    data = {
        "question": face(found),
        "published_at": found.published_at,
        "settled_at": found.settled_at,
        "asked_in": found.origin or qa.phase.id,
        "read": found.published_at > 0,
        "may_ask": qa.is_open,
        "may_hide": bool(qa.rules.get("anonymous")),
        "moderated": qa.moderated,
        "most": MOST_LETTERS,
    }
    return Fragment(data, home="own", order=f"{99_999 - found.number:05d}")


def _is_news(qa: Qa, found: Question) -> bool:
    return found.state in URGENT or (found.kept and found.state != WITHDRAWN)


def owed(qa: Qa, view: str, scope: str, key: str) -> Fragment | None:
    """A question that somebody has to answer later, with the form for the answer."""
    found = qa.board.questions.get(key)
    if found is None or found.state != FOLLOW_UP or found.owner != scope_of(scope):
        return None
    return Fragment({"question": face(found)}, home="owed", order=found.due)


def marks(qa: Qa, view: str, scope: str, key: str) -> Fragment | None:
    """What somebody has marked in the list that is the same for everybody, and what in it is theirs."""
    person = qa.person_in(scope)
    if person is None or not person.is_among(qa.phase.spec.who):
        return None
    known = qa.board.questions
    supported = [known[card] for card in qa.board.supported.get(person.id, ()) if known[card].shown]
    return Fragment(
        {
            "supported": [face(q) for q in supported],
            "may_change": [q.id for q in supported if qa.is_open and q.state == PUBLISHED],
            "written": [q.id for q in qa.board.of(person.id)],
        }
    )
