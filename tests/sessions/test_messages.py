"""Commands: what a sender's fields come to, whatever was in them."""

from __future__ import annotations

import sys

import pytest

from sessions.messages import UNSEEN, Command, clean, refuse


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("  heat \t", "heat"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("a\tb", "a\tb"),
        ("a\x00b\x1bc\x7fd", "abcd"),
        ("a\x85b\x9bc", "abc"),
        ("a\u2028b\u2029c", "abc"),
        ("\u202eevil\u2066", "evil"),
        ("\x00 \x07", ""),
        ("värme 雪 👷🏽\u200d♀️ é", "värme 雪 👷🏽\u200d♀️ é"),
    ],
)
def test_clean_text_has_line_ends_of_one_kind_and_no_control_characters(raw: str, kept: str) -> None:
    assert clean(raw) == kept


def test_what_is_cleaned_away_is_never_printable() -> None:
    """Printable text is taken as it is."""
    unseen = [char for char in map(chr, range(sys.maxunicode + 1)) if UNSEEN.match(char) or char in "\r\n"]
    assert len(unseen) > 60
    assert [char for char in unseen if char.isprintable()] == []


def test_cleaning_twice_changes_nothing_more() -> None:
    once = clean("\x00 \u2028 a \x9f\r")
    assert clean(once) == once == "a"


def test_a_fields_text_is_its_first_value() -> None:
    command = Command("x", "1", "", {"one": " a ", "many": [" b", "c"], "none": []})
    assert [command.text(name) for name in ("one", "many", "none", "missing")] == ["a", "b", "", ""]


def test_all_values_come_in_the_order_sent_without_the_empty_ones() -> None:
    command = Command("x", "1", "", {"one": " a ", "many": ["c", " ", "b\x00", "c"], "empty": ""})
    assert [command.all(name) for name in ("one", "many", "empty", "missing")] == [
        ("a",),
        ("c", "b", "c"),
        (),
        (),
    ]


def test_a_refusal_carries_what_fills_its_sentence() -> None:
    no = refuse("too_long", "{count} and {limit} fit.", count=9, limit=5)
    assert (no.reason, no.text.format(**no.params)) == ("too_long", "9 and 5 fit.")
