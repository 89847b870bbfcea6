"""Questions to the back office: teams ask, experts take one at a time and answer, and a `stop` gets its response."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.rehearsal.browser.forms import Form, Values
from app.rehearsal.people.filling import fill
from app.rehearsal.people.habit import KindHabits, Press
from app.rehearsal.people.person import Person

QUESTIONS = 2
"""How many questions a team asks in a phase."""
TRIES = 3
"""How often an expert reaches for a question that somebody else was quicker to take."""
VERDICTS = {"go": 60, "change": 30, "stop": 10}
"""In a hundred answers; the first of all is a `stop`, so that there is one."""
CANCELLED, GIVEN_BACK, SENT_ON = 0.02, 0.03, 0.03
"""Shares of questions that are taken back, and that an expert gives back or sends on to another topic."""


def ask(me: Person, form: Form) -> Values | None:
    turn = bool(me.team) and any(
        me.memory.claim(("question", form.phase, me.team, n)) for n in range(QUESTIONS)
    )
    return fill(me, form) if turn else None


def cancel_request(me: Person, form: Form) -> Values | None:
    return {} if me.memory.seldom(form, CANCELLED) else None


def respond_to_stop(me: Person, form: Form) -> Values | None:
    return fill(me, form) if me.memory.mine_to_do(form) else None


def declare_interest(me: Person, form: Form) -> Values | None:
    return fill(me, form, own="none") if me.memory.first_time(form) else None


def claim(me: Person, form: Form) -> Values | None:
    """A question, unless I have one in hand or am about to. Each expert goes through them in another order."""
    forms = me.page.forms()
    in_hand = any(other.command == "answer" and "request" in other.hidden for other in forms)
    if in_hand or me.sends("claim") or me.sends("declare_interest"):
        return None
    waiting = [other.subject for other in forms if other.command == "claim"]
    next_one = min(waiting, key=lambda subject: me.memory.drawn(subject, 1, 1_000_000))
    if form.subject != next_one or not me.memory.times(TRIES, form):
        return None
    me.memory.forget(("fate", form.phase, form.hidden["request"]))
    return {}


def release(me: Person, form: Form) -> Values | None:
    return {} if _fate(me, form) == "release" and me.memory.first_time(form) else None


def forward(me: Person, form: Form) -> Values | None:
    """To the first of the other topics; the buttons for the rest stay as they are."""
    question = form.hidden["request"]
    wanted = _fate(me, form) == "forward" and me.memory.claim(("sent on", form.phase, question))
    return {} if wanted else None


def answer(me: Person, form: Form) -> Values | None:
    if _fate(me, form) != "answer" or not me.memory.first_time(form):
        return None
    chances = list(VERDICTS)
    stop_first = me.company.claim("the first stop")
    verdict = "stop" if stop_first else me.chance.choices(chances, list(VERDICTS.values()))[0]
    known = form.choices("verdict")
    return fill(me, form, verdict=verdict if verdict in known else me.chance.choice(known))


def _fate(me: Person, form: Form) -> str:
    """What becomes of a question in my hand, decided when I see it. It is given back or sent on once at most."""
    about = (form.phase, form.hidden["request"])
    return me.memory.decide(("fate", *about), lambda: _draw_fate(me, about))


def _draw_fate(me: Person, about: tuple[str, str]) -> str:
    if ("fate", *about) not in me.company.claimed:
        for fate, share in (("release", GIVEN_BACK), ("forward", SENT_ON)):
            if me.company.claim(("first", fate)) or me.memory.often(share):
                me.company.claim(("fate", *about))
                return fate
    return "answer"


def once(me: Person, form: Form) -> Values | None:
    return fill(me, form) if me.memory.first_time(form) else None


def send_on(me: Person, form: Form) -> Values | None:
    """A question that nobody takes goes to another topic, once."""
    return {} if me.memory.claim(("sent on", form.phase, form.hidden["request"])) else None


PER_EXPERT, MOST_EXPERTS = 12, 5
PER_EXPERT_IN_A_CROWD = 20
"""From a hundred people on: questions grow with the teams, and each waits for somebody to answer it."""


def casts(rules: Mapping[str, Any], people: int) -> Mapping[str, int]:
    experts = max(1, min(MOST_EXPERTS, people // PER_EXPERT), people // PER_EXPERT_IN_A_CROWD)
    return {"expert": experts}


HABITS = KindHabits(
    by_role={
        "teams": {"ask": ask, "cancel_request": cancel_request, "respond_to_stop": respond_to_stop},
        "experts": {
            "declare_interest": declare_interest,
            "claim": claim,
            "release": release,
            "forward": forward,
            "answer": answer,
        },
    },
    presses={
        "respond_to_stop": Press(once),
        "release": Press(once),
        "forward": Press(send_on),
    },
    heart=frozenset({"ask"}),
    casts=casts,
)
