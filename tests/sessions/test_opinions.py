"""Groups of opinion, options compared two by two, and cards in rounds: found where they are, and not where chance alone
plays; the same whatever order ballots come in."""

from __future__ import annotations

import random
from collections.abc import Sequence
from math import exp

from sessions import card_rounds, duels
from sessions.arithmetic import ARITHMETICS, EXACT
from sessions.ballots import METHODS, Marks
from sessions.opinions import groups

STATEMENTS = [f"s{n:02d}" for n in range(24)]
OPTIONS = [f"o{n:02d}" for n in range(10)]


def room(
    seed: int, camps: int, sure: float = 0.9, people: int = 60
) -> tuple[list[dict[str, int]], list[int]]:
    """Votes, and the camp of each voter: a third of the statements are common to all; each camp is for or against the
    others by chance."""
    chance = random.Random(seed)
    common = [chance.uniform(0.2, 0.8) for _ in STATEMENTS]
    views = [[sure if chance.random() < 0.5 else 1 - sure for _ in STATEMENTS] for _ in range(camps)]
    for view in views:
        view[:8] = common[:8]
    if camps == 1:
        views = [common]
    votes = []
    for person in range(people):
        view = views[person % camps]
        votes.append(
            {
                statement: 0 if chance.random() < 0.15 else 1 if chance.random() < likes else -1
                for statement, likes in zip(STATEMENTS, view, strict=True)
            }
        )
    return votes, [person % camps for person in range(people)]


def test_votes_by_chance_make_no_groups() -> None:
    found = [bool(groups(room(seed, 1)[0], STATEMENTS)[0]) for seed in range(9000, 9010)]
    assert sum(found) <= 1


def test_who_says_yes_to_everything_is_no_camp() -> None:
    chance = random.Random(3)
    votes = [
        {s: 1 if chance.random() < (0.9 if person < 20 else 0.3) else -1 for s in STATEMENTS}
        for person in range(40)
    ]
    assert groups(votes, STATEMENTS)[0] == []


def test_two_camps_are_found_with_nearly_everybody_in_their_own() -> None:
    for seed in range(6000, 6002):
        votes, camp = room(seed, 2)
        found, said = groups(votes, STATEMENTS)
        assert (said, len(found)) == ("", 2)
        right = max(
            sum(camp[n] == side for n in found[0]) + sum(camp[n] != side for n in found[1]) for side in (0, 1)
        )
        assert right >= 57


def test_too_few_votes_people_or_statements_are_said_to_be_few() -> None:
    votes, _ = room(1, 2)
    thin = [dict(list(vote.items())[:11]) for vote in votes]
    for few, of in ((votes[:9], STATEMENTS), (votes, STATEMENTS[:11]), (thin, STATEMENTS), ([], STATEMENTS)):
        assert groups(few, of) == ([], "few")


def test_the_order_of_ballots_changes_nothing() -> None:
    votes, _ = room(3, 2, people=24)
    chosen = [ballot(seed) for seed in range(12)]
    rows: list[tuple[str, Sequence[Marks], list[str]]] = [
        ("agree", votes, STATEMENTS),
        ("pairwise", chosen, OPTIONS),
    ]
    for method, cast, options in rows:
        other = list(cast)
        random.Random(1).shuffle(other)
        told = [METHODS[method].found(each, options, {}) for each in (cast, other)]
        points = [METHODS[method].points(each, options, {}, ARITHMETICS[EXACT]) for each in (cast, other)]
        assert (told[0], points[0]) == (told[1], points[1]), method


# ---- two by two


def ballot(seed: int, flat: bool = False) -> dict[str, dict[str, int]]:
    """Ten choices of somebody; what has a smaller number is better, unless all are equal."""
    chance = random.Random(seed)
    marks: dict[str, dict[str, int]] = {}
    for one, other in duels.deal(OPTIONS, {}, "v", 10, seed):
        low, high = sorted((one, other))
        likes = 0.5 if flat else 1 / (1 + exp(OPTIONS.index(low) - OPTIONS.index(high)))
        marks.setdefault(low, {})[high] = 1 if chance.random() < likes else -1
    return marks


def test_what_is_better_is_stronger_and_equal_ones_are_not_told_apart() -> None:
    found = METHODS["pairwise"].found([ballot(seed) for seed in range(20)], OPTIONS, {})["options"]
    order = sorted(OPTIONS, key=lambda option: found[option]["band"])
    assert order[0] == "o00"
    assert found["o00"]["band"] < found["o09"]["band"]
    assert all(row["low"] <= row["high"] for row in found.values())
    flat = METHODS["pairwise"].found([ballot(seed, flat=True) for seed in range(20)], OPTIONS, {})["options"]
    assert sum(row["band"] == 1 for row in flat.values()) > 1


def test_an_option_that_lost_everything_has_a_chance_and_one_never_compared_has_no_points() -> None:
    points = METHODS["pairwise"].points([{"a": {"b": 1}}], ["a", "b", "c"], {}, ARITHMETICS[EXACT])
    assert set(points) == {"a", "b"}
    assert 0 < points["b"] < 50 < points["a"] < 100


def test_options_that_no_duel_joins_are_said_to_be_split() -> None:
    ballots = [{"a": {"b": 1}, "c": {"d": -1}}] * 6
    assert METHODS["pairwise"].found(ballots, list("abcd"), {})["said"] == "split"


# ---- rounds


def test_with_latecomers_and_people_without_a_card_nobody_reads_their_own_or_one_twice() -> None:
    people = [f"p{n}" for n in range(12)]
    cards = {f"c{n}": {f"p{n}"} for n in range(8)}
    seen: dict[str, set[str]] = {}
    for turn in range(5):
        if turn == 2:
            people = [*people[3:], "late"]
        dealt = card_rounds.deal(people, cards, seen, turn)
        assert set(dealt) == set(people)
        for person, card in dealt.items():
            assert person not in cards[card]
            assert card not in seen.setdefault(person, set())
            seen[person].add(card)


def test_who_has_written_all_the_cards_waits_while_the_others_read() -> None:
    cards = {f"c{n}": {"boss"} for n in range(4)}
    assert card_rounds.rounds(["boss", "x", "y"], cards) == 4
    assert card_rounds.rounds(["boss"], cards) == card_rounds.rounds([], cards) == 0
    assert set(card_rounds.deal(["boss", "x", "y"], cards, {}, 1)) == {"x", "y"}


def test_with_two_cards_each_there_are_more_rounds() -> None:
    people = [f"p{n}" for n in range(10)]
    assert card_rounds.rounds(people, {f"c{n}": {f"p{n % 10}"} for n in range(20)}) == 10
