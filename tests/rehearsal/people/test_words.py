import random

import pytest

from app.rehearsal.people.words import Words

LANGUAGES = pytest.mark.parametrize("language", ["en", "sv", "fi"])


@LANGUAGES
@pytest.mark.parametrize("limit", [20, 100, 300, 1500])
def test_words_fit(language: str, limit: int) -> None:
    words = Words(language, random.Random(1))
    assert all(0 < len(words.fitting(limit)) <= limit for _ in range(50))


@LANGUAGES
def test_few_needs_and_ideas_are_said_twice_and_some_are_long(language: str) -> None:
    words = Words(language, random.Random(1))
    needs = [words.situation() for _ in range(200)]
    assert len(set(needs)) > 190
    assert len({words.idea() for _ in range(200)}) > 160
    lengths = [len(words.fitting(1500)) for _ in range(200)]
    assert min(lengths) < 100 < 400 < max(lengths)


@pytest.mark.parametrize("language", ["sv", "fi"])
def test_nordic_letters_are_written(language: str) -> None:
    words = Words(language, random.Random(1))
    assert set("äö") <= set("".join(words.situation() for _ in range(20)))


@LANGUAGES
def test_nobody_says_the_same_twice(language: str) -> None:
    words = Words(language, random.Random(1))
    for say in (words.idea, words.situation, words.remark):
        assert len({say() for _ in range(300)}) == 300
