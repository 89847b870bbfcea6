"""Names that look alike or like nothing."""

from __future__ import annotations

import unicodedata

import pytest

from app.drawing.locale import LANGUAGES, load
from app.drawing.markup import role_word
from app.settings import Settings
from sessions.audience import GUESTS, ROLES
from sessions.names import fault_of, name_key, shown

SPELLINGS = [
    "Åsa Lind",
    unicodedata.normalize("NFD", "Åsa Lind"),
    "Åsa\u200b Lind",
    "Åsa\u00a0Lind",
    "Åsa  Lind",
    "Å\u200dsa Lind",
    "ÅSA LIND",
    "Åsa Lind\u2060",
    "\u00adÅsa Lind",
    "Åsa\u3164Lind",
    "Åsa-Lind",
    "\u202eÅsa Lind",
]


def test_however_a_name_is_spelt_it_is_one() -> None:
    assert {name_key(shown(name)) for name in SPELLINGS} == {"åsa lind"}
    assert len(set(SPELLINGS)) == 12
    assert name_key("Aino") != name_key("Åino")
    assert name_key("O'Brien") == name_key("O’Brien")


def test_the_letters_of_another_alphabet_do_not_make_another_name() -> None:
    assert name_key("Аino") == name_key("Aino"), "the first letter is Cyrillic"
    assert name_key("Αino") == name_key("Aino"), "the first letter is Greek"
    assert name_key("Анна") == "анна", "a name that is Cyrillic stays so"


@pytest.mark.parametrize(
    "typed", ["\u200b", "\u2060", "\u00ad", "\u3164", "  ", "...", "\u0301", "\u200d", ""]
)
def test_what_cannot_be_seen_is_no_name(typed: str) -> None:
    assert fault_of(shown(typed)) == "name"


@pytest.mark.parametrize(
    "typed",
    ["Facilitator", "FACI\u200bLITATOR", "Fаcilitator", "Co-Facilitator", "  staff ", "Värd", "Tuomari"],
)
def test_nobody_is_called_like_those_who_run_it(typed: str) -> None:
    assert fault_of(shown(typed)) == "role"


def test_the_word_for_every_role_is_taken_in_every_language() -> None:
    plain = {"participant", "guest"} | GUESTS
    for language in LANGUAGES:
        words = load(language, Settings().templates)
        taken = {role: fault_of(shown(words.gettext(role_word(role)))) for role in ROLES - plain}
        assert taken == dict.fromkeys(taken, "role"), language


@pytest.mark.parametrize(
    "name",
    [
        "Åsa",
        "Ng",
        "李",
        "José",
        "Аня",
        "سارا",
        "می‌خواهم",
        "O'Brien",
        "X Æ A-12",
        "👩‍🚀",
        "7",
        "Guest 12",
        "Host Müller",
    ],
)
def test_people_are_called_many_things(name: str) -> None:
    assert (shown(name), fault_of(shown(name))) == (name, "")


def test_marks_do_not_pile_up_and_long_is_sixty() -> None:
    assert len(shown("Z" + "\u0301" * 59)) <= 4
    assert fault_of("x" * 60) == ""
    assert fault_of("x" * 61) == "long"


def test_what_is_shown_is_shown_the_same_again() -> None:
    for name in SPELLINGS:
        assert shown(shown(name)) == shown(name)
