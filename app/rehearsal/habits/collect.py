"""Cards: everybody writes some, few change or take back one; the facilitator sorts the wall."""

from __future__ import annotations

from collections.abc import Mapping

from app.rehearsal.browser.forms import Form, Values
from app.rehearsal.people.filling import fill, pick
from app.rehearsal.people.habit import KindHabits, Press
from app.rehearsal.people.person import Person

EDITED, WITHDRAWN, TAKEN_APART = 0.1, 0.03, 0.3
"""Shares of cards that are changed, taken back, or taken out of a merge by who wrote them."""
CLAIMED, TAKEN_BACK = 0.05, 0.3
"""How often somebody says of others' card that it is theirs too, and of those that it is not after all."""
CARDS = {"situation": 2, "target": 3}
"""How many cards somebody writes at most, by a field that tells what sort of card it is."""
IDEAS = 4
GROUPED, MERGED = 3, 2
"""Cards that the facilitator puts into a group, and that become one."""
GROUPS = 2


def add_card(me: Person, form: Form) -> Values | None:
    most = next((many for name, many in CARDS.items() if name in form.names()), IDEAS)
    silent = me.company.crowded and me.memory.drawn(("has a say", form.phase), 1, 4) > 1
    if silent or not me.memory.times(me.memory.drawn(form.phase, 1, most), form):
        return None
    if "situation" in form.names():
        return fill(me, form, who=me.words.who())
    own = "" if "target" in form.names() or not form.choices("link") else form.choices("link")[0]
    return fill(me, form, **({"link": own} if own and me.memory.often(0.2) else {}), **_text(me, form))


def _text(me: Person, form: Form) -> dict[str, str]:
    if "text" not in form.names():
        return {}
    return {"text": me.words.remark() if "target" in form.names() else me.words.idea()}


def edit_card(me: Person, form: Form) -> Values | None:
    """Few cards are changed, and each once; whether, is decided when it is first seen."""
    if not me.memory.seldom(form, EDITED):
        return None
    written = [field for field in form.fields if field.kind == "textarea"]
    return {field.name: f"{field.value} {me.words.remark()}"[: field.limit] for field in written}


def withdraw_card(me: Person, form: Form) -> Values | None:
    """Without a tick that one is sure: what projects have taken over is refused, and stays."""
    return {} if me.memory.seldom(form, WITHDRAWN) else None


def unmerge_card(me: Person, form: Form) -> Values | None:
    return {} if me.memory.seldom(form, TAKEN_APART) else None


# ---- the facilitator's


def once_each_phase(me: Person, form: Form) -> bool:
    return me.memory.claim(("pressed", form.phase, form.command))


def reveal_cards(me: Person, form: Form) -> Values | None:
    return {} if me.memory.first_time(form) else None


def group_cards(me: Person, form: Form) -> Values | None:
    """Two groups of some cards each, so that one can be taken apart again."""
    cards = form.choices("card")
    turn = len(cards) >= GROUPED and any(
        me.memory.claim(("pressed", form.phase, form.command, n)) for n in range(GROUPS)
    )
    return {"card": pick(me, cards, GROUPED), "title": me.words.theme()} if turn else None


def rename_group(me: Person, form: Form) -> Values | None:
    groups = form.choices("group")
    if not groups or not once_each_phase(me, form):
        return None
    return {"group": groups[0], "title": f"{me.words.theme()} & {me.words.theme()}"}


def merge_cards(me: Person, form: Form) -> Values | None:
    cards = form.choices("card")
    if len(cards) < MERGED or not once_each_phase(me, form):
        return None
    return {"card": pick(me, cards, MERGED), "title": ""} if "title" in form.names() else None


def only_one(me: Person, form: Form) -> Values | None:
    """A button that stands at many things is pressed at one of them, once in a phase."""
    return {} if form.field("card") is None and once_each_phase(me, form) else None


def accept_late(me: Person, form: Form) -> Values | None:
    return {} if me.memory.first_time(form) else None


def share_card(me: Person, form: Form) -> Values | None:
    """Half of those who keep things to their team share one."""
    return {} if me.memory.seldom(form, 0.5) else None


def claim_card(me: Person, form: Form) -> Values | None:
    """Some of the others' cards, each once: the list shows them to everybody alike, one's own among them."""
    marks = me.page.inside(f"{form.phase}-marks")
    own = next((m.attributes["data-own-written"] for m in marks if "data-own-written" in m.attributes), "")
    for card in form.choices("card"):
        if card not in own.split() and me.memory.first_time(form, card) and me.memory.often(CLAIMED):
            return {"card": card}
    return None


def take_back_claim(me: Person, form: Form) -> Values | None:
    return {} if me.memory.seldom(form, TAKEN_BACK) else None


PRESSES: Mapping[str, Press] = {
    "reveal_cards": Press(reveal_cards),
    "next_stage": Press(accept_late),
    "group_cards": Press(group_cards),
    "rename_group": Press(rename_group),
    "merge_cards": Press(merge_cards),
    "unmerge_card": Press(only_one),
    "hide_card": Press(only_one),
    "show_card": Press(only_one),
    "ungroup": Press(only_one),
    "accept_late": Press(accept_late),
}
HABITS = KindHabits(
    by_role={
        "audience": {
            "add_card": add_card,
            "edit_card": edit_card,
            "withdraw_card": withdraw_card,
            "unmerge_card": unmerge_card,
            "share_card": share_card,
            "claim_card": claim_card,
            "take_back_claim": take_back_claim,
        }
    },
    presses=PRESSES,
    heart=frozenset({"add_card"}),
)
