"""Votes: one ballot for each, and some think again; the facilitator closes, shows, and corrects what was counted."""

from __future__ import annotations

from app.rehearsal.browser.forms import PRESSED, Form, Values
from app.rehearsal.people.filling import fill
from app.rehearsal.people.habit import KindHabits, Press
from app.rehearsal.people.person import Person

CHANGED_MIND = 0.15


def cast_ballot(me: Person, form: Form) -> Values | None:
    """One ballot, and some people think again; or one answer to each thing that is asked. Where all there is is one's
    own, there is nothing to mark."""
    pressed = next((field.name for field in form.fields if field.kind == PRESSED and field.name), "")
    if pressed:
        return {pressed: me.chance.choice(form.choices(pressed))} if me.memory.first_time(form) else None
    boxes = [field for field in form.fields if field.kind == "checkbox"]
    if not boxes and not any(field.kind in ("radio", "number") for field in form.fields):
        return None
    twice = me.memory.drawn(form.phase, 1, 100) <= CHANGED_MIND * 100
    if not me.memory.times(2 if twice else 1, form):
        return None
    if not boxes:
        return fill(me, form)
    dots = int(form.attributes.get("data-dots", len(boxes) // 2 + 1))
    return {boxes[0].name: [box.value for box in me.chance.sample(boxes, min(dots, len(boxes)))]}


def deal_pairs(me: Person, form: Form) -> Values | None:
    """The first pairs; nobody wants more."""
    return {} if form.hidden.get("after") == "0" and me.memory.first_time(form) else None


def deal_round(me: Person, form: Form) -> Values | None:
    """The next round, once everybody has marked what they have."""
    return {} if me.memory.first_time(form) else None


def close_phase(me: Person, form: Form) -> Values | None:
    """A vote is closed so that its result can be shown; the clock does it where nobody is in a hurry."""
    return {} if not me.company.unhurried and me.memory.first_time(form) else None


def reveal_result(me: Person, form: Form) -> Values | None:
    return {} if me.memory.first_time(form) else None


def override_result(me: Person, form: Form) -> Values | None:
    """Once in a session, and so that something more goes on: the room has asked for it."""
    return fill(me, form, kept="yes") if me.memory.claim(("pressed", form.command)) else None


HABITS = KindHabits(
    by_role={"audience": {"cast_ballot": cast_ballot, "deal_pairs": deal_pairs}},
    presses={
        "deal_round": Press(deal_round),
        "close_phase": Press(close_phase),
        "reveal_result": Press(reveal_result),
        "override_result": Press(override_result),
    },
    heart=frozenset({"cast_ballot"}),
    left_alone={"void_vote": "without a result the phases that build on it have nothing to go on with"},
)
