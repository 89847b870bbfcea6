"""How far a question goes: to everybody in the phase once it is published, and no farther than its author lets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessions.activities.qa.question import DECLINED, PENDING, WITHDRAWN, Question
from sessions.sight import Circle, Thing, may_see, reach_of
from sessions.viewers import author_of, viewer_in

if TYPE_CHECKING:
    from sessions.activities.qa import Qa

STATES = {PENDING: "held", DECLINED: "hidden", WITHDRAWN: "withdrawn"}
"""What sight calls the states in which not everybody reads a question."""


def floor(qa: Qa) -> Circle:
    """How far a question must reach to be published: a phase may be held in public."""
    return Circle.PUBLIC if qa.phase.spec.public else Circle.SESSION


def settle(qa: Qa, question: Question) -> None:
    """Note whether its author keeps it from the others. A narrower consent goes before a wider choice from before."""
    author = qa.session.people.get(question.author)
    if author is not None and question.chosen_seq <= author.narrowed_seq:
        question.choice = ""
    question.kept = _meant_for(qa, question) < floor(qa)


def _meant_for(qa: Qa, question: Question) -> Circle:
    author = qa.session.people.get(question.author)
    return reach_of(question.choice or None, author.consent if author else None)


def thing_of(qa: Qa, question: Question, entrusted: bool = False) -> Thing:
    """The question, as sight asks for it. ``entrusted``: to somebody who moderates, to whom what waits is open."""
    held = "shown" if question.shown or entrusted else "held"
    state = held if question.state != WITHDRAWN else "withdrawn"
    if not entrusted:
        state = STATES.get(question.state, state)
    return Thing(
        kind="question",
        authors=frozenset({question.author} - {""}),
        session=qa.session.code,
        phase=qa.phase.id,
        reach=_meant_for(qa, question),
        state=state,
    )


def is_seen(qa: Qa, question: Question, view: str, scope: str, entrusted: bool = False) -> bool:
    """Whether all who share a view and a scope may read a question."""
    author = author_of(qa.session.people.get(question.author))
    thing = thing_of(qa, question, entrusted)
    return may_see(viewer_in(qa.session, view, scope), thing, author, qa.at).text
