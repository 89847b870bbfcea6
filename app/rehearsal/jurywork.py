"""What the jury does: every juror a sheet for every entry, and the chair's name under it all."""

from __future__ import annotations

from collections.abc import Mapping

from app.rehearsal.filling import fill
from app.rehearsal.forms import Form, Values
from app.rehearsal.person import Habit, Person

DRAFTED, RECUSED = 0.3, 0.03
"""Shares of sheets that are kept as a draft first, and from which a juror steps aside."""


def score_entry(me: Person, form: Form) -> Values | None:
    """A sheet, some as a draft first. A final one is left alone."""
    if form.field("comment") is None:
        return None
    draft = me.drawn(form.subject, 1, 100) <= DRAFTED * 100
    if not me.times(2 if draft else 1, form):
        return None
    return fill(me, form, final="no" if draft and me.count(form) == 1 else "yes")


def recuse(me: Person, form: Form) -> Values | None:
    return fill(me, form) if me.first_time(form) and me.often(RECUSED) else None


def when_asked(me: Person, form: Form) -> Values | None:
    """What the facilitator has to ask for, because only they see that it is time."""
    asked = (form.phase, form.command) in me.company.asked
    return fill(me, form) if asked and me.first_time(form) else None


JUROR: Mapping[str, Habit] = {"score_entry": score_entry, "recuse": recuse}
CHAIR: Mapping[str, Habit] = {
    **JUROR,
    "break_tie": when_asked,
    "sign_result": when_asked,
}
