"""Ways of voting: how a ballot is read, and what ballots add up to."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.arithmetic import ARITHMETICS, EXACT
from sessions.ballots import METHODS, weights_of
from sessions.messages import Command, Refused

DOTS = {"dots": 3, "max_per_option": 2}
SCORE: dict[str, Any] = {"criteria": [{"id": "fit", "weight": 3}, {"id": "new"}]}


def read(method: str, rules: dict[str, Any], **fields: Any) -> Any:
    """The marks, or the reason for a refusal."""
    found = METHODS[method].read(Command("cast_ballot", "c1", "V", fields), rules)
    return found.reason if isinstance(found, Refused) else found


def points(method: str, rules: dict[str, Any], *ballots: Any) -> dict[str, Fraction]:
    return METHODS[method].points(ballots, rules, ARITHMETICS[EXACT])


def test_dots_are_counted_for_each_option() -> None:
    assert read("dots", DOTS, option=["a", "b", "a"]) == {"a": 2, "b": 1}


@pytest.mark.parametrize(
    ("options", "reason"), [(["a", "a", "b", "b"], "too_many_dots"), (["a", "a", "a"], "too_many_on_one")]
)
def test_a_purse_has_a_bottom(options: list[str], reason: str) -> None:
    assert read("dots", DOTS, option=options) == reason


def test_without_a_limit_for_one_option_all_dots_may_lie_on_it() -> None:
    assert read("dots", {"dots": 3}, option=["a", "a", "a"]) == {"a": 3}


def test_dots_add_up() -> None:
    assert points("dots", DOTS, {"a": 2, "b": 1}, {"a": 1}) == {"a": 3.0, "b": 1.0}


@given(st.lists(st.dictionaries(st.sampled_from("abcd"), st.integers(1, 3))))
def test_no_dot_is_lost(ballots: list[dict[str, int]]) -> None:
    assert sum(points("dots", DOTS, *ballots).values()) == sum(sum(ballot.values()) for ballot in ballots)


def test_an_option_is_approved_once_however_often_it_is_sent() -> None:
    assert read("approval", {}, option=["a", "a", "b"]) == {"a": 1, "b": 1}


def test_scores_are_read_by_option_and_criterion() -> None:
    sent = {"score-Ic1-fit": "4", "score-Ic1-new": "2", "score-Ic2-fit": ""}
    assert read("score", SCORE, **sent) == {"Ic1": {"fit": 4, "new": 2}}


def test_a_score_is_the_weighted_mean_of_complete_ballots() -> None:
    ballots = ({"a": {"fit": 5, "new": 1}}, {"a": {"fit": 3, "new": 3}}, {"a": {"fit": 1}})
    assert points("score", SCORE, *ballots) == {"a": 3.5}


def test_scores_that_come_to_the_same_thirds_are_equal() -> None:
    rules = {"criteria": [{"id": "fit"}, {"id": "new"}, {"id": "team"}]}
    one = {"a": {"fit": 4, "new": 3, "team": 3}}
    other = ({"b": {"fit": 5, "new": 5, "team": 1}}, {"b": {"fit": 3, "new": 3, "team": 3}})
    assert points("score", rules, one, *other) == {"a": Fraction(10, 3), "b": Fraction(10, 3)}


def test_criteria_without_a_weight_weigh_the_same() -> None:
    assert weights_of(SCORE["criteria"]) == {"fit": 3.0, "new": 1.0}


def test_an_option_is_one_row_or_one_for_each_criterion() -> None:
    assert [METHODS[m].rows("a", SCORE) for m in ("dots", "approval", "score")] == [
        ["a"],
        ["a"],
        ["a-fit", "a-new"],
    ]


def test_ticks_say_how_many_boxes_of_a_row_are_ticked() -> None:
    assert METHODS["dots"].ticks({"a": 2, "b": 1}) == ["a", "a", "b"]
    assert METHODS["approval"].ticks({"a": 1}) == ["a"]
    assert METHODS["score"].ticks({"a": {"fit": 2, "new": 1}}) == ["a-fit", "a-fit", "a-new"]
