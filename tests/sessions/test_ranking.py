"""Counting: places, what goes on, and a jury's standing."""

from __future__ import annotations

import operator
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.arithmetic import ARITHMETICS, ROUNDED
from sessions.ranking import (
    Keep,
    Standing,
    chosen,
    expected_teams,
    head_to_head,
    places,
    rank_points,
    ranking,
    read_keep,
    standings,
)

WEIGHTS = {"need": 25.0, "feasibility": 20.0}


def kept(points: dict[str, float], keep: int, ties: str = "keep", **more: object) -> list[str]:
    """What goes on of options a, b, c … in that order."""
    options = sorted(points)
    ranked = places(points, options, strict=ties == "earliest")
    return sorted(chosen(ranked, points, Keep(keep, keep), ties, **more))  # type: ignore[arg-type]  # test's own words


@pytest.mark.parametrize(
    ("rule", "keep"),
    [
        ("3", Keep(3, 3)),
        ("2*teams", Keep(16, 16)),
        ("2 * teams", Keep(16, 16)),
        ("1-3 per team", Keep(1, 3, True)),
        ("2 per team", Keep(2, 2, True)),
    ],
)
def test_a_format_says_in_words_how_many_go_on(rule: str, keep: Keep) -> None:
    assert read_keep(rule, teams=8) == keep


def test_other_words_are_an_error_that_names_them() -> None:
    with pytest.raises(ValueError, match="'the best'"):
        read_keep("the best", 8)


@pytest.mark.parametrize(("teams", "people", "expected"), [(7, 53, 7), (0, 53, 11), (0, 12, 2), (0, 0, 2)])
def test_before_teams_are_formed_five_people_make_one(teams: int, people: int, expected: int) -> None:
    assert expected_teams(teams, people) == expected


def test_equal_points_share_a_place_and_the_next_place_stays_empty() -> None:
    assert places({"a": 2, "b": 5, "c": 5}, "abcd") == [("b", 1), ("c", 1), ("a", 3), ("d", 4)]


def test_strictly_the_earlier_of_two_equals_stands_first() -> None:
    assert places({"a": 2, "b": 5, "c": 5}, "abc", strict=True) == [("b", 1), ("c", 2), ("a", 3)]


def test_the_best_go_on() -> None:
    assert kept({"a": 1, "b": 3, "c": 2}, 2) == ["b", "c"]


@pytest.mark.parametrize(
    ("ties", "going"),
    [("keep", ["a", "b", "c"]), ("shared", ["a", "b", "c"]), ("earliest", ["a", "b"]), ("decider", ["a"])],
)
def test_what_becomes_of_a_tie_at_the_cut_is_the_formats_choice(ties: str, going: list[str]) -> None:
    assert kept({"a": 5, "b": 2, "c": 2, "d": 1}, 2, ties) == going


def test_a_tie_above_the_cut_needs_no_decider() -> None:
    assert kept({"a": 5, "b": 5, "c": 2}, 2, "decider") == ["a", "b"]


def test_what_got_nothing_does_not_go_on_even_if_there_is_room() -> None:
    assert kept({"a": 5, "b": 0}, 2) == ["a"]


def test_the_next_best_takes_the_room_of_a_barred_option() -> None:
    assert kept({"a": 5, "b": 4, "c": 3}, 2, barred={"a"}) == ["b", "c"]


@pytest.mark.parametrize(
    ("points", "going"),
    [
        ({"a": 4.0, "b": 3.0, "c": 2.9}, ["a", "b"]),
        ({"a": 4.0, "b": 3.5, "c": 3.2, "d": 3.1}, ["a", "b", "c"]),
        ({"a": 2.0, "b": 1.5}, ["a"]),
    ],
)
def test_below_the_threshold_only_as_many_go_on_as_must(points: dict[str, float], going: list[str]) -> None:
    ranked = places(points, points)
    assert sorted(chosen(ranked, points, Keep(1, 3), threshold=3.0)) == going


def test_each_team_has_a_ranking_of_its_own() -> None:
    result = ranking({"a": 5, "b": 4, "c": 1}, {"a": "t1", "b": "t1", "c": "t2"}, Keep(1, 1, True))
    assert [(r.option, r.place, r.kept, r.team) for r in result] == [
        ("a", 1, True, "t1"),
        ("b", 2, False, "t1"),
        ("c", 1, True, "t2"),
    ]


def test_a_team_that_gave_no_points_keeps_its_earliest_idea() -> None:
    result = ranking({"a": 5}, {"a": "t1", "b": "t2", "c": "t2"}, Keep(1, 3, True))
    assert [r.option for r in result if r.kept] == ["a", "b"]


def test_an_earliest_idea_that_is_barred_leaves_its_place_to_the_next() -> None:
    result = ranking({}, {"b": "t2", "c": "t2"}, Keep(1, 3, True), barred={"b"})
    assert [r.option for r in result if r.kept] == ["c"]


def test_without_teams_nobody_voted_means_that_nothing_goes_on() -> None:
    assert [r.kept for r in ranking({}, {"a": "", "b": ""}, Keep(1, 1))] == [False, False]


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 5)), st.integers(1, 8))
def test_whoever_goes_on_has_at_least_as_many_points_as_whoever_does_not(
    points: dict[str, int], keep: int
) -> None:
    result = ranking({o: float(n) for o, n in points.items()}, dict.fromkeys(points, ""), Keep(keep, keep))
    out = max((r.points for r in result if not r.kept), default=0.0)
    assert all(r.points > out or r.points == out == 0.0 for r in result if r.kept)


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 5)), st.permutations("abcdefgh"))
def test_the_order_in_which_options_are_listed_changes_no_shared_place(
    points: dict[str, int], order: list[str]
) -> None:
    given_points = {option: float(number) for option, number in points.items()}
    assert dict(places(given_points, order)) == dict(places(given_points, sorted(order)))


# ---- a jury's sheets


def means_of(**means: int) -> dict[str, Fraction]:
    return {entry: Fraction(value) for entry, value in means.items()}


def test_a_jurors_best_three_get_three_two_and_one() -> None:
    assert rank_points(means_of(a=2, b=5, c=4, d=1)) == {"b": 3, "c": 2, "a": 1, "d": 0}


def test_equals_share_what_their_places_give() -> None:
    assert rank_points(means_of(a=4, b=4, c=3, d=3)) == {"a": 2.5, "b": 2.5, "c": 0.5, "d": 0.5}


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(1, 5), min_size=3))
def test_a_juror_gives_six_rank_points_whatever_the_scores(means: dict[str, int]) -> None:
    assert sum(rank_points({entry: Fraction(value) for entry, value in means.items()}).values()) == 6


def test_head_to_head_asks_only_jurors_who_scored_both() -> None:
    sheets = {"a": {"ada": 4.0, "ben": 2.0}, "b": {"ada": 3.0, "cid": 5.0}}
    assert head_to_head("a", "b", sheets) == 1


def sheet(need: int, feasibility: int) -> dict[str, float]:
    return {"need": need, "feasibility": feasibility}


def order(
    sheets: dict[str, dict[str, dict[str, float]]], *ties: str, decided: object = ()
) -> list[tuple[str, int, str]]:
    """Entry, place, and the rule that parted it."""
    found = standings(sheets, {"need": 1.0, "feasibility": 1.0}, ties, decided)  # type: ignore[arg-type]  # pairs
    return [(s.entry, s.place, s.by) for s in found]


def test_the_standing_shows_mean_rank_points_jurors_and_spread() -> None:
    sheets = {"e1": {"ada": sheet(5, 3), "ben": sheet(3, 3)}, "e2": {"ada": sheet(1, 1)}}
    assert standings(sheets, {"need": 1.0, "feasibility": 1.0}) == [
        Standing("e1", 1, 3.5, 6.0, 2, 1.0),
        Standing("e2", 2, 1.0, 2.0, 1, 0.0),
    ]


def test_an_entry_without_sheets_has_no_place() -> None:
    assert order({"e1": {"ada": sheet(1, 1)}, "e2": {}}) == [("e1", 1, "")]


EQUAL = {"e1": {"ada": sheet(2, 4)}, "e2": {"ada": sheet(4, 2)}}


def test_equal_means_are_parted_by_the_first_criterion_that_differs() -> None:
    assert order(EQUAL, "need", "feasibility") == [("e2", 1, "need"), ("e1", 2, "need")]


def test_without_a_rule_that_parts_them_they_share_the_place() -> None:
    assert order(EQUAL) == [("e1", 1, "shared"), ("e2", 1, "shared")]


TWINS = {
    "e1": {"ada": sheet(5, 3), "ben": sheet(3, 3), "cid": sheet(3, 3)},
    "e2": {"ada": sheet(1, 3), "ben": sheet(5, 3), "cid": sheet(5, 3)},
}


def test_then_the_majority_of_jurors_decides_between_them() -> None:
    assert order(TWINS, "need", "feasibility", "head_to_head") == [
        ("e2", 1, "head_to_head"),
        ("e1", 2, "head_to_head"),
    ]


THIRDS = {"need": 1.0, "feasibility": 1.0, "team": 1.0}
TEN_THIRDS = {
    "e1": {"ada": {"need": 4, "feasibility": 3, "team": 3}},
    "e2": {"ada": {"need": 5, "feasibility": 5, "team": 1}, "ben": {"need": 3, "feasibility": 3, "team": 3}},
}
"""Both come to 10/3: as one sheet's mean, and as the mean of 11/3 and 3."""


def test_entries_with_the_same_exact_mean_are_equal_and_the_rules_for_ties_are_asked() -> None:
    rounded = standings(TEN_THIRDS, THIRDS, ("need",), arithmetic=ARITHMETICS[ROUNDED])
    assert [(row.entry, row.mean, row.by) for row in rounded] == [("e2", 3.3334, ""), ("e1", 3.3333, "")]
    exact = standings(TEN_THIRDS, THIRDS, ("need",))
    assert [(row.entry, row.mean, row.by) for row in exact] == [
        ("e1", 3.3333, "shared"),
        ("e2", 3.3333, "shared"),
    ]


@given(
    st.lists(st.lists(st.tuples(*[st.integers(1, 5)] * 3), min_size=1, max_size=6), min_size=2, max_size=5),
    st.tuples(*[st.sampled_from((0.1, 0.25, 1.0, 3.0, 20.0, 33.3))] * 3),
)
def test_a_place_is_shared_just_when_the_means_are_equal(
    entries: list[list[tuple[int, ...]]], weighing: tuple[float, ...]
) -> None:
    names = list(THIRDS)
    sheets = {
        f"e{n}": {f"j{m}": dict(zip(names, scores, strict=True)) for m, scores in enumerate(sheets)}
        for n, sheets in enumerate(entries)
    }
    weights = [Fraction(str(weight)) for weight in weighing]
    exact = {
        f"e{n}": sum(sum(map(operator.mul, scores, weights)) / sum(weights) for scores in sheets)
        / len(sheets)
        for n, sheets in enumerate(entries)
    }
    better = {e: 1 + sum(other > mean for other in exact.values()) for e, mean in exact.items()}
    found = standings(sheets, dict(zip(names, weighing, strict=True)))
    assert {row.entry: row.place for row in found} == better


SAME = {"e1": {"ada": sheet(3, 3)}, "e2": {"ada": sheet(3, 3)}, "e3": {"ada": sheet(3, 3)}}


def test_then_the_chair_does() -> None:
    decided = {("e2", "e1"), ("e2", "e3")}
    assert order(SAME, "need", "head_to_head", "chair", decided=decided) == [
        ("e2", 1, "chair"),
        ("e1", 2, "shared"),
        ("e3", 2, "shared"),
    ]


def test_what_the_chair_decided_does_not_move_entries_that_are_not_equal() -> None:
    assert order(EQUAL, "need", "chair", decided={("e1", "e2")}) == [("e2", 1, "need"), ("e1", 2, "need")]


def test_of_three_equals_a_rule_may_part_one_and_the_next_rule_the_others() -> None:
    sheets = {
        "e1": {"ada": sheet(2, 4), "ben": sheet(3, 3)},
        "e2": {"ada": sheet(3, 3), "ben": sheet(2, 4)},
        "e3": {"ada": sheet(4, 2), "ben": sheet(3, 3)},
    }
    assert order(sheets, "need", "chair", decided={("e2", "e1")}) == [
        ("e3", 1, "need"),
        ("e2", 2, "chair"),
        ("e1", 3, "chair"),
    ]
