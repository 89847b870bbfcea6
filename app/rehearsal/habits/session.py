"""The session's own forms: who speaks which language, what is said to everybody, what the screen shows."""

from __future__ import annotations

from app.rehearsal.browser.forms import Form, Values
from app.rehearsal.people.habit import KindHabits, Press
from app.rehearsal.people.person import Person

LANGUAGES_CHOSEN = 0.05


def choose_language(me: Person, form: Form) -> Values | None:
    """Few look for the button; they press the language they have."""
    if me.part.language not in form.choices("language") or not me.memory.seldom(form, LANGUAGES_CHOSEN):
        return None
    return {"language": me.part.language}


def drop_aside(me: Person, form: Form) -> Values | None:
    """What somebody else has written meanwhile is left."""
    return {}


# ---- the facilitator's


def take_over(me: Person, form: Form) -> Values | None:
    """The wheel, once, before anything else."""
    return {} if me.memory.claim(("pressed", form.command)) else None


def announce(me: Person, form: Form) -> Values | None:
    return {"text": me.words.remark()} if me.memory.claim(("pressed", form.command)) else None


def once(me: Person, form: Form) -> Values | None:
    return {} if me.memory.claim(("pressed", form.command)) else None


def longer(me: Person, form: Form) -> Values | None:
    """Some minutes more for a phase, once."""
    more = int(form.hidden.get("minutes", "0")) > 0
    return {} if more and me.memory.claim(("pressed", form.command)) else None


def dark_and_light(me: Person, form: Form) -> Values | None:
    """The screen goes dark for a moment, and follows the agenda again."""
    choice = form.hidden.get("choice", "")
    wanted = choice in ("", "dark") and me.memory.claim(("pressed", form.command, choice))
    return {} if wanted else None


HABITS = KindHabits(
    by_role={"audience": {"choose_language": choose_language, "drop_aside": drop_aside}},
    presses={
        "take_over": Press(take_over),
        "show_on_screen": Press(dark_and_light),
        "announce": Press(announce),
        "clear_announcement": Press(once),
        "extend_phase": Press(longer),
    },
    left_alone={
        "plan_start": "they begin as soon as everybody is there",
        "close_phase": "going on closes a phase as well; only what runs for days is closed by hand",
        "open_phase": "the facilitator follows the agenda",
        "skip_phase": "every phase of the programme is to be held",
        "reopen_phase": "going back puts the current phase into the agenda again, and is rehearsed by nobody",
        "give_organisation": "everybody says at the door where they belong",
        "unite_organisations": "the people of a rehearsal spell theirs one way each",
        "part_organisation": "no organisations are taken for one",
        "remove_person": "who is gone can do nothing any more",
        "let_in": "nobody has been removed",
        "undo": "a phase that was opened is to be held",
        "erase_person": "who is gone can do nothing any more",
    },
)
