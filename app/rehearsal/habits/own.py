"""Who owns the projects at the end, what the first step is, and when somebody asks how it went."""

from __future__ import annotations

from app.rehearsal.browser.forms import Form, Values
from app.rehearsal.people.filling import fill
from app.rehearsal.people.habit import KindHabits, Press
from app.rehearsal.people.person import Person

HELPS, TAKEN_BACK, DECLINED, GIVEN_UP, ASKED = 0.1, 0.03, 0.1, 0.03, 0.05
"""Shares of people who offer help, of offers that are taken back, of owners' parts that are declined, of owners who
step down, and who ask somebody else."""
MONTHS = ["3", "6", "12"]


def take_ownership(me: Person, form: Form) -> Values | None:
    """One for each project; and who was asked says yes, unless they say no."""
    if _declines(me, form):
        return None
    taken = me.memory.claim(("owner", form.phase, form.hidden["entry"]))
    return {"named": me.chance.choice(["yes", ""])} if taken else None


def decline_ownership(me: Person, form: Form) -> Values | None:
    return {} if _declines(me, form) and me.memory.first_time(form) else None


def _declines(me: Person, form: Form) -> bool:
    """Whether I say no to what I am asked to own; the first who is asked does."""
    entry = form.hidden["entry"]
    asked = any(f.command == "decline_ownership" and f.hidden["entry"] == entry for f in me.page.forms())
    return asked and me.memory.decide(("declines", form.phase, entry), lambda: _say(me)) == "no"


def _say(me: Person) -> str:
    return "no" if me.company.claim(("the first no",)) or me.memory.often(DECLINED) else "yes"


def step_down(me: Person, form: Form) -> Values | None:
    """And somebody else may take it on."""
    if not me.memory.seldom(form, GIVEN_UP):
        return None
    me.company.let_go(("owner", form.phase, form.hidden["entry"]))
    return {}


def hand_over(me: Person, form: Form) -> Values | None:
    others = [person for person in form.choices("person") if person != me.id]
    if not others or not me.memory.seldom(form, ASKED):
        return None
    me.company.let_go(("owner", form.phase, form.hidden["entry"]))
    return {"person": me.chance.choice(others)}


def set_first_step(me: Person, form: Form) -> Values | None:
    return fill(me, form) if me.memory.mine_to_do(form) else None


def set_followups(me: Person, form: Form) -> Values | None:
    return {"months": MONTHS} if me.memory.mine_to_do(form) else None


def set_visibility(me: Person, form: Form) -> Values | None:
    """One decision for each project and phase."""
    return fill(me, form) if me.memory.claim(("visibility", form.phase, form.hidden["entry"])) else None


def offer_help(me: Person, form: Form) -> Values | None:
    return fill(me, form) if me.memory.seldom(form, HELPS, at_least=2) else None


def withdraw_help(me: Person, form: Form) -> Values | None:
    return {} if me.memory.seldom(form, TAKEN_BACK) else None


# ---- the facilitator's


def give_to_somebody(me: Person, form: Form) -> Values | None:
    """A project goes to somebody else, once; whoever it is has to say yes."""
    if not form.choices("person") or not me.memory.claim(("pressed", form.phase, form.command)):
        return None
    entry = form.choices("entry")[-1]
    me.company.let_go(("owner", form.phase, entry))
    return fill(me, form, entry=entry)


HABITS = KindHabits(
    by_role={
        "audience": {
            "offer_help": offer_help,
            "withdraw_help": withdraw_help,
            "take_ownership": take_ownership,
            "decline_ownership": decline_ownership,
            "step_down": step_down,
            "hand_over": hand_over,
            "set_first_step": set_first_step,
            "set_followups": set_followups,
            "set_visibility": set_visibility,
        }
    },
    presses={"force_hand_over": Press(give_to_somebody)},
    heart=frozenset({"take_ownership"}),
)
