"""What becomes of the projects at half-time."""

from __future__ import annotations

from app.rehearsal.browser.forms import Form, Values
from app.rehearsal.people.filling import fill
from app.rehearsal.people.habit import KindHabits, Press
from app.rehearsal.people.person import Person

CHOICES = {"go": 76, "pivot": 12, "merge": 6, "park": 6}
"""In a hundred decisions; the first of all is `go`, so that something is left to go on with."""
ENOUGH = 3
"""Where there are so many others, one team withdraws its project."""
GO_ON_IN_A_CROWD = 40
"""About how many projects of a crowd go on after half-time."""
TAKEN_BACK, DECLINED = 0.03, 0.1
"""Shares of decisions that are taken back, and of merges that are declined."""
MERGES = 2
"""So many teams want to merge at least, so that it is agreed to and declined."""


def decide_entry(me: Person, form: Form) -> Values | None:
    if not form.choices("choice") or not me.memory.mine_to_do(form):
        return None  # without a choice it is a text that was set aside, and offered once more
    into = form.choices("into")
    choice = "go" if me.company.claim("the first decision") else _choice(me, form, len(into))
    return {
        "choice": choice,
        "reason": me.words.remark(),
        **({"into": me.chance.choice(into)} if choice == "merge" else {}),
    }


def _choice(me: Person, form: Form, others: int) -> str:
    """As the weights say; of a crowd of projects most are parked, so that the rest can be heard and judged."""
    if me.company.crowded and not me.memory.often(GO_ON_IN_A_CROWD / max(GO_ON_IN_A_CROWD, others)):
        return "park"
    if others >= ENOUGH and "withdraw" in form.choices("choice") and me.company.claim("the first withdrawal"):
        return "withdraw"
    if others and "merge" in form.choices("choice") and _among_the_first(me):
        return "merge"
    chances = {choice: weight for choice, weight in CHOICES.items() if others or choice != "merge"}
    known = [choice for choice in form.choices("choice") if choice in chances]
    return me.chance.choices(known, [chances[choice] for choice in known])[0]


def _among_the_first(me: Person) -> bool:
    return any(me.company.claim(("the first merges", n)) for n in range(MERGES))


def take_back_decision(me: Person, form: Form) -> Values | None:
    """And somebody decides anew."""
    if not me.memory.seldom(form, TAKEN_BACK):
        return None
    for what in [w for w in me.company.claimed if isinstance(w, tuple) and "decide_entry" in w]:
        if form.hidden["entry"] in str(what):
            me.company.let_go(what)
    return {}


def accept_merge(me: Person, form: Form) -> Values | None:
    return {} if me.memory.mine_to_do(form) else None


def decline_merge(me: Person, form: Form) -> Values | None:
    return {} if me.memory.seldom(form, DECLINED) else None


# ---- the facilitator's


def agree(me: Person, form: Form) -> Values | None:
    return fill(me, form) if me.memory.first_time(form) else None


HABITS = KindHabits(
    by_role={
        "teams": {
            "decide_entry": decide_entry,
            "take_back_decision": take_back_decision,
            "decline_merge": decline_merge,
            "accept_merge": accept_merge,
        },
    },
    presses={"accept_merge": Press(agree, all_at_once=True)},
    heart=frozenset({"decide_entry"}),
)
