"""What the facilitator presses next: by the habits of the kinds whose forms stand there, then by the session's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from app.rehearsal.browser.forms import Form, Values
from app.rehearsal.habits import habits_of
from app.rehearsal.people.company import SESSION, Company
from app.rehearsal.people.habit import Press
from app.rehearsal.people.person import Person


class Pressed(NamedTuple):
    """A form, filled in, and how it is pressed."""

    form: Form
    values: Values
    press: Press


def next_presses(me: Person, forms: list[Form]) -> list[Pressed]:
    """What to press next: one form, or several of a command; nothing if there is nothing left."""
    for form in forms:
        me.company.offered(form)
    for kind, command in _in_order(me.company, forms):
        press = habits_of(kind).presses[command]
        found: list[Pressed] = []
        for form in forms:
            if form.command != command or _kind(me.company, form) != kind:
                continue
            me.memory.begin()
            if (values := press.fill(me, form)) is not None:
                found.append(Pressed(form, values, press))
                if not press.all_at_once:
                    break
        if found:
            return found
    return []


def _in_order(company: Company, forms: list[Form]) -> Iterator[tuple[str, str]]:
    """Kinds and commands in the order in which they are pressed: the open phases' own, then the session's."""
    there = [*dict.fromkeys(_kind(company, form) for form in forms if form.command), SESSION]
    for kind in dict.fromkeys(there):
        yield from ((kind, command) for command in habits_of(kind).presses)


def _kind(company: Company, form: Form) -> str:
    """The kind whose habits say how a form is pressed: its phase's if they know the command, else the session."""
    kind = company.kind_of(form.phase)
    return kind if form.command in habits_of(kind).presses else SESSION


def asked_for(company: Company) -> list[str]:
    """What others do when the facilitator asks for it aloud, after everything else."""
    kinds = {spec.kind for spec in company.programme.specs}
    return [command for kind in sorted(kinds) for command in habits_of(kind).asked]
