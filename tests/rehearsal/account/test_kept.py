"""Records keep what the log tells; and what they do not keep is told."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from app.archive.facts import plain_record
from app.rehearsal.account.kept import not_kept
from sessions.messages import Event
from tests.support import examples

pytestmark = pytest.mark.timeout(300)
"""Whoever comes first plays the formats for everybody after."""

Rows = list[dict[str, Any]]


def race() -> tuple[list[Event], Rows]:
    """The race that everybody's habits play, and its records."""
    log, session = examples.played("race48").log, examples.played("race48").stage().session
    return log, [plain_record(entry, session) for entry in session.entries.values()]


def test_the_records_of_a_race_keep_every_card_author_contact_question_verdict_and_result() -> None:
    log, records = race()
    assert len(records) > 1
    assert not_kept(log, records) == []


def test_people_group_needs_and_undo_it_split_and_merge_teams_withdraw_and_break_a_tie() -> None:
    happened = {event.kind for event in examples.played("race48").log}
    assert happened >= {
        *("cards_grouped", "cards_ungrouped", "cards_merged", "card_unmerged", "card_withdrawn"),
        *("team_split", "teams_merged", "entry_merged", "entry_withdrawn", "tie_broken", "result_overridden"),
    }


def test_records_of_release_1_do_not() -> None:
    log = examples.played("race48").log
    session = examples.played("race48").stage().session
    records = [plain_record(entry, session, shape=1) for entry in session.entries.values()]
    found = " ".join(not_kept(log, records))
    for what in ("contact ", "question ", "the result of ", "nothing says so", "is nobody's"):
        assert what in found


@pytest.mark.parametrize(
    ("group", "said"),
    [
        ("contacts", "contact "),
        ("questions", "question "),
        ("verdicts", "the answer to "),
        ("decisions", "the result of "),
        ("origin_needs", "need "),
    ],
)
def test_what_is_taken_out_of_a_record_is_missed(group: str, said: str) -> None:
    log, records = race()
    poorer = copy.deepcopy(records)
    taken = [record["provenance"].pop(group) for record in poorer]
    assert any(taken)
    for record in poorer:
        record["provenance"][group] = []
    assert any(said in no for no in not_kept(log, poorer))


def test_what_was_erased_is_in_no_record_and_a_record_that_still_says_it_is_found() -> None:
    log, records = race()
    (idea, *_) = [
        row for record in records for row in record["provenance"]["origin_ideas"] if not row["cards"]
    ]
    erased = [
        event._replace(body={**event.body, "fields": None})
        if event.kind in ("card_added", "card_edited") and event.body["card"] == idea["card"]
        else event
        for event in log
    ]
    complaint = f"card {idea['card']} says something else than its author"
    assert complaint in " ".join(not_kept(erased, records))
    without = copy.deepcopy(records)
    for record in without:
        for row in record["provenance"]["origin_ideas"]:
            if row["card"] == idea["card"]:
                row["fields"] = dict.fromkeys(row["fields"], "")
    assert complaint not in " ".join(not_kept(erased, without))
