"""The cast follows the format: who is named is there, and nobody whom no phase needs."""

from __future__ import annotations

from collections import Counter

import pytest

from app.rehearsal.casting import TooFew, cast_for, fewest
from sessions.format import Format, read_format
from tests.support.stage import phase, race48, words


def of(*rows: dict[str, object]) -> Format:
    return read_format({"key": "small", "title": words("Small"), "phase": list(rows)})


def roles(programme: Format, people: int) -> Counter[str]:
    return Counter(part.role for part in cast_for(programme, people, 1))


RACE = read_format(race48())


@pytest.mark.parametrize(("people", "experts"), [(12, 1), (53, 4), (1000, 50)])
def test_a_race_has_its_staff_its_jury_and_its_experts(people: int, experts: int) -> None:
    there = roles(RACE, people)
    assert (there["facilitator"], there["co_facilitator"], there["jury_chair"]) == (1, 1, 1)
    assert there["jury_chair"] + there["juror"] >= 3
    assert there["expert"] == experts
    assert there["night_host"] >= 1
    assert there["participant"] >= people // 3
    assert there.total() == people


def test_where_there_is_room_everybody_comes_whom_a_phase_names() -> None:
    assert {"host", "business_developer", "guest"} & roles(RACE, 12).keys() == set()
    assert {"host", "business_developer", "guest"} <= roles(RACE, 20).keys()


def test_a_format_without_a_jury_casts_no_jury() -> None:
    meal = phase("pause", rules={"reason": "meal"}, who=["everyone"])
    assert roles(of(meal), 8) == {"facilitator": 1, "participant": 7}
    night = phase("pause", "P2", rules={"reason": "night"}, who=["everyone"])
    assert roles(of(meal, night), 8)["night_host"] == 1


def test_a_jury_is_as_large_as_its_rules_ask() -> None:
    jury = phase("jury", who=["jury"], rules={"rubric": "default5", "min_jurors": 5})
    assert roles(of(jury), 20)["juror"] == 4


def test_too_few_people_are_told_how_many_it_takes() -> None:
    assert fewest(RACE) == 12
    with pytest.raises(TooFew, match="race48 takes at least 12"):
        cast_for(RACE, 11, 1)
