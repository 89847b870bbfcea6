"""What the facilitator presses in a phase once everybody is done, in this order, where the page offers it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.rehearsal.filling import fill
from app.rehearsal.forms import Form, Values
from app.rehearsal.person import Person

Press = Callable[[Person, Form], Values | None]
"""What goes into a form before it is pressed; None where it is left alone."""

ON_AND_ON = 10_000
SLOTS_IN_A_CROWD = 5


def once(me: Person, form: Form) -> Values | None:
    return fill(me, form) if me.first_time(form) else None


def while_there(me: Person, form: Form) -> Values | None:
    """Again and again until the form is gone."""
    return fill(me, form) if me.times(ON_AND_ON, form) else None


def start_slot(me: Person, form: Form) -> Values | None:
    """Everybody gets on stage; in a crowd only a few do."""
    begun = sum(
        sent.name == "start_slot" and sent.fields["phase"] == form.phase for sent in me.outbox.all.values()
    )
    return once(me, form) if not me.company.crowded or begun < SLOTS_IN_A_CROWD else None


def next_part(me: Person, form: Form) -> Values | None:
    """On to the questions when the talk's time is over, and so on; not where the clock does it."""
    by_itself = me.company.phase(form.phase).rules.get("stop") == "hard"
    return while_there(me, form) if not by_itself and time_is_up(me, form.place) else None


def time_is_up(me: Person, fragment: str) -> bool:
    """Whether the countdown in a fragment has run out."""
    ends = [m.attributes["data-ends"] for m in me.line.sheet.inside(fragment) if "data-ends" in m.attributes]
    return all(int(at) / 1000 <= me.company.clock.now() for at in ends)


def works(me: Person, form: Form) -> Values | None:
    """A technical check that goes well."""
    return {} if form.hidden.get("result") == "ok" and me.first_time(form) else None


def accept_late(me: Person, form: Form) -> Values | None:
    """Everything that came late is accepted, with a reason where one is asked for."""
    if not me.times(ON_AND_ON, form):
        return None
    ticks = [one.value for one in form.fields if one.kind == "checkbox"]
    return fill(me, form, **({"entry": ticks} if ticks else {}))


def close_vote(me: Person, form: Form) -> Values | None:
    """A vote is closed so that its result can be shown; the clock does it where nobody is in a hurry."""
    if me.company.unhurried:
        return None
    vote = (form.phase, "vote", "open") in me.line.sheet.panes()
    return {} if vote and me.first_time(form) else None


PRESSES: Mapping[str, Press] = {
    "propose_teams": once,
    "confirm_teams": once,
    "mark_checked": works,
    "draw_order": once,
    "next_part": next_part,
    "start_slot": start_slot,
    "close_phase": close_vote,
    "reveal_result": once,
    "reveal_award": while_there,
    "decline_request": once,
    "accept_merge": once,
    "accept_late": accept_late,
}
ASKS = ("break_tie", "sign_result")
"""What others do when the facilitator asks for it, after everything else."""
SWIFT = frozenset({"next_part", "start_slot", "reveal_award"})
"""After these the facilitator waits for the page to follow, not for everybody in the room."""


ALL_AT_ONCE = frozenset({"mark_checked", "decline_request", "accept_merge"})
"""Of these the facilitator presses all there are, one after the other."""


def press(me: Person, forms: list[Form]) -> list[tuple[Form, Values]]:
    """What to press next, filled in: one form, or several of a kind; nothing if there is nothing left."""
    for name, wanted in PRESSES.items():
        found: list[tuple[Form, Values]] = []
        for form in forms:
            if form.command == name and (values := wanted(me, form)) is not None:
                found.append((form, values))
                if name not in ALL_AT_ONCE:
                    break
        if found:
            return found
    return []
