"""Match: people post what they offer and need, say whom they want to meet, and go to a table; a few do not come."""

from __future__ import annotations

from app.rehearsal.browser.forms import Form, Values
from app.rehearsal.people.filling import fill
from app.rehearsal.people.habit import Habit, KindHabits, Press
from app.rehearsal.people.person import Person

POSTS = 0.5
"""How often somebody posts something of a kind."""
ANSWERS: tuple[tuple[str, float], ...] = (("yes", 0.55), ("maybe", 0.25), ("no", 0.15))
"""What is said of somebody, and how often; nothing else."""
MOST_ANSWERS = 12
"""Of so many people somebody says what they want: nobody reads a long list to its end."""
TAKEN_BACK, CANCELS, NOBODY_CAME, HAS_TO_GO = 0.05, 0.04, 0.06, 0.02
SHARES, KEEPS, CAME = 0.8, 0.1, 0.3
OUTCOMES = (("agree", 0.5), ("talk_more", 0.3), ("no", 0.15), ("did_not_meet", 0.05))
MOST_TIMES = 20
LEAST = 4
"""People among whom two are put together by hand."""


def post_offer(me: Person, form: Form) -> Values | None:
    turn = me.memory.first_time(form) and me.memory.often(POSTS)
    return fill(me, form, title=me.words.title(), most="0") if turn else None


def change_offer(me: Person, form: Form) -> Values | None:
    return fill(me, form) if me.memory.seldom(form, TAKEN_BACK) else None


def withdraw_offer(me: Person, form: Form) -> Values | None:
    return {} if me.memory.seldom(form, TAKEN_BACK) else None


def say_interest(me: Person, form: Form) -> Values | None:
    """One of the list whom one has said nothing of yet: each form says one answer."""
    answer = form.hidden["answer"]
    for party in form.choices("party"):
        if party == me.id or party in _apart(me, form):
            continue
        if me.memory.drawn(("answer", form.phase, party), 1, 100) in _range(answer) and _more(
            me, form, party
        ):
            return {"party": party}
    return None


def _range(answer: str) -> range:
    begin = 1
    for each, share in ANSWERS:
        if each == answer:
            return range(begin, begin + round(share * 100))
        begin += round(share * 100)
    return range(0)


def _more(me: Person, form: Form, party: str) -> bool:
    """Whether this one has not been answered yet, and more are to be."""
    return me.memory.times(MOST_ANSWERS, form) and me.memory.first_time(form, party)


def _apart(me: Person, form: Form) -> list[str]:
    """Whom one does not meet here: the list shows everybody to everybody."""
    marks = me.page.inside(f"{form.phase}-marks")
    return next(
        (m.attributes["data-own-apart"].split() for m in marks if "data-own-apart" in m.attributes), []
    )


def seldom(share: float) -> Habit:
    """What few do, and whoever comes first."""

    def habit(me: Person, form: Form) -> Values | None:
        return {} if me.memory.seldom(form, share) else None

    return habit


def always(me: Person, form: Form) -> Values | None:
    return {} if me.memory.times(MOST_TIMES, form) else None


def say_free(me: Person, form: Form) -> Values | None:
    """Few say when they cannot; they can in all rounds but the last."""
    slots = form.choices("slots")
    said = me.memory.seldom(form, TAKEN_BACK)
    return fill(me, form, slots=slots[:-1] or slots, languages=[], third="yes") if said else None


# ---- what came of it


def say_outcome(me: Person, form: Form) -> Values | None:
    """Each meeting once."""
    if not me.memory.first_time(form):
        return None
    answers = [answer for answer, _ in OUTCOMES]
    return {"answer": me.chance.choices(answers, [share for _, share in OUTCOMES])[0]}


def draft_agreement(me: Person, form: Form) -> Values | None:
    return fill(me, form, **_day(form)) if me.memory.first_time(form) and me.memory.often(0.5) else None


def change_terms(me: Person, form: Form) -> Values | None:
    return fill(me, form, **_day(form)) if me.memory.seldom(form, TAKEN_BACK) else None


def _day(form: Form) -> dict[str, str]:
    """The day that stands there."""
    day = form.field("day")
    return {"day": day.value} if day is not None else {}


def rate_benefit(me: Person, form: Form) -> Values | None:
    return {"score": me.chance.choice(form.choices("score"))} if me.memory.first_time(form) else None


# ---- the facilitator's


def once_a_phase(me: Person, form: Form) -> Values | None:
    return fill(me, form) if me.memory.claim(("pressed", form.phase, form.command)) else None


def publish_plan(me: Person, form: Form) -> Values | None:
    return fill(me, form, minutes="2") if me.memory.first_time(form) else None


def shift_slots(me: Person, form: Form) -> Values | None:
    """A minute more, once."""
    return {} if "minutes" in form.hidden and me.memory.claim(("pressed", form.phase, form.command)) else None


def pair_people(me: Person, form: Form) -> Values | None:
    """Two who come after each other in the list, in the last round; who have met already stay apart."""
    people = form.choices("party")
    if len(people) < LEAST or not me.memory.claim(("pressed", form.phase, form.command)):
        return None
    one, other = me.chance.sample(people, 2)
    return fill(me, form, party=one, other=other, slot=form.choices("slot")[-1], replace="yes")


def close_table(me: Person, form: Form) -> Values | None:
    return (
        {"table": form.choices("table")[0]}
        if me.memory.claim(("pressed", form.phase, form.command))
        else None
    )


HABITS = KindHabits(
    by_role={
        "audience": {
            "post_offer": post_offer,
            "change_offer": change_offer,
            "withdraw_offer": withdraw_offer,
            "say_interest": say_interest,
            "take_back_interest": seldom(TAKEN_BACK),
            "share_contact": seldom(SHARES),
            "keep_contact": seldom(KEEPS),
            "say_free": say_free,
            "report_absent": seldom(NOBODY_CAME),
            "they_came": seldom(CAME),
            "i_am_here": always,
            "leave_meetings": seldom(HAS_TO_GO),
            "cancel_meeting": seldom(CANCELS),
            "say_outcome": say_outcome,
            "draft_agreement": draft_agreement,
            "change_terms": change_terms,
            "confirm_terms": always,
            "decline_terms": seldom(CANCELS),
            "rate_benefit": rate_benefit,
        }
    },
    presses={
        "plan_meetings": Press(once_a_phase),
        "publish_plan": Press(publish_plan),
        "mark_here": Press(once_a_phase, swift=True),
        "shift_slots": Press(shift_slots, swift=True),
        "pair_people": Press(pair_people, swift=True),
        "cancel_meeting": Press(once_a_phase, swift=True),
        "close_table": Press(close_table, swift=True),
        "open_table": Press(once_a_phase, swift=True),
        "mark_absent": Press(once_a_phase, swift=True),
    },
    heart=frozenset({"say_interest", "post_offer", "say_outcome"}),
)
