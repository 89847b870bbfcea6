"""What a browser need not be shown twice."""

from __future__ import annotations

from typing import Any

from sessions.activities import kinds
from tests.support.stage import phase, race48
from tests.support.traits import repeats, traits_of


def form(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"phase": list(rows)}


def test_a_phase_that_differs_in_numbers_and_texts_only_is_a_repeat() -> None:
    first = phase("vote", "A", who=["teams"], rules={"method": "dots", "dots": 3, "keep": "2*teams"})
    again = phase("vote", "B", who=["teams"], rules={"method": "dots", "dots": 5, "keep": "3"}, minutes=7)
    assert repeats(form(first, again)) == {"B"}


def test_a_phase_of_another_kind_rule_switch_or_audience_is_none() -> None:
    first = phase("vote", "A", who=["teams"], rules={"method": "dots", "blind": True})
    others = (
        {**first, "id": "B", "kind": "survey"},
        {**first, "id": "C", "rules": {"method": "score", "blind": True}},
        {**first, "id": "D", "rules": {"method": "dots", "blind": False}},
        {**first, "id": "E", "rules": {"method": "dots", "blind": True, "award": "jury"}},
        {**first, "id": "F", "who": ["teams", "staff"]},
    )
    for other in others:
        assert repeats(form(first, other)) == set()


def test_what_remains_of_a_race_has_every_kind_with_everybody_who_takes_part_in_it() -> None:
    whole = race48()
    left_out = repeats(whole)
    assert {"R14", "R18", "R20", "R21"} <= left_out
    remains = [row for row in whole["phase"] if row["id"] not in left_out]
    assert {row["kind"] for row in remains} <= set(kinds())
    assert {trait for row in remains for trait in traits_of(row)} == {
        trait for row in whole["phase"] for trait in traits_of(row)
    }
