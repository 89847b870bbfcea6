"""What becomes of the projects: decisions at half-time, and at the end owners, first steps and follow-ups."""

from __future__ import annotations

from collections.abc import Mapping

from app.rehearsal.filling import fill
from app.rehearsal.forms import Form, Values
from app.rehearsal.person import Habit, Person

CHOICES = {"go": 76, "pivot": 12, "merge": 6, "park": 6}
"""In a hundred decisions; the first of all is `go`, so that something is left to go on with."""
GO_ON_IN_A_CROWD = 40
"""About how many projects of a crowd go on after half-time."""
HELPS = 0.1
"""The share of people who offer help to a project."""
MONTHS = ["3", "6", "12"]


def decide_entry(me: Person, form: Form) -> Values | None:
    if not me.mine_to_do(form):
        return None
    into = form.choices("into")
    choice = "go" if me.company.claim("the first decision") else _choice(me, form, len(into))
    return {
        "choice": choice,
        "reason": me.words.remark(),
        **({"into": me.chance.choice(into)} if choice == "merge" else {}),
    }


def _choice(me: Person, form: Form, others: int) -> str:
    """As the weights say; of a crowd of projects most are parked, so that the rest can be heard and judged."""
    if me.company.crowded and not me.often(GO_ON_IN_A_CROWD / max(GO_ON_IN_A_CROWD, others)):
        return "park"
    chances = {choice: weight for choice, weight in CHOICES.items() if others or choice != "merge"}
    known = [choice for choice in form.choices("choice") if choice in chances]
    return me.chance.choices(known, [chances[choice] for choice in known])[0]


def take_ownership(me: Person, form: Form) -> Values | None:
    return {} if me.mine_to_do(form, form.place) else None


def set_first_step(me: Person, form: Form) -> Values | None:
    return fill(me, form) if me.mine_to_do(form) else None


def set_followups(me: Person, form: Form) -> Values | None:
    return {"months": MONTHS} if me.mine_to_do(form) else None


def set_visibility(me: Person, form: Form) -> Values | None:
    """One decision for each project and phase."""
    decided = not me.company.claim(("visibility", form.phase, form.hidden["entry"]))
    return None if decided else fill(me, form)


def offer_help(me: Person, form: Form) -> Values | None:
    return fill(me, form) if me.first_time(form) and me.often(HELPS) else None


def approve_record(me: Person, form: Form) -> Values | None:
    return {} if me.first_time(form) else None


HABITS: Mapping[str, Habit] = {
    "decide_entry": decide_entry,
    "take_ownership": take_ownership,
    "set_first_step": set_first_step,
    "set_followups": set_followups,
    "set_visibility": set_visibility,
    "offer_help": offer_help,
    "approve_record": approve_record,
}
