"""Ballot boxes: nothing in them tells whose a ballot is, or when it came."""

from __future__ import annotations

import json
from itertools import permutations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sessions.ballot_boxes import filled, secret_ballot, shuffled, written
from sessions.messages import Emptied, SecretBallot

BALLOTS: list[dict[str, Any]] = [{"a": 1}, {"b": 2}, {"a": 1, "c": 1}]
MARKS = st.dictionaries(st.sampled_from("abcd"), st.integers(1, 3), min_size=1)


def test_a_slip_names_its_options_in_one_order_whatever_the_form_was() -> None:
    sent = [
        secret_ballot("V", {"b": {"new": 1, "fit": 2}, "a": {"fit": 3}}),
        secret_ballot("V", {"a": {"fit": 3}, "b": {"fit": 2, "new": 1}}),
    ]
    assert json.dumps(sent[0].marks) == json.dumps(sent[1].marks)
    assert (sent[0].phase, written(sent[0].marks)) == ("V", '{"a":{"fit":3},"b":{"fit":2,"new":1}}')


def test_the_order_in_which_ballots_came_is_not_in_the_box() -> None:
    boxes = [filled({}, [SecretBallot("V", marks) for marks in order]) for order in permutations(BALLOTS)]
    assert all(box == boxes[0] for box in boxes)
    assert boxes[0] == {"V": [{"a": 1, "c": 1}, {"a": 1}, {"b": 2}]}


def test_the_order_in_which_ballots_came_is_not_in_what_comes_out() -> None:
    assert len({json.dumps(shuffled(order, seed=7)) for order in permutations(BALLOTS)}) == 1
    assert len({json.dumps(shuffled(BALLOTS, seed)) for seed in range(60)}) == 6


@given(st.lists(MARKS), st.integers(0, 2**48))
def test_no_ballot_is_lost_or_doubled_by_shuffling(ballots: list[dict[str, int]], seed: int) -> None:
    assert sorted(map(written, shuffled(ballots, seed))) == sorted(map(written, ballots))


def test_each_phase_has_a_box_of_its_own_and_an_emptied_one_is_gone() -> None:
    boxes = filled(
        {"V": [{"a": 1}], "W": [{"x": 1}]},
        [SecretBallot("V", {"b": 1}), Emptied("V"), SecretBallot("W", {"y": 1})],
    )
    assert boxes == {"W": [{"x": 1}, {"y": 1}]}


def test_what_is_put_in_after_emptying_stays() -> None:
    assert filled({"V": [{"a": 1}]}, [Emptied("V"), SecretBallot("V", {"b": 1})]) == {"V": [{"b": 1}]}
