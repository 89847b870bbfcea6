"""What teams write together: one of them writes, the others look on; the facilitator is lenient."""

from __future__ import annotations

from app.rehearsal.browser.forms import Form, Values
from app.rehearsal.people.filling import day, fill, write
from app.rehearsal.people.habit import KindHabits, Press
from app.rehearsal.people.person import Person

CONTACTS = 3
HASTY, HELD, REWRITTEN, RESTORED, WITHDRAWN = 0.1, 0.05, 0.05, 0.05, 0.03
"""Shares of records that somebody tries to submit before they are written, of fields that somebody takes on aloud,
writes once more, or brings back as they were, and of contacts that are withdrawn."""
MINUTES = "5"
"""By how much the facilitator moves a deadline."""
ON_AND_ON = 10_000


def write_field(me: Person, form: Form) -> Values | None:
    """An empty field is written by whoever takes it on; a few are written once more."""
    field = form.field("text")
    if field is None or "readonly" in field.attributes or "disabled" in field.attributes:
        return None
    if field.value and not (field.kind == "textarea" and me.memory.seldom(form, REWRITTEN)):
        return None
    if not field.value and not me.memory.mine_to_do(form):
        return None
    return fill(me, form) if field.kind == "select" else {"text": write(me, field)}


def hold_field(me: Person, form: Form) -> Values | None:
    return {} if me.memory.seldom(form, HELD) else None


def release_field(me: Person, form: Form) -> Values | None:
    return {} if me.memory.first_time(form) else None


def restore_field(me: Person, form: Form) -> Values | None:
    return {} if me.memory.seldom(form, RESTORED) else None


def add_contact(me: Person, form: Form) -> Values | None:
    """Three conversations for each project, whoever had them."""
    turn = any(me.memory.claim(("contact", form.phase, form.subject, n)) for n in range(CONTACTS))
    return fill(me, form, date=day(me)) if turn else None


def withdraw_contact(me: Person, form: Form) -> Values | None:
    return {} if me.memory.seldom(form, WITHDRAWN) else None


def submit_record(me: Person, form: Form) -> Values | None:
    """When everything is written; now and then somebody presses too early."""
    hasty = me.memory.drawn(form.subject, 1, 100) <= HASTY * 100
    entry = form.hidden["entry"]
    unwritten = any(_empty(other) for other in me.page.forms() if other.hidden.get("entry") == entry)
    if unwritten and not hasty:
        return None
    return {} if me.memory.mine_to_do(form, unwritten) else None


def _empty(form: Form) -> bool:
    field = form.field("text")
    return form.command == "write_field" and field is not None and not field.value


def set_disclosure(me: Person, form: Form) -> Values | None:
    """One decision for each entry, for the first level offered."""
    return {} if me.memory.claim(("disclosure", form.phase, form.hidden["entry"])) else None


def set_visibility(me: Person, form: Form) -> Values | None:
    """One decision for each project and phase."""
    return fill(me, form) if me.memory.claim(("visibility", form.phase, form.hidden["entry"])) else None


def approve_record(me: Person, form: Form) -> Values | None:
    return fill(me, form) if me.memory.first_time(form) else None


# ---- the facilitator's


def accept_late(me: Person, form: Form) -> Values | None:
    """Everything that came late is accepted, with a reason."""
    if not me.memory.times(ON_AND_ON, form):
        return None
    return fill(me, form, entry=[field.value for field in form.fields if field.kind == "checkbox"])


def waive(me: Person, form: Form) -> Values | None:
    """One project goes on without what it lacks."""
    return fill(me, form) if me.memory.claim(("pressed", form.phase, form.command)) else None


def move_stop(me: Person, form: Form) -> Values | None:
    return {"minutes": MINUTES} if me.memory.claim(("pressed", form.phase, form.command)) else None


HABITS = KindHabits(
    by_role={
        "audience": {"set_visibility": set_visibility, "approve_record": approve_record},
        "teams": {
            "write_field": write_field,
            "hold_field": hold_field,
            "release_field": release_field,
            "restore_field": restore_field,
            "add_contact": add_contact,
            "withdraw_contact": withdraw_contact,
            "submit_record": submit_record,
            "set_disclosure": set_disclosure,
        },
    },
    presses={
        "move_stop": Press(move_stop),
        "accept_late": Press(accept_late),
        "waive": Press(waive),
        "approve_record": Press(approve_record),
    },
    heart=frozenset({"write_field", "submit_record", "approve_record"}),
)
