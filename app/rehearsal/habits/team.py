"""Teams: people wish, ask for other places and think again; the facilitator proposes, rearranges and confirms."""

from __future__ import annotations

from app.rehearsal.browser.forms import Form, Values
from app.rehearsal.people.filling import fill, pick
from app.rehearsal.people.habit import KindHabits, Press
from app.rehearsal.people.person import Person

MOVES, LEAVING = 0.03, 0.1
"""Shares of people who ask for another place, and of those who leave a table again."""
ASKING = 5
A_TABLE = 5
"""So many people look for a table each, where they choose one themselves."""
"""So many ask for another place at least, where there are so many."""


def once(me: Person, form: Form) -> Values | None:
    return fill(me, form) if me.memory.first_time(form) else None


def wish(me: Person, form: Form) -> Values | None:
    """The needs I would like to work on, dearest first, each once."""
    ranks = sorted({field.name for field in form.fields if field.kind == "radio"})
    if not ranks or not me.memory.first_time(form):
        return None
    return dict(zip(ranks, pick(me, form.choices(ranks[0]), len(ranks)), strict=False))


def ask_to_move(me: Person, form: Form) -> Values | None:
    """To a team that is not mine (an option begins with the team's number)."""
    field = form.field("team")
    others = [value for value, words in field.options if words.split()[:1] != [me.team]] if field else []
    if not others or not me.memory.seldom(form, MOVES, ASKING):
        return None
    return fill(me, form, team=me.chance.choice(others))


def join_table(me: Person, form: Form) -> Values | None:
    """One of the first tables, so that each has people enough; where it is full, another. Few get up again."""
    leaves = form.hidden.get("need") == ""
    if leaves:
        return {} if me.memory.seldom(form, LEAVING) else None
    tables = [f.hidden["need"] for f in me.page.forms() if f.command == form.command and f.hidden.get("need")]
    some = tables[: max(1, len(me.company.people) // A_TABLE)]
    mine = me.memory.decide(("my table", form.phase), lambda: me.chance.choice(some))
    if mine not in tables:
        me.memory.forget(("my table", form.phase))
        return None
    return {} if form.hidden["need"] == mine and me.memory.first_time(form) else None


# ---- the facilitator's


def once_a_phase(me: Person, form: Form) -> Values | None:
    """Whatever stands in the form first, once in a phase."""
    return fill(me, form) if me.memory.claim(("pressed", form.phase, form.command)) else None


def split_team(me: Person, form: Form) -> Values | None:
    """One of the largest team gets a team of their own."""
    largest = max(
        (f for f in me.page.forms() if f.command == form.command), key=lambda f: len(f.choices("person"))
    )
    if form.subject != largest.subject or not me.memory.claim(("pressed", form.phase, form.command)):
        return None
    return {"person": form.choices("person")[:1], "reason": me.words.remark()}


def merge_teams(me: Person, form: Form) -> Values | None:
    """The newest team goes into another, as often as one was made too many."""
    teams, made = form.choices("other"), ("split_team", "start_team")
    turn = any(
        ("pressed", form.phase, name) in me.company.claimed
        and me.memory.claim(("pressed", form.phase, form.command, name))
        for name in made
    )
    return {"team": teams[0], "other": teams[-1], "reason": me.words.remark()} if turn else None


def decline_request(me: Person, form: Form) -> Values | None:
    """The first two requests, and whatever is left once one was granted."""
    granted = ("pressed", form.phase, "move_person", True) in me.company.claimed
    wanted = granted or any(me.memory.claim(("pressed", form.phase, form.command, n)) for n in range(2))
    return {} if wanted and me.memory.first_time(form) else None


def move_person(me: Person, form: Form) -> Values | None:
    """Who asks for a team gets it, once; and somebody is taken out of a team, so that a new one can be started."""
    asked = form.field("person") is None
    if not me.memory.claim(("pressed", form.phase, form.command, asked)):
        return None
    if asked:
        return {}
    return {"person": form.choices("person")[-1], "team": "", "reason": me.words.remark()}


def start_team(me: Person, form: Form) -> Values | None:
    """Whoever has no place, all together."""
    if not me.memory.claim(("pressed", form.phase, form.command)):
        return None
    return fill(me, form, person=form.choices("person"), team_name=me.words.team_name())


HABITS = KindHabits(
    by_role={
        "teams": {
            "wish": wish,
            "join_table": join_table,
            "ask_to_move": ask_to_move,
            "ask_to_join": once,
        }
    },
    presses={
        "propose_teams": Press(once),
        "decline_request": Press(
            decline_request
        ),  # before teams are split: a request goes with whoever is moved
        "split_team": Press(split_team),
        "move_person": Press(move_person),
        "start_team": Press(start_team),
        "merge_teams": Press(merge_teams),
        "set_leader": Press(once_a_phase),
        "rename_team": Press(once_a_phase),
        "set_need": Press(once_a_phase),
        "confirm_teams": Press(once),
    },
    left_alone={"take_back_request": "the facilitator answers before anybody thinks again"},
    heart=frozenset({"wish", "join_table", "confirm_teams", "start_team"}),
)
