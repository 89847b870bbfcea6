"""Receipts: short codes that find one ballot and tell nothing of it."""

from __future__ import annotations

import re

import pytest

from sessions.receipts import read_receipt, receipt

MARKS = {"a": 2, "b": 1}


def test_a_receipt_is_twelve_characters_that_nobody_misreads() -> None:
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}", receipt("V", 1, MARKS))


def test_it_stays_the_same_whatever_order_the_form_had() -> None:
    assert receipt("V", 1, MARKS) == receipt("V", 1, {"b": 1, "a": 2}) == "BCWK-NPP2-WFKC"


def test_it_changes_with_the_phase_the_number_drawn_and_the_marks() -> None:
    others = [receipt("W", 1, MARKS), receipt("V", 2, MARKS), receipt("V", 1, {"a": 1, "b": 1})]
    assert len({receipt("V", 1, MARKS), *others}) == 4


def test_a_thousand_equal_ballots_have_a_thousand_receipts() -> None:
    assert len({receipt("V", nonce, MARKS) for nonce in range(1, 1001)}) == 1000


@pytest.mark.parametrize("typed", ["7K3M-QX9T-AB10", "7k3mqx9tab10", " 7K3M QX9T ABLO ", "7k3m-qx9t-abio"])
def test_it_is_read_in_any_spelling(typed: str) -> None:
    assert read_receipt(typed) == "7K3M-QX9T-AB10"


@pytest.mark.parametrize("typed", ["", "7K3M", "7K3M-QX9T-AB1", "7K3M-QX9T-AB1U", "7K3M-QX9T-AB101"])
def test_what_is_no_receipt_is_none(typed: str) -> None:
    assert read_receipt(typed) == ""
