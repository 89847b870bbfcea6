"""Two ways of counting means: exactly, and rounded as until release 1."""

from __future__ import annotations

from fractions import Fraction

import pytest

from sessions.arithmetic import ARITHMETICS, EXACT, ROUNDED, Arithmetic, arithmetic_of, shown

WEIGHTS = {"need": 25.0, "feasibility": 20.0}
BOTH = pytest.mark.parametrize("arithmetic", ARITHMETICS.values(), ids=ARITHMETICS)


@BOTH
def test_the_mean_is_weighted(arithmetic: Arithmetic) -> None:
    mean = arithmetic.mean_of_sheets([{"need": 5, "feasibility": 2}], WEIGHTS)
    assert shown(mean) == 3.6667


@BOTH
def test_a_sheet_that_lacks_a_criterion_has_no_mean(arithmetic: Arithmetic) -> None:
    with pytest.raises(KeyError):
        arithmetic.mean_of_sheets([{"need": 5}], WEIGHTS)


@BOTH
def test_the_mean_of_nothing_is_nought(arithmetic: Arithmetic) -> None:
    assert arithmetic.mean([]) == arithmetic.mean_of_sheets([], WEIGHTS) == 0


def test_exactly_counted_nothing_is_rounded() -> None:
    exact = ARITHMETICS[EXACT]
    assert exact.mean_of_sheets([{"need": 5, "feasibility": 2}], WEIGHTS) == Fraction(165, 45)
    assert exact.mean([Fraction(11, 3), Fraction(3)]) == Fraction(10, 3)


def test_exactly_counted_a_weight_is_the_decimal_that_the_format_writes() -> None:
    sheets = [{"need": 5, "feasibility": 2}]
    tenths, whole = {"need": 0.1, "feasibility": 0.2}, {"need": 1.0, "feasibility": 2.0}
    assert ARITHMETICS[EXACT].mean_of_sheets(sheets, tenths) == 3
    assert ARITHMETICS[EXACT].mean_of_sheets(sheets, whole) == 3


def test_rounded_every_mean_is_rounded_before_it_goes_on() -> None:
    rounded = ARITHMETICS[ROUNDED]
    assert rounded.mean([Fraction(3.6667), Fraction(3.0)]) == Fraction(3.3334)


def test_a_count_that_names_no_way_was_rounded() -> None:
    assert arithmetic_of({}) is ARITHMETICS[ROUNDED]
    assert arithmetic_of({"arithmetic": EXACT}) is ARITHMETICS[EXACT]
