"""Before the pitches: teams choose their slot; the facilitator checks that everything works."""

from __future__ import annotations

from app.rehearsal.browser.forms import Form, Values
from app.rehearsal.people.filling import fill
from app.rehearsal.people.habit import KindHabits, Press
from app.rehearsal.people.person import Person


def choose_slot(me: Person, form: Form) -> Values | None:
    return fill(me, form) if me.memory.mine_to_do(form) else None


# ---- the facilitator's


def works(me: Person, form: Form) -> Values | None:
    """A technical check that goes well."""
    return {} if form.hidden.get("result") == "ok" and me.memory.first_time(form) else None


HABITS = KindHabits(
    by_role={"teams": {"choose_slot": choose_slot}},
    presses={"mark_checked": Press(works, all_at_once=True)},
    heart=frozenset({"mark_checked"}),
)
