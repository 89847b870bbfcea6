import random
from collections import Counter

import pytest

from app.rehearsal.cast import FEWEST, cast
from app.rehearsal.words import Words


def test_the_same_seed_brings_the_same_people() -> None:
    assert cast(53, 1) == cast(53, 1)
    assert cast(53, 1) != cast(53, 2)


@pytest.mark.parametrize(("people", "experts"), [(FEWEST, 1), (53, 4), (1000, 50)])
def test_a_race_has_its_staff_its_jury_and_its_experts(people: int, experts: int) -> None:
    parts = cast(people, 1)
    roles = Counter(part.role for part in parts)
    assert parts[0].role == "facilitator"
    assert roles["jury_chair"] + roles["juror"] >= 3
    assert roles["expert"] == experts
    assert roles["participant"] >= people // 3
    assert len({part.name for part in parts}) == people


def test_three_languages_are_spoken() -> None:
    assert {part.language for part in cast(FEWEST, 1)} == {"en", "sv", "fi"}


def test_too_few_people_make_no_race() -> None:
    with pytest.raises(ValueError, match="at least 12"):
        cast(FEWEST - 1, 1)


@pytest.mark.parametrize("language", ["en", "sv", "fi"])
@pytest.mark.parametrize("limit", [20, 100, 300, 1500])
def test_words_fit(language: str, limit: int) -> None:
    words = Words(language, random.Random(1))
    assert all(0 < len(words.fitting(limit)) <= limit for _ in range(50))
