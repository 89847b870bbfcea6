"""What the jury does: every juror a sheet for every entry, and the chair's name under it all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.rehearsal.browser.forms import Form, Values
from app.rehearsal.people.filling import fill
from app.rehearsal.people.habit import KindHabits, Press
from app.rehearsal.people.person import Person

DRAFTED, RECUSED = 0.3, 0.03
"""Shares of sheets that are kept as a draft first, and from which a juror steps aside."""
EQUALS, MIDDLE = 2, "3"
"""How many entries all jurors find equally good, and what they give them for every criterion."""


def score_entry(me: Person, form: Form) -> Values | None:
    """A sheet, some as a draft first. A final one is left alone."""
    if form.field("comment") is None:
        return None
    draft = me.memory.drawn(form.subject, 1, 100) <= DRAFTED * 100
    if not me.memory.times(2 if draft else 1, form):
        return None
    scores = dict.fromkeys(_criteria(form), MIDDLE) if _is_equal(me, form) else {}
    return fill(me, form, final="no" if draft and me.memory.count(form) == 1 else "yes", **scores)


def _criteria(form: Form) -> list[str]:
    return [one.name for one in form.fields if one.kind == "radio"]


def _is_equal(me: Person, form: Form) -> bool:
    """Whether this is one of two entries that all jurors find as good as the other, so that the chair has a tie to
    break."""
    place = ("equals", form.phase, form.hidden["entry"])
    known = [what for what in me.company.claimed if isinstance(what, tuple) and what[:2] == place[:2]]
    return place in known or (len(known) < EQUALS and me.company.claim(place))


def recuse(me: Person, form: Form) -> Values | None:
    return fill(me, form) if me.memory.seldom(form, RECUSED) else None


def undo_recusal(me: Person, form: Form) -> Values | None:
    """The facilitator lifts one, since the reason was none."""
    return fill(me, form) if me.memory.claim(("pressed", form.phase, form.command)) else None


def when_asked(me: Person, form: Form) -> Values | None:
    """What the facilitator has to ask for, because only they see that it is time."""
    asked = (form.phase, form.command) in me.company.asked
    return fill(me, form) if asked and me.memory.first_time(form) else None


ROOMY = 24
"""From so many people on, the jury has one more than it must have."""


def casts(rules: Mapping[str, Any], people: int) -> Mapping[str, int]:
    """A chair, and jurors for the rest of the sheets that count as enough."""
    return {"jury_chair": 1, "juror": rules.get("min_jurors", 3) - 1 + (people >= ROOMY)}


HABITS = KindHabits(
    by_role={
        "jury": {"score_entry": score_entry, "recuse": recuse},
        "jury_chair": {"break_tie": when_asked, "sign_result": when_asked},
    },
    presses={"undo_recusal": Press(undo_recusal)},
    asked=("break_tie", "sign_result"),
    heart=frozenset({"score_entry"}),
    casts=casts,
)
