"""Alone, two, four, all: the clock, who is with whom, and when everybody sees the cards."""

from __future__ import annotations

from typing import Any

import pytest

from sessions.activities.collect import Collect
from sessions.format_faults import findings
from tests.support.look import drawn_by, page
from tests.support.stage import Stage, made_up, phase, words

RULES = {"fields": ["text"], "columns": ["idea"], "together": [1, 2, 4, 5]}


def room(people: int = 8) -> Stage:
    names = dict.fromkeys([f"p{n}" for n in range(people)], "participant")
    stage = Stage(
        phase("collect", "P1", who=["participant"], rules=RULES), phase("pause", "P2"), form=None, **names
    )
    stage.open("P1")
    return stage


def collect_of(stage: Stage) -> Collect:
    activity = stage.session.agenda.phases["P1"].activity
    assert isinstance(activity, Collect)
    return activity


def groups(stage: Stage) -> list[set[str]]:
    return [set(group) for group in collect_of(stage).state.together]


def html(stage: Stage, view: str, person: str, language: str = "en") -> str:
    return page(drawn_by(), stage, view, person, language)


@pytest.mark.parametrize(
    ("people", "twos", "fours"),
    [
        (8, [2, 2, 2, 2], [4, 4]),
        (7, [2, 2, 3], [3, 4]),
        (9, [2, 2, 2, 3], [4, 5]),
        (2, [2], [2]),
        (1, [1], [1]),
    ],
)
def test_pairs_are_drawn_and_stay_together_in_the_fours(
    people: int, twos: list[int], fours: list[int]
) -> None:
    stage = room(people)
    stage.ok("next_stage", "kim", "P1")
    pairs = groups(stage)
    assert sorted(map(len, pairs)) == twos
    stage.ok("next_stage", "kim", "P1")
    assert sorted(map(len, groups(stage))) == fours
    assert all(any(pair <= four for four in groups(stage)) for pair in pairs)
    assert set().union(*groups(stage)) == {f"p{n}" for n in range(people)}


def test_the_clock_goes_from_stage_to_stage_and_at_the_end_all_see_the_cards() -> None:
    stage = room()
    stage.ok("add_card", "p0", "P1", text="Snow on the roof")
    began = []
    for minutes in (0.5, 1, 2, 4):
        stage.after(minutes)
        began.append((collect_of(stage).state.stage, "Snow on the roof" in html(stage, "phone", "p1")))
    assert began == [(0, False), (1, False), (2, False), (3, True)]
    assert not list(collect_of(stage).deadlines())
    assert stage.no("next_stage", "kim", "P1") == "no_stage"


def test_a_phone_says_with_whom_and_who_comes_late_is_told_what_to_do() -> None:
    stage = room()
    stage.ok("next_stage", "kim", "P1")
    stage.join("late", "participant")
    assert "Du är i par med" in html(stage, "phone", "p0", "sv")
    assert "Nyt kaksi." in html(stage, "screen", "kim", "fi")
    assert "You came after the draw" in html(stage, "phone", "late")
    stage.ok("next_stage", "kim", "P1")
    assert any("late" in group for group in groups(stage))


@pytest.mark.parametrize(
    ("rules", "fault"),
    [
        ({"together": [1, 2]}, "together takes four numbers"),
        ({"together": [1, 2, 4, 5], "silent_minutes": 3}, "silent_minutes go"),
    ],
)
def test_what_does_not_go_together_is_a_fault_of_the_format(rules: dict[str, Any], fault: str) -> None:
    rows = [phase("collect", "N", rules={"columns": ["idea"], **rules})]
    found = findings({**made_up(), "title": words("Test"), "phase": rows})
    assert any(fault in str(finding) for finding in found if finding.grave), found
