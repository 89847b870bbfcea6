"""What simulated people do with the forms on their pages, command by command. What is not listed they leave alone."""

from __future__ import annotations

from collections.abc import Mapping

from app.rehearsal import backoffice, planning, teamwork
from app.rehearsal.filling import fill, pick
from app.rehearsal.forms import Form, Values
from app.rehearsal.jurywork import CHAIR, JUROR
from app.rehearsal.person import Habit, Person

CHANGED_MIND, EDITED, WITHDRAWN, LEAVES = 0.15, 0.1, 0.03, 0.4
"""Shares of people who vote twice, who change or take back a card, and who check out for the night."""
CARDS = {"situation": 2, "target": 3}
"""How many cards somebody writes at most, by a field that tells what kind of card it is."""
IDEAS = 4
MOVES = 0.03


def once(me: Person, form: Form) -> Values | None:
    return fill(me, form) if me.first_time(form) else None


def one_of_us(me: Person, form: Form) -> Values | None:
    return fill(me, form) if me.mine_to_do(form) else None


def answer(me: Person, form: Form) -> Values | None:
    """A person's own survey, or that of the team, which one of us fills in; or an expert's answer."""
    if "request" in form.hidden:
        return backoffice.answer_question(me, form)
    of_team = form.place.endswith("-team")
    if not (me.mine_to_do(form, me.team) if of_team else me.first_time(form)):
        return None
    known: dict[str, str | list[str]] = {}
    if me.part.role in form.choices("role"):
        known["role"] = me.part.role
    if me.part.language in form.choices("language"):
        known["language"] = me.part.language
    if form.choices("present"):
        known["present"] = form.choices("present")
    return fill(me, form, **known)


def add_card(me: Person, form: Form) -> Values | None:
    most = next((many for name, many in CARDS.items() if name in form.names()), IDEAS)
    silent = me.company.crowded and me.drawn(("has a say", form.phase), 1, 4) > 1
    if silent or not me.times(me.drawn(form.phase, 1, most), form):
        return None
    if "situation" in form.names():
        return fill(me, form, who=me.words.who(), situation=me.words.situation())
    own = "" if "target" in form.names() or not form.choices("link") else form.choices("link")[0]
    return fill(me, form, **({"link": own} if own and me.often(0.2) else {}), **_text(me, form))


def _text(me: Person, form: Form) -> dict[str, str]:
    return (
        {"text": me.words.remark() if "target" in form.names() else me.words.idea()}
        if "text" in form.names()
        else {}
    )


def edit_card(me: Person, form: Form) -> Values | None:
    """Few cards are changed, and each once; whether, is decided when it is first seen."""
    if not me.first_time(form) or not me.often(EDITED):
        return None
    written = [one for one in form.fields if one.kind == "textarea"]
    return {one.name: f"{one.value} {me.words.remark()}"[: one.limit] for one in written}


def withdraw_card(me: Person, form: Form) -> Values | None:
    return {} if me.first_time(form) and me.often(WITHDRAWN) else None


def cast_ballot(me: Person, form: Form) -> Values | None:
    """One ballot, and some people think again. Where all there is is one's own, there is nothing to mark."""
    boxes = [one for one in form.fields if one.kind == "checkbox"]
    if not boxes and not any(one.kind == "radio" for one in form.fields):
        return None
    if not me.times(2 if me.drawn(form.phase, 1, 100) <= CHANGED_MIND * 100 else 1, form):
        return None
    if not boxes:
        return fill(me, form)
    dots = int(form.attributes.get("data-dots", len(boxes) // 2 + 1))
    return {boxes[0].name: [box.value for box in me.chance.sample(boxes, min(dots, len(boxes)))]}


def wish(me: Person, form: Form) -> Values | None:
    """The needs I would like to work on, dearest first, each once."""
    ranks = sorted({one.name for one in form.fields if one.kind == "radio"})
    if not ranks or not me.first_time(form):
        return None
    return dict(zip(ranks, pick(me, form.choices(ranks[0]), len(ranks)), strict=False))


def ask_to_move(me: Person, form: Form) -> Values | None:
    return fill(me, form) if me.first_time(form) and me.often(MOVES) else None


def check_out(me: Person, form: Form) -> Values | None:
    """Some leave for the night (only themselves: hosts see everybody's buttons)."""
    return {} if "person" not in form.hidden and me.first_time(form) and me.often(LEAVES) else None


def check_in(me: Person, form: Form) -> Values | None:
    return {} if "person" not in form.hidden and me.first_time(form) else None


def name_presenters(me: Person, form: Form) -> Values | None:
    return {"person": pick(me, form.choices("person"), 2)} if me.mine_to_do(form) else None


EVERYBODY: Mapping[str, Habit] = {
    "answer": answer,
    "add_card": add_card,
    "edit_card": edit_card,
    "withdraw_card": withdraw_card,
    "cast_ballot": cast_ballot,
    "check_out": check_out,
    "check_in": check_in,
}
TEAM: Mapping[str, Habit] = {
    **EVERYBODY,
    **teamwork.HABITS,
    **planning.HABITS,
    **backoffice.TEAM,
    "wish": wish,
    "ask_to_move": ask_to_move,
    "ask_to_join": once,
    "name_presenters": name_presenters,
    "choose_slot": one_of_us,
}
FACILITATOR: Mapping[str, Habit] = {}
BY_ROLE: Mapping[str, Mapping[str, Habit]] = {
    "participant": TEAM,
    "facilitator": FACILITATOR,
    "expert": {**EVERYBODY, **backoffice.EXPERT, "offer_help": planning.offer_help},
    "juror": {**EVERYBODY, **JUROR},
    "jury_chair": {**EVERYBODY, **CHAIR},
}


def habits_of(role: str) -> Mapping[str, Habit]:
    """What somebody of this role does."""
    return BY_ROLE.get(role, EVERYBODY)
