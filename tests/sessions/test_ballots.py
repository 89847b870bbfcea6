"""Ways of voting: how a ballot is read, and what ballots add up to."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.arithmetic import ARITHMETICS, EXACT
from sessions.ballots import METHODS
from sessions.ballots_at_once import weights_of
from sessions.messages import Command, Refused

DOTS = {"dots": 3, "max_per_option": 2}
SCORE: dict[str, Any] = {"criteria": [{"id": "fit", "weight": 3}, {"id": "new"}]}


def read(method: str, rules: dict[str, Any], **fields: Any) -> Any:
    """The marks, or the reason for a refusal."""
    found = METHODS[method].read(Command("cast_ballot", "c1", "V", fields), rules)
    return found.reason if isinstance(found, Refused) else found


def points(method: str, rules: dict[str, Any], *ballots: Any) -> dict[str, Fraction]:
    return METHODS[method].points(ballots, [], rules, ARITHMETICS[EXACT])


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


# ---- in order

ORDERS = st.dictionaries(st.sampled_from("abcd"), st.integers(1, 9), min_size=1)


def placed(**places: object) -> dict[str, Any]:
    return {f"place-{option}": str(place) for option, place in places.items()}


def test_an_order_is_read_without_gaps_and_equal_places_stay_equal() -> None:
    assert read("rank", {}, **placed(a=1, b=1, c=4, d="")) == {"a": 1, "b": 1, "c": 2}
    assert read("rank", {}) == {}


@pytest.mark.parametrize("place", ["0", "-1", "first", "1.5", "100000"])
def test_a_place_is_a_whole_number(place: str) -> None:
    assert read("rank", {}, **placed(a=place)) == "bad_place"


def test_an_order_is_the_share_of_duels_won_and_what_has_no_place_comes_last() -> None:
    assert ranked({"a": 1, "b": 2}) == {
        "a": 100,
        "b": Fraction(200, 3),
        "c": Fraction(100, 6),
        "d": Fraction(100, 6),
    }
    assert ranked({"a": 1, "b": 1, "c": 2, "d": 3})["a"] == Fraction(500, 6)


def ranked(*ballots: dict[str, int]) -> dict[str, Fraction]:
    return METHODS["rank"].points(ballots, "abcd", {}, ARITHMETICS[EXACT])


@given(st.lists(ORDERS, min_size=1))
def test_every_ballot_weighs_the_same_however_few_it_places(ballots: list[dict[str, int]]) -> None:
    assert sum(ranked(*ballots).values()) == 200  # half of all duels, in percent, for four options


@given(ORDERS)
def test_what_was_read_is_a_ballot_and_an_order_with_gaps_is_none(places: dict[str, int]) -> None:
    marks = read("rank", {}, **placed(**places))
    assert METHODS["rank"].fits(marks, {})
    assert not METHODS["rank"].fits({option: place + 1 for option, place in marks.items()}, {})


def test_half_a_pair_does_not_count_where_two_things_are_weighed() -> None:
    two = {"criteria": [{"id": "x"}, {"id": "y"}]}
    assert points("score2d", two, {"a": {"x": 4, "y": 2}}, {"a": {"x": 5}, "b": {"y": 5}}) == {"a": 3}


def test_what_was_taken_off_the_list_leaves_the_others_in_their_order() -> None:
    """What has no place comes after what has one, also when most of what stood between is gone."""
    ballot = {"c": 1, "d": 2, "e": 3, "f": 4}
    assert METHODS["rank"].points([ballot], "abf", {}, ARITHMETICS[EXACT]) == {"a": 25, "b": 25, "f": 100}
