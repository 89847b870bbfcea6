"""Commands that were accepted: the newest by heart, the old ones never taken for new, and never a million ids."""

from __future__ import annotations

import pickle

import pytest

from sessions.command_ids import BY_HEART, SIEVE_BITS, CommandIds


def filled(number: int) -> CommandIds:
    answered = CommandIds()
    for seq in range(1, number + 1):
        answered[f"p{seq % 53}:c{seq}"] = seq
    return answered


def names(*seqs: int) -> list[str]:
    return [f"p{seq % 53}:c{seq}" for seq in seqs]


def test_a_command_is_known_by_its_id_with_the_seq_of_its_last_event() -> None:
    answered = CommandIds()
    answered["kim:1"] = 4
    answered["kim:1"] = 6
    answered["kim:2"] = 7
    assert (answered["kim:1"], answered.get("kim:2"), answered.get("kim:3")) == (6, 7, None)
    assert answered.forgotten(["kim:1", "kim:2", "kim:3"]) == []
    with pytest.raises(KeyError):
        answered["kim:3"]


def test_the_newest_are_known_by_heart_however_many_there_were() -> None:
    total = 5 * BY_HEART + 123
    answered = filled(total)
    newest = range(total - BY_HEART + 1, total + 1)
    assert [answered.get(name) for name in names(*newest)] == list(newest)


def test_an_old_id_is_forgotten_and_never_taken_for_a_new_one() -> None:
    total = 5 * BY_HEART
    answered = filled(total)
    old = names(*range(1, total - 2 * BY_HEART + 1))
    assert [name for name in old if answered.get(name) is not None] == []
    assert answered.forgotten(old) == old


@pytest.mark.parametrize("total", [BY_HEART - 1, BY_HEART, BY_HEART + 1, 2 * BY_HEART, 2 * BY_HEART + 1])
def test_every_id_is_known_or_forgotten_where_the_memory_turns_over(total: int) -> None:
    answered = filled(total)
    everything = names(*range(1, total + 1))
    by_heart = [name for name in everything if answered.get(name) is not None]
    assert len(answered) == len(by_heart)
    assert len(by_heart) >= min(total, BY_HEART)
    assert sorted(by_heart + answered.forgotten(everything)) == sorted(everything)


def test_the_last_event_counts_where_a_command_has_events_on_both_sides_of_a_turn() -> None:
    answered = filled(BY_HEART)
    (last,) = names(BY_HEART)
    answered["x:1"] = BY_HEART + 1
    answered[last] = BY_HEART + 2
    assert answered[last] == BY_HEART + 2


def test_a_new_id_hardly_ever_costs_a_question() -> None:
    answered = filled(300_000)
    new = [f"q{number % 53}:d{number}" for number in range(20_000)]
    assert len(answered.forgotten(new)) < 20


def test_its_memory_has_a_bound() -> None:
    few, many = (len(pickle.dumps(filled(total))) for total in (3 * BY_HEART, 6 * BY_HEART))
    assert SIEVE_BITS // 8 < few < SIEVE_BITS // 8 + 45 * BY_HEART
    assert many < few * 1.1


def test_it_survives_a_pickle() -> None:
    answered = filled(3 * BY_HEART)
    again = pickle.loads(pickle.dumps(answered))
    assert again == answered
    assert again != filled(3 * BY_HEART + 1)
