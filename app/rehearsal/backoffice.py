"""Questions to the back office: teams ask, experts take one at a time and answer, and a `stop` gets its response."""

from __future__ import annotations

from collections.abc import Mapping

from app.rehearsal.filling import fill
from app.rehearsal.forms import Form, Values
from app.rehearsal.person import Habit, Person

QUESTIONS = 2
"""How many questions a team asks in a phase."""
TRIES = 3
"""How often an expert reaches for a question that somebody else was quicker to take."""
VERDICTS = {"go": 60, "change": 30, "stop": 10}
"""In a hundred answers; the first of all is a `stop`, so that there is one."""


def ask(me: Person, form: Form) -> Values | None:
    turn = (
        any(me.company.claim(("question", form.phase, me.team, n)) for n in range(QUESTIONS))
        if me.team
        else False
    )
    return fill(me, form) if turn else None


def respond(me: Person, form: Form) -> Values | None:
    return fill(me, form) if me.mine_to_do(form) else None


def declare_interest(me: Person, form: Form) -> Values | None:
    return fill(me, form, own="none") if me.first_time(form) else None


def claim(me: Person, form: Form) -> Values | None:
    """A question, unless I have one in hand or am about to. Each expert goes through them in another order."""
    forms = me.line.sheet.forms()
    in_hand = any(other.command == "answer" and "request" in other.hidden for other in forms)
    if in_hand or me.sends("claim") or me.sends("declare_interest"):
        return None
    waiting = [other.subject for other in forms if other.command == "claim"]
    next_one = min(waiting, key=lambda subject: me.drawn(subject, 1, 1_000_000))
    return {} if form.subject == next_one and me.times(TRIES, form) else None


def answer_question(me: Person, form: Form) -> Values | None:
    if not me.first_time(form):
        return None
    chances = list(VERDICTS)
    first = (
        "stop"
        if me.company.claim("the first stop")
        else me.chance.choices(chances, list(VERDICTS.values()))[0]
    )
    return fill(me, form, verdict=first)


TEAM: Mapping[str, Habit] = {"ask": ask, "respond_to_stop": respond}
EXPERT: Mapping[str, Habit] = {"declare_interest": declare_interest, "claim": claim}
