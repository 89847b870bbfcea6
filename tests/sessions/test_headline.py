"""Headlines: one line that stands for what people wrote, whatever they wrote."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.headline import MOST, headline, headline_of, says_more

LINK = "https://www.example.org/" + "a" * 216


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("   \n ", ""),
        ("Hoses freeze.", "Hoses freeze."),
        ("Hoses freeze. Nobody wakes up.", "Hoses freeze."),
        ("Varastossa 20 m3 haketta. Auto tulee 1.9. aamulla.", "Varastossa 20 m3 haketta."),
        ("Esim. konalantiellä on 20 merkkiä. Ne ovat vinossa.", "Esim. konalantiellä on 20 merkkiä."),
        ("Auki 1.9.-30.4. klo 16. Ilmainen.", "Auki 1.9.-30.4. klo 16."),
        ("Varför? Ingen vet.", "Varför? Ingen vet."),
        ("Hei! Ulkosali puistoon. Kiitos.", "Hei! Ulkosali puistoon."),
        ("- Lisää penkkejä\n- Puita torille", "Lisää penkkejä"),
        ("Bikepark\nmäkeen", "Bikepark"),
        ("Hän sanoi: ”Ei käy.” Sitten lähti.", "Hän sanoi: ”Ei käy.”"),
    ],
)
def test_the_first_sentence_stands_for_a_text(text: str, shown: str) -> None:
    assert headline(text) == shown


def test_what_is_too_long_is_cut_at_a_word_with_an_ellipsis() -> None:
    text = "Tuorinniemen skeittipuiston vieressä on pieni hiekkakenttä, jota ei koskaan käytetä mihinkään muuhun."
    assert (
        headline(text)
        == "Tuorinniemen skeittipuiston vieressä on pieni hiekkakenttä, jota ei koskaan käytetä…"
    )


def test_a_link_is_cut_where_the_line_ends() -> None:
    assert headline(LINK) == f"{LINK[: MOST - 1]}…"
    assert headline(f"Katso {LINK}") == f"Katso {LINK}"[: MOST - 1] + "…"


def test_an_accent_stays_with_its_letter() -> None:
    assert headline("e\u0301" * 100) == "e\u0301" * 44 + "…"


def test_the_authors_own_headline_goes_before_the_text() -> None:
    assert headline_of({"headline": " Warm  hoses ", "text": "They freeze."}, "They freeze.") == "Warm hoses"
    assert headline_of({"text": "They freeze."}, "They freeze.") == "They freeze."
    assert headline_of({"headline": ""}, "They freeze.") == "They freeze."


def test_there_is_more_to_read_only_where_the_headline_does_not_say_it_all() -> None:
    assert not says_more("Hoses freeze.", headline("Hoses freeze."))
    assert not says_more("", "Warm hoses")
    assert says_more("Hoses freeze. Nobody wakes up.", headline("Hoses freeze. Nobody wakes up."))
    assert says_more("Hoses freeze.", "Warm hoses")


@given(st.text(max_size=400))
def test_a_headline_is_one_line_that_fits_and_says_something(text: str) -> None:
    shown = headline(text)
    assert len(shown) <= MOST
    assert shown == " ".join(shown.split())
    assert bool(shown) == bool(text.split())
