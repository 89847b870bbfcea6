"""On stage: teams say who speaks; the facilitator runs the clock."""

from __future__ import annotations

from app.rehearsal.browser.forms import Form, Values
from app.rehearsal.people.filling import fill, pick
from app.rehearsal.people.habit import KindHabits, Press
from app.rehearsal.people.person import Person

ON_AND_ON = 10_000
SLOTS_IN_A_CROWD = 5
SIGNING_UP, FIRST_UP = 0.1, 4
"""The share of people who sign up for a slot, and how many do at least, where there are so many."""


def name_presenters(me: Person, form: Form) -> Values | None:
    return {"person": pick(me, form.choices("person"), 2)} if me.memory.mine_to_do(form) else None


def sign_up(me: Person, form: Form) -> Values | None:
    """Whoever sees the form first, as long as there is room."""
    return fill(me, form) if me.memory.seldom(form, SIGNING_UP, FIRST_UP) else None


def give_up_slot(me: Person, form: Form) -> Values | None:
    """The first who has a slot thinks again, so that there is somebody who does; not where nobody else has one."""
    if ("seldom", "sign_up", 1) not in me.company.claimed:
        return None
    return {} if me.memory.claim(("gives a slot up", form.phase)) else None


# ---- the facilitator's


def once(me: Person, form: Form) -> Values | None:
    return fill(me, form) if me.memory.first_time(form) else None


def once_a_phase(me: Person, form: Form) -> Values | None:
    return {} if me.memory.claim(("pressed", form.phase, form.command)) else None


def once_in_all(me: Person, form: Form) -> Values | None:
    """What takes something from a team happens once in a session."""
    return {} if me.memory.claim(("pressed", form.command)) else None


def while_there(me: Person, form: Form) -> Values | None:
    """Again and again until the form is gone."""
    return fill(me, form) if me.memory.times(ON_AND_ON, form) else None


def start_slot(me: Person, form: Form) -> Values | None:
    """Everybody gets on stage; in a crowd only a few do."""
    begun = sum(
        sent.name == "start_slot" and sent.fields["phase"] == form.phase
        for sent in me.memory.outbox.all.values()
    )
    return once(me, form) if not me.company.crowded or begun < SLOTS_IN_A_CROWD else None


def next_part(me: Person, form: Form) -> Values | None:
    """On to the questions when the talk's time is over, and so on; not where the clock does it."""
    by_itself = me.company.phase(form.phase).rules.get("stop") == "hard"
    due = me.company.hasty or (not by_itself and _time_is_up(me, form.place))
    return while_there(me, form) if due else None


def _time_is_up(me: Person, fragment: str) -> bool:
    """Whether the countdown in a fragment has run out."""
    ends = [m.attributes["data-ends"] for m in me.page.inside(fragment) if "data-ends" in m.attributes]
    return all(int(at) / 1000 <= me.company.clock.now() for at in ends)


HABITS = KindHabits(
    by_role={
        "teams": {"name_presenters": name_presenters},
        "audience": {"sign_up": sign_up, "give_up_slot": give_up_slot},
    },
    presses={
        "draw_order": Press(once),
        "move_slot": Press(once_a_phase, swift=True),
        "no_show": Press(once_in_all, swift=True),
        "resume_slot": Press(while_there, swift=True),
        "pause_slot": Press(once_a_phase, swift=True),
        "add_time": Press(once_a_phase, swift=True),
        "next_part": Press(next_part, swift=True),
        "start_slot": Press(start_slot, swift=True),
        "stop_slot": Press(once_in_all, swift=True),
    },
    heart=frozenset({"start_slot"}),
)
