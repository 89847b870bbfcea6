"""An entry gathers facts and says what its record still lacks."""

from __future__ import annotations

from typing import Any

import pytest

from sessions.entry import SIDE_STATES, STATUSES, Entry
from sessions.entry_words import PARTS, STATUS_NAMES
from sessions.format import LANGUAGES
from sessions.outcome import Card, Fact

NEED_CARD = Card(
    "n1", "Cold house", {"who": "Aunt", "situation": "Cold house", "consequence": "", "other": "x"}
)


def entry(**more: Any) -> Entry:
    return Entry("e1", 1, 0.0, 1, "t1", "Heat pump", **more)


def learn(entry: Entry, name: str, value: Any, key: str = "", phase: str = "P1") -> Entry:
    entry.learn(phase, Fact("e1", name, value, key), entry.changed_seq + 1, 60.0 * (entry.changed_seq + 1))
    return entry


def full(entry: Entry) -> Entry:
    """With a word in need and market, an owner who accepted and a next step."""
    learn(entry, "field", "Cold house", "need.situation")
    learn(entry, "field", "Villages", "market.segment")
    learn(entry, "owner", {"person": "aino", "accepted": True})
    return learn(entry, "next_action", {"text": "Call", "due": "2026-06-01"})


def without(entry: Entry, name: str, key: str = "") -> Entry:
    return learn(entry, name, None, key)


# ---- facts


def test_the_fact_learnt_last_is_the_one_that_counts() -> None:
    e = learn(learn(entry(), "title", "One"), "title", "Two", phase="P2")
    assert (e.title, e.latest("title")) == ("Two", "Two")


def test_a_fact_that_is_said_again_is_the_latest_again() -> None:
    e = learn(learn(learn(entry(), "title", "One"), "title", "Two", phase="P2"), "title", "Three")
    assert (e.latest("title"), list(e.facts)) == ("Three", [("P2", "title", ""), ("P1", "title", "")])


def test_facts_of_one_name_are_kept_apart_by_key() -> None:
    e = learn(learn(entry(), "verdict", {"verdict": "go"}, "r1"), "verdict", {"verdict": "stop"}, "r2")
    assert e.every("verdict") == {"r1": {"verdict": "go"}, "r2": {"verdict": "stop"}}
    assert (e.latest("verdict"), e.latest("verdict", "r1")) == ({"verdict": "stop"}, {"verdict": "go"})


def test_what_was_never_said_is_nothing() -> None:
    e = learn(entry(), "verdict", {"verdict": "go"}, "r1")
    assert (e.latest("award"), e.every("award"), e.latest("verdict", "r9")) == (None, {}, None)


def test_nothing_takes_back_only_what_the_same_phase_said() -> None:
    e = learn(learn(entry(), "status", "parked"), "status", "withdrawn", phase="P2")
    learn(e, "status", None)
    assert e.status == "withdrawn"
    learn(e, "status", None, phase="P2")
    assert e.status == "draft"


def test_taking_back_what_was_not_said_is_no_error() -> None:
    assert without(entry(), "status").facts == {}


def test_when_it_first_reached_a_status_is_remembered() -> None:
    e = learn(learn(learn(entry(), "status", "submitted"), "status", "parked"), "status", "submitted")
    assert e.reached == {"submitted": 60.0, "parked": 120.0}


@pytest.mark.parametrize("status", [*STATUSES, *SIDE_STATES])
def test_only_side_states_leave_the_race_and_each_has_a_name_in_every_language(status: str) -> None:
    assert learn(entry(), "status", status).in_race == (status in STATUSES)
    assert set(STATUS_NAMES[status]) == set(LANGUAGES)


# ---- fields


def test_the_need_card_fills_the_need() -> None:
    assert entry(need=NEED_CARD).fields == {"need": {"need_owner": "Aunt", "situation": "Cold house"}}


def test_a_need_card_without_fields_gives_its_words() -> None:
    assert entry(need=Card("n1", "Cold house")).fields == {"need": {"situation": "Cold house"}}


def test_what_the_team_writes_stands_over_the_card_and_nothing_written_leaves_it() -> None:
    e = learn(entry(need=NEED_CARD), "field", "Very cold", "need.situation")
    assert e.fields["need"] == {"need_owner": "Aunt", "situation": "Very cold"}
    learn(e, "field", "", "need.situation")
    assert e.fields["need"]["situation"] == "Cold house"


def test_fields_stand_in_their_groups() -> None:
    e = learn(learn(entry(), "field", "Villages", "market.segment"), "field", "4 k€", "market.price_model")
    assert e.fields == {"need": {}, "market": {"segment": "Villages", "price_model": "4 k€"}}


# ---- what is missing


@pytest.mark.parametrize(
    ("status", "parts"),
    [("submitted", ["need", "market"]), ("archived", ["need", "market", "owner", "next_action"])],
)
def test_an_empty_record_lacks_every_part(status: str, parts: list[str]) -> None:
    assert entry().missing(status) == parts
    assert full(entry()).missing(status) == []


@pytest.mark.parametrize(
    ("name", "key", "part"),
    [
        ("field", "need.situation", "need"),
        ("field", "market.segment", "market"),
        ("owner", "", "owner"),
        ("next_action", "", "next_action"),
    ],
)
def test_each_part_is_missed_by_itself(name: str, key: str, part: str) -> None:
    assert without(full(entry()), name, key).missing("archived") == [part]
    assert set(PARTS[part]) == set(LANGUAGES)


def test_a_need_card_is_need_enough() -> None:
    assert entry(need=NEED_CARD).missing("submitted") == ["market"]


def test_an_owner_who_has_not_accepted_is_none() -> None:
    e = learn(full(entry()), "owner", {"person": "aino", "accepted": False})
    assert e.missing("archived") == ["owner"]


def test_empty_words_fill_nothing() -> None:
    assert learn(full(entry()), "field", "", "market.segment").missing("submitted") == ["market"]


# ---- stops


def test_a_stop_is_open_until_somebody_responds() -> None:
    e = learn(learn(entry(), "verdict", {"verdict": "go"}, "r1"), "verdict", {"verdict": "stop"}, "r2")
    assert e.open_stops == ["r2"]
    learn(e, "verdict", {"verdict": "stop", "response": "We ask again"}, "r2")
    assert e.open_stops == []
