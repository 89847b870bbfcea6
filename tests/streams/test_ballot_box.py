"""Urns: nothing in them tells whose a slip is, or when it came."""

from __future__ import annotations

import json
from itertools import permutations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sessions.messages import Emptied, Slip
from sessions.urns import filled, shuffled, slip, written

SLIPS: list[dict[str, Any]] = [{"a": 1}, {"b": 2}, {"a": 1, "c": 1}]
MARKS = st.dictionaries(st.sampled_from("abcd"), st.integers(1, 3), min_size=1)


def test_a_slip_names_its_options_in_one_order_whatever_the_form_was() -> None:
    sent = [
        slip("V", {"b": {"new": 1, "fit": 2}, "a": {"fit": 3}}),
        slip("V", {"a": {"fit": 3}, "b": {"fit": 2, "new": 1}}),
    ]
    assert json.dumps(sent[0].marks) == json.dumps(sent[1].marks)
    assert (sent[0].phase, written(sent[0].marks)) == ("V", '{"a":{"fit":3},"b":{"fit":2,"new":1}}')


def test_the_order_in_which_slips_came_is_not_in_the_urn() -> None:
    urns = [filled({}, [Slip("V", marks) for marks in order]) for order in permutations(SLIPS)]
    assert all(urn == urns[0] for urn in urns)
    assert urns[0] == {"V": [{"a": 1, "c": 1}, {"a": 1}, {"b": 2}]}


def test_the_order_in_which_slips_came_is_not_in_what_is_shaken_out() -> None:
    assert len({json.dumps(shuffled(order, seed=7)) for order in permutations(SLIPS)}) == 1
    assert len({json.dumps(shuffled(SLIPS, seed)) for seed in range(60)}) == 6


@given(st.lists(MARKS), st.integers(0, 2**48))
def test_no_slip_is_lost_or_doubled_by_shuffling(slips: list[dict[str, int]], seed: int) -> None:
    assert sorted(map(written, shuffled(slips, seed))) == sorted(map(written, slips))


def test_each_phase_has_an_urn_of_its_own_and_an_emptied_one_is_gone() -> None:
    urns = filled(
        {"V": [{"a": 1}], "W": [{"x": 1}]}, [Slip("V", {"b": 1}), Emptied("V"), Slip("W", {"y": 1})]
    )
    assert urns == {"W": [{"x": 1}, {"y": 1}]}


def test_what_is_put_in_after_emptying_stays() -> None:
    assert filled({"V": [{"a": 1}]}, [Emptied("V"), Slip("V", {"b": 1})]) == {"V": [{"b": 1}]}
