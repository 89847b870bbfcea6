"""The facilitator hands out the awards."""

from __future__ import annotations

from app.rehearsal.browser.forms import Form, Values
from app.rehearsal.people.filling import fill
from app.rehearsal.people.habit import KindHabits, Press
from app.rehearsal.people.person import Person

ON_AND_ON = 10_000


def while_there(me: Person, form: Form) -> Values | None:
    """Again and again until the form is gone."""
    return fill(me, form) if me.memory.times(ON_AND_ON, form) else None


HABITS = KindHabits(
    presses={"reveal_award": Press(while_there, swift=True)}, heart=frozenset({"reveal_award"})
)
