"""Surveys: everybody answers for themselves, and one of each team for the team."""

from __future__ import annotations

from app.rehearsal.browser.forms import Form, Values
from app.rehearsal.people.filling import fill
from app.rehearsal.people.habit import KindHabits
from app.rehearsal.people.person import Person


def answer(me: Person, form: Form) -> Values | None:
    """A person's own survey, or that of the team."""
    of_team = form.place.endswith("-team")
    if "for_team" in form.hidden:
        return None
    if not (me.memory.mine_to_do(form, me.team) if of_team else me.memory.first_time(form)):
        return None
    known: dict[str, str | list[str]] = {}
    if me.part.role in form.choices("role"):
        known["role"] = me.part.role
    if me.part.language in form.choices("language"):
        known["language"] = me.part.language
    if form.choices("present"):
        known["present"] = form.choices("present")
    return fill(me, form, **known)


HABITS = KindHabits(by_role={"audience": {"answer": answer}}, heart=frozenset({"answer"}))
