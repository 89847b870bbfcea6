"""What becomes of the projects: decisions at half-time, and at the end owners, first steps and follow-ups."""

from __future__ import annotations

from app.rehearsal.browser.forms import Form, Values
from app.rehearsal.people.filling import fill
from app.rehearsal.people.habit import KindHabits, Press
from app.rehearsal.people.person import Person

CHOICES = {"go": 76, "pivot": 12, "merge": 6, "park": 6}
"""In a hundred decisions; the first of all is `go`, so that something is left to go on with."""
GO_ON_IN_A_CROWD = 40
"""About how many projects of a crowd go on after half-time."""
HELPS, TAKEN_BACK, DECLINED, GIVEN_UP, ASKED = 0.1, 0.03, 0.1, 0.03, 0.05
"""Shares of people who offer help, of decisions and offers that are taken back, of merges and owners' parts that are
declined, of owners who step down, and who ask somebody else."""
MERGES = 2
"""So many teams want to merge at least, so that it is agreed to and declined."""
MONTHS = ["3", "6", "12"]


def decide_entry(me: Person, form: Form) -> Values | None:
    if not me.memory.mine_to_do(form):
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
    if me.company.crowded and not me.memory.often(GO_ON_IN_A_CROWD / max(GO_ON_IN_A_CROWD, others)):
        return "park"
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


def take_ownership(me: Person, form: Form) -> Values | None:
    """One for each project; and who was asked says yes, unless they say no."""
    if _declines(me, form):
        return None
    return {} if me.memory.claim(("owner", form.phase, form.hidden["entry"])) else None


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


def agree(me: Person, form: Form) -> Values | None:
    return fill(me, form) if me.memory.first_time(form) else None


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
        },
        "teams": {
            "decide_entry": decide_entry,
            "take_back_decision": take_back_decision,
            "decline_merge": decline_merge,
            "accept_merge": accept_merge,
            "step_down": step_down,
            "hand_over": hand_over,
            "set_first_step": set_first_step,
            "set_followups": set_followups,
            "set_visibility": set_visibility,
        },
    },
    presses={
        "accept_merge": Press(agree, all_at_once=True),
        "force_hand_over": Press(give_to_somebody),
    },
    heart=frozenset({"decide_entry", "take_ownership"}),
)
