"""What teams do together: one of them writes, the others look on."""

from __future__ import annotations

from collections.abc import Mapping

from app.rehearsal.filling import day, fill, write
from app.rehearsal.forms import Form, Values
from app.rehearsal.person import Habit, Person

CONTACTS = 3
HASTY = 0.1
"""The share of records that somebody tries to submit before they are written."""


def write_field(me: Person, form: Form) -> Values | None:
    """An empty field is written by whoever takes it on."""
    one = form.field("text")
    if one is None or "readonly" in one.attributes or one.value or not me.mine_to_do(form):
        return None
    return fill(me, form) if one.kind == "select" else {"text": write(me, one)}


def add_contact(me: Person, form: Form) -> Values | None:
    """Three conversations for each project, whoever had them."""
    turn = any(me.company.claim(("contact", form.phase, form.subject, n)) for n in range(CONTACTS))
    return fill(me, form, date=day(me)) if turn else None


def submit_record(me: Person, form: Form) -> Values | None:
    """When everything is written; now and then somebody presses too early."""
    hasty = me.drawn(form.subject, 1, 100) <= HASTY * 100
    entry = form.hidden["entry"]
    unwritten = any(_empty(other) for other in me.line.sheet.forms() if other.hidden.get("entry") == entry)
    if unwritten and not hasty:
        return None
    return {} if me.mine_to_do(form, unwritten) else None


def _empty(form: Form) -> bool:
    one = form.field("text")
    return form.command == "write_field" and one is not None and not one.value


def set_disclosure(me: Person, form: Form) -> Values | None:
    """One decision for each entry, for the first level offered."""
    return {} if me.company.claim(("disclosure", form.phase, form.hidden["entry"])) else None


HABITS: Mapping[str, Habit] = {
    "write_field": write_field,
    "add_contact": add_contact,
    "submit_record": submit_record,
    "set_disclosure": set_disclosure,
}
