"""A vote's result: counted from ballots, changed by hand, counted again."""

from __future__ import annotations

from typing import Any

from sessions.result import Result, count, differences

RULES = {"method": "dots", "dots": 3}
BALLOTS = [{"a": 2, "b": 1}, {"b": 1, "c": 1}]


def basis(**changes: Any) -> dict[str, Any]:
    return {
        "teams": dict.fromkeys("abcd", ""),
        "keep": [1, 1, False],
        "stopped": [],
        **changes,
    }


def result(valid: bool = True) -> Result:
    return Result({**basis(), "valid": valid, "ranking": count(RULES, BALLOTS, basis())})


def rows(found: list[dict[str, Any]]) -> list[tuple[str, int, float, bool]]:
    return [(row["option"], row["place"], row["points"], row["kept"]) for row in found]


def test_every_option_has_a_row_best_first() -> None:
    assert rows(count(RULES, BALLOTS, basis())) == [
        ("a", 1, 2.0, True),
        ("b", 1, 2.0, True),
        ("c", 3, 1.0, False),
        ("d", 4, 0.0, False),
    ]


def test_options_that_are_gone_do_not_count() -> None:
    found = count(RULES, BALLOTS, basis(teams={"b": "", "c": ""}))
    assert rows(found) == [("b", 1, 2.0, True), ("c", 2, 1.0, False)]


def test_a_count_from_the_same_ballots_in_another_order_differs_in_nothing() -> None:
    other = count(RULES, BALLOTS[::-1], basis())
    assert differences(count(RULES, BALLOTS, basis()), other) == []


def test_a_difference_names_the_option_and_both_rows() -> None:
    stored, again = count(RULES, BALLOTS, basis()), count(RULES, [*BALLOTS, {"c": 1}], basis())
    assert [text.split(" is ")[0] for text in differences(stored, again)] == ["c"]


def test_a_change_by_hand_moves_one_option_and_keeps_the_count() -> None:
    found = result()
    found.change("d", {"kept": True, "place": 2, "reason": "Counted on paper"})
    assert [(row.option, row.place, row.points, row.kept) for row in found.rows] == [
        ("a", 1, 2.0, True),
        ("b", 1, 2.0, True),
        ("d", 2, 0.0, True),
        ("c", 3, 1.0, False),
    ]


def test_two_changes_of_one_option_add_up() -> None:
    found = result()
    found.change("d", {"kept": True, "reason": "one"})
    found.change("d", {"place": 2, "reason": "two"})
    assert [(row.place, row.kept) for row in found.rows if row.option == "d"] == [(2, True)]


def test_with_too_few_ballots_nothing_stands_until_somebody_decides() -> None:
    undecided, decided = result(valid=False), result(valid=False)
    decided.change("c", {"kept": True, "reason": "The host decides"})
    assert undecided.standing == ()
    assert [row.option for row in decided.standing if row.kept] == ["c"]
