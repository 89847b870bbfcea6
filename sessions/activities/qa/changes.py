"""Which fragments show a question: everything that a change to it changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sessions.activity import Changed
from sessions.audience import acting, person_scope, role_scope

if TYPE_CHECKING:
    from sessions.activities.qa import Qa
    from sessions.activities.qa.question import Question


def of(qa: Qa, question: Question) -> Iterator[Changed]:
    """Everything that shows a question or counts it."""
    yield Changed("question", question.id)
    yield Changed("tally")
    yield Changed("wall")
    yield from (Changed("ticket", question.id), Changed("on_air"), Changed("counts"))
    for scope in desks(qa):
        yield from (Changed("desk_ticket", question.id, scope), Changed("desk_on_air", scope=scope))
        yield Changed("desk_counts", scope=scope)
    yield from of_person(question, question.author)
    yield from of_person(question, question.owner)


def of_person(question: Question, person: str) -> Iterable[Changed]:
    """What somebody sees of a question that is theirs, or theirs to answer."""
    if not person:
        return ()
    scope = person_scope(person)
    return Changed("own", question.id, scope), Changed("owed", question.id, scope), marks(person)


def marks(person: str) -> Changed:
    """What somebody has marked in the list that is the same for everybody."""
    return Changed("marks", scope=person_scope(person))


def desks(qa: Qa) -> Iterator[str]:
    """The scopes on whose phones stands what waits or is answered now: of whoever moderates or answers."""
    form = qa.session.format
    for name in sorted(qa.answerers):
        yield role_scope(acting(*form.acts_like(name)) if form else name)
