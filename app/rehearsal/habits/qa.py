"""Questions: half ask, many wonder too; whoever moderates publishes, declines few, and takes one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.rehearsal.browser.forms import Form, Values
from app.rehearsal.people.filling import fill
from app.rehearsal.people.habit import KindHabits, Press
from app.rehearsal.people.person import Person
from sessions.audience import GROUPS

ANEW, WITHDRAWN, TAKEN_BACK = 0.3, 0.04, 0.1
"""Shares of declined questions that are written anew, of questions taken back, and of support taken back."""
WONDERS = 0.4
"""How often somebody wonders about a question that others ask."""
UNNAMED = 0.3
TAKEN = 2
"""How often the facilitator takes a question, and the next with an answer."""
IN_A_CROWD = 4
"""Where many are there one of so many asks."""


def ask_question(me: Person, form: Form) -> Values | None:
    """Everybody asks once, in a crowd few do; what was declined some write anew."""
    anew = form.attributes.get("data-draft", "").endswith("-anew")
    silent = me.company.crowded and me.memory.drawn(("asks", form.phase), 1, IN_A_CROWD) > 1
    if silent or not me.memory.first_time(form, anew) or (anew and not me.memory.often(ANEW)):
        return None
    text = f"{me.words.remark()}?"
    if form.field("anonymous") is None:
        return fill(me, form, text=text)
    return fill(me, form, text=text, anonymous="yes" if me.memory.often(UNNAMED) else "")


def support_question(me: Person, form: Form) -> Values | None:
    """Some of the others' questions, each once: the list shows them to everybody alike, one's own among them."""
    marks = me.page.inside(f"{form.phase}-marks")
    own = next((m.attributes["data-own-written"] for m in marks if "data-own-written" in m.attributes), "")
    for card in form.choices("card"):
        if card not in own.split() and me.memory.first_time(form, card) and me.memory.often(WONDERS):
            return {"card": card}
    return None


def take_back_support(me: Person, form: Form) -> Values | None:
    return {} if me.memory.seldom(form, TAKEN_BACK) else None


def withdraw_question(me: Person, form: Form) -> Values | None:
    return fill(me, form, **_sure(form)) if me.memory.seldom(form, WITHDRAWN) else None


def _sure(form: Form) -> dict[str, str]:
    return {"sure": "yes"} if form.field("sure") is not None else {}


def share_question(me: Person, form: Form) -> Values | None:
    return {} if me.memory.seldom(form, 0.5) else None


# ---- whom such a phase needs

ASKERS_OF_A_KIND, SHARE_OF_ASKERS = 2, 4
"""Of a role that asks at least so many are there, and one in so many."""
ALWAYS_THERE = {*GROUPS, "participant", "process_leader", "facilitator"}


def casts(rules: Mapping[str, Any], people: int) -> Mapping[str, int]:
    """Somebody of each role that the rules name."""
    few = dict.fromkeys((*rules.get("answerers", ()), *rules.get("moderators", ())), 1)
    many = dict.fromkeys(rules.get("askers", ()), max(ASKERS_OF_A_KIND, people // SHARE_OF_ASKERS))
    return {role: count for role, count in {**few, **many}.items() if role not in ALWAYS_THERE}


# ---- who moderates or answers


def once_each_phase(me: Person, form: Form) -> bool:
    return me.memory.claim(("pressed", form.phase, form.command))


def publish_question(me: Person, form: Form) -> Values | None:
    return {} if me.memory.first_time(form) else None


def decline_question(me: Person, form: Form) -> Values | None:
    """The first that waits, and all that nobody else may read."""
    forms = [other for other in me.page.forms() if other.hidden.get("card") == form.hidden["card"]]
    commands = {other.command for other in forms}
    waits = commands.isdisjoint({"take_question", "bring_back_question"})
    is_kept = waits and "publish_question" not in commands
    turn = waits and ((is_kept and me.memory.first_time(form)) or once_each_phase(me, form))
    return fill(me, form) if turn else None


def take_question(me: Person, form: Form) -> Values | None:
    """The first that stands there, when nothing is being answered."""
    turn = _live(me) is None and me.memory.times(TAKEN, _any(form))
    return {} if turn else None


def _live(me: Person) -> Form | None:
    """The form that ends the answer to what is being answered."""
    return next((form for form in me.page.forms() if _is_live(form)), None)


def _is_live(form: Form) -> bool:
    draft = form.attributes.get("data-draft", "")
    return form.command == "answer_question" and draft.startswith(f"{form.phase}-answer-")


def _any(form: Form) -> Form:
    """The same button, whatever it is about."""
    hidden = {name: value for name, value in form.hidden.items() if name != "card"}
    return Form(form.attributes, form.place, hidden)


def put_back_question(me: Person, form: Form) -> Values | None:
    return {} if once_each_phase(me, form) else None


def answer_question(me: Person, form: Form) -> Values | None:
    """What is being answered; first the next is taken with it, then none is, so that some are left for later."""
    if not _is_live(form) or not me.memory.first_time(form):
        return None
    if form.field("next") is None:
        return fill(me, form)
    return fill(me, form, next="yes" if me.memory.times(TAKEN, _any(form), "next") else "")


def answer_later(me: Person, form: Form) -> Values | None:
    """What somebody has promised to answer; an answer that was given stays."""
    is_owed = form.attributes.get("data-draft", "").endswith("-owed")
    return fill(me, form) if is_owed and me.memory.often(0.5) and me.memory.first_time(form) else None


def follow_up_question(me: Person, form: Form) -> Values | None:
    """One in each phase, by somebody else where there is anybody."""
    if not once_each_phase(me, form):
        return None
    others = [person for person in form.choices("owner") if person != me.id]
    return fill(me, form, owner=others[0]) if others else fill(me, form)


def bring_back_question(me: Person, form: Form) -> Values | None:
    """What was declined or answered is open again, once in a phase; what is published stays so."""
    on_the_list = any(
        other.command == "take_question" and other.hidden["card"] == form.hidden["card"]
        for other in me.page.forms()
    )
    return fill(me, form) if not on_the_list and once_each_phase(me, form) else None


HABITS = KindHabits(
    by_role={
        "audience": {
            "ask_question": ask_question,
            "support_question": support_question,
            "take_back_support": take_back_support,
            "withdraw_question": withdraw_question,
            "share_question": share_question,
            "answer_question": answer_later,
        }
    },
    presses={
        "decline_question": Press(decline_question),
        "publish_question": Press(publish_question, all_at_once=True),
        "take_question": Press(take_question),
        "put_back_question": Press(put_back_question),
        "answer_question": Press(answer_question),
        "follow_up_question": Press(follow_up_question),
        "bring_back_question": Press(bring_back_question),
    },
    heart=frozenset({"ask_question"}),
    casts=casts,
)
