"""Plans: whoever answers answers all there is; everybody writes actions, is asked to carry one, and says yes or no."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.rehearsal.browser.forms import Form, Values
from app.rehearsal.people.filling import day, fill
from app.rehearsal.people.habit import KindHabits, Press
from app.rehearsal.people.person import Person
from sessions.audience import GROUPS

LATER = 21
"""Days until what is moved to another day is due."""
DECLINED, GIVEN_UP, CHANGED, WITHDRAWN, FREE = 0.15, 0.05, 0.1, 0.04, 0.2
"""Shares of what somebody is asked to carry and does not, gives up, of actions that get other words or are taken back,
and of those that are written for anybody to take on."""
MOST_HELPED, WANTS_SUPPORT, SUBSTITUTED = 2, 0.1, 0.5
IN_A_CROWD = 4
"""Where many are there one of so many writes."""


# ---- answers


def take_item(me: Person, form: Form) -> Values | None:
    """The next one, when nothing is being answered."""
    busy = any(other.command == "answer_item" for other in me.page.forms())
    return {} if not busy and me.memory.claim(("takes", form.phase, form.hidden["card"])) else None


def answer_item(me: Person, form: Form) -> Values | None:
    """What is being answered, once; then the next is taken."""
    if not me.memory.claim(("answers", form.phase, form.hidden["card"])):
        return None
    return fill(me, form) if form.field("next") is None else fill(me, form, next="yes")


# ---- actions


def add_action(me: Person, form: Form) -> Values | None:
    """Everybody writes one of each sort, in a crowd few do."""
    silent = me.company.crowded and me.memory.drawn(("writes", form.phase), 1, IN_A_CROWD) > 1
    if silent or not me.memory.first_time(form):
        return None
    return fill(me, form, **_chosen(me, form))


def _chosen(me: Person, form: Form) -> dict[str, str]:
    """What is not left to chance: an hour as it is written, and whether anybody may take it on."""
    free = "yes" if me.memory.often(FREE) else ""
    others = [person for person in form.choices("person") if person and person != me.id]
    person = {"person": me.chance.choice(others)} if others and me.memory.often(0.7) else {}
    known = {"hour": "09:30", "open": free, "contact": "yes" if me.memory.often(0.5) else "", **person}
    return {name: value for name, value in known.items() if form.field(name) is not None}


def change_action(me: Person, form: Form) -> Values | None:
    return fill(me, form) if me.memory.seldom(form, CHANGED) else None


def move_action(me: Person, form: Form) -> Values | None:
    hour = {"hour": "10:00"} if form.field("hour") is not None else {}
    return fill(me, form, due=day(me, LATER), **hour) if me.memory.seldom(form, CHANGED) else None


def withdraw_action(me: Person, form: Form) -> Values | None:
    return {"sure": "yes"} if me.memory.seldom(form, WITHDRAWN) else None


# ---- who carries them


def accept_action(me: Person, form: Form) -> Values | None:
    """What I am asked to carry, unless I say no; of what nobody carries one at most."""
    if "card" in form.hidden:
        return {} if _says(me, form) == "yes" and me.memory.first_time(form) else None
    for card in form.choices("card"):
        if me.memory.claim(("carries", form.phase, card)) and me.memory.first_time(form):
            return {"card": card}
    return None


def decline_action(me: Person, form: Form) -> Values | None:
    """What I am asked to carry, and seldom what I carry already; perhaps somebody else is asked instead."""
    if "card" not in form.hidden:
        return None
    asked = _is_asked(me, form)
    gives_up = not asked and me.memory.seldom(form, GIVEN_UP)
    if not gives_up and not (asked and _says(me, form) == "no" and me.memory.first_time(form, "no")):
        return None
    others = [person for person in form.choices("instead") if person and person != me.id]
    return {"instead": me.chance.choice(others) if others and me.memory.often(SUBSTITUTED) else ""}


def _is_asked(me: Person, form: Form) -> bool:
    card = form.hidden["card"]
    return any(f.command == "accept_action" and f.hidden.get("card") == card for f in me.page.forms())


def _says(me: Person, form: Form) -> str:
    return me.memory.decide(("carries", form.phase, form.hidden["card"]), lambda: _first_says_no(me))


def _first_says_no(me: Person) -> str:
    return "no" if me.company.claim(("the first to carry nothing",)) or me.memory.often(DECLINED) else "yes"


def ask_responsible(me: Person, form: Form) -> Values | None:
    """Once for each: somebody else."""
    others = [person for person in form.choices("person") if person and person != me.id]
    if not others or not me.memory.seldom(form, CHANGED):
        return None
    return {"person": me.chance.choice(others)}


def help_action(me: Person, form: Form) -> Values | None:
    """One or two of the others' actions."""
    marks = me.page.inside(f"{form.phase}-marks")
    own = " ".join(m.attributes.get("data-own-carried", "") for m in marks).split()
    for card in form.choices("card"):
        if card not in own and me.memory.first_time(form, card) and me.memory.often(0.5):
            return {"card": card} if me.memory.times(MOST_HELPED, form, "helps") else None
    return None


def stop_helping(me: Person, form: Form) -> Values | None:
    return {} if me.memory.seldom(form, CHANGED) else None


# ---- support


def ask_support(me: Person, form: Form) -> Values | None:
    return fill(me, form) if me.memory.seldom(form, WANTS_SUPPORT, at_least=2) else None


def answer_support(me: Person, form: Form) -> Values | None:
    return fill(me, form) if me.memory.claim(("supports", form.phase, form.hidden["card"])) else None


# ---- the facilitator's, and whom such a phase needs


def write_one(me: Person, form: Form) -> Values | None:
    """One of each sort, for whoever does not write themselves."""
    if not me.memory.claim(("pressed", form.phase, form.command, form.hidden["sort"])):
        return None
    return fill(me, form, **_chosen(me, form))


def once_each_phase(me: Person, form: Form) -> Values | None:
    return fill(me, form) if me.memory.claim(("pressed", form.phase, form.command)) else None


ALWAYS_THERE = {*GROUPS, "participant", "process_leader", "facilitator"}


def casts(rules: Mapping[str, Any], people: int) -> Mapping[str, int]:
    """Somebody of each role that the rules name."""
    named = (
        role for rule in ("answerers", "writers", "carriers", "supporters") for role in rules.get(rule, ())
    )
    return {role: 1 for role in named if role not in ALWAYS_THERE}


HABITS = KindHabits(
    by_role={
        "audience": {
            "take_item": take_item,
            "answer_item": answer_item,
            "add_action": add_action,
            "change_action": change_action,
            "move_action": move_action,
            "withdraw_action": withdraw_action,
            "accept_action": accept_action,
            "decline_action": decline_action,
            "ask_responsible": ask_responsible,
            "help_action": help_action,
            "stop_helping": stop_helping,
            "ask_support": ask_support,
            "answer_support": answer_support,
        }
    },
    presses={
        "take_item": Press(take_item),
        "answer_item": Press(answer_item, all_at_once=True),
        "add_action": Press(write_one, all_at_once=True),
        "answer_support": Press(answer_support, all_at_once=True),
        "ask_responsible": Press(once_each_phase),
    },
    heart=frozenset({"answer_item", "add_action"}),
    casts=casts,
)
