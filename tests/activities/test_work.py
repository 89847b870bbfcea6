"""Work: one field one editor, frozen versions, lateness, submission and the archive."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sessions.activities.work import Work
from sessions.activities.work.documents import Documents
from sessions.activities.work.freezing import is_frozen
from sessions.activities.work.snapshots import digest
from sessions.activity import Fragment
from sessions.audience import EVERYBODY, person_scope, team_scope
from sessions.messages import Erasure, Personal, Refused
from sessions.session import Accepted
from tests.support.seed import SEED, fact, race, seeds, tell
from tests.support.stage import Stage, phase, shelf, words

__all__ = ["seeds"]

STOPS = [
    {"minute": 10, "name": "draft", "title": words("Draft"), "contacts": 2},
    {"minute": 20, "name": "final", "title": words("Final"), "hard": True},
]
NABC = phase("work", "W", who=["teams"], rules={"documents": ["nabc"], "deadlines": STOPS})
HAND_IN = phase(
    "work",
    "W",
    who=["teams"],
    rules={"documents": ["record"], "deadlines": STOPS[1:], "grace_minutes": 5, "submits": True},
)
ARCHIVE = phase("work", "W", who=["teams", "staff"], rules={"documents": ["record"], "archives": True})
AFTER = phase("seed", "Z")


def staged(row: dict[str, Any] = NABC) -> Stage:
    """Aino and Ben are team 1 with e1, Cai is team 2 with e2; the work phase is open."""
    stage = Stage(SEED, row, AFTER, aino="participant", ben="participant", cai="participant", eve="expert")
    race(stage, "aino ben", "cai")
    stage.open("W")
    return stage


def work(stage: Stage) -> Work:
    activity = stage.session.agenda.phases["W"].activity
    assert isinstance(activity, Work)
    return activity


def documents(stage: Stage, entry: str = "e1") -> Documents:
    return work(stage).state.documents[entry]


def write(
    stage: Stage, text: str, by: str = "aino", field: str = "need", document: str = "nabc", entry: str = "e1"
) -> str:
    """Write a field; the kind of the event, the code of the refusal, or "" for nothing new."""
    return said(stage.do("write_field", by, "W", entry=entry, document=document, field=field, text=text))


def said(told: Accepted | Refused) -> str:
    """The code of a refusal, or the kinds of the events."""
    return told.reason if isinstance(told, Refused) else " ".join(event.kind for event in told.events)


def shown(stage: Stage, scope: str, part: str = "", key: str = "", view: str = "phone") -> Fragment | None:
    return work(stage).show(view, scope, part, key)


# ---- writing


def test_what_is_written_stands_in_the_field() -> None:
    stage = staged()
    assert write(stage, "  Oil is burnt.\r\n") == "field_written"
    assert documents(stage).text("nabc.need") == "Oil is burnt."


def test_what_is_written_fills_the_record() -> None:
    stage = staged()
    write(stage, "Oil is burnt.")
    assert stage.session.entries["e1"].fields["need"] == {"situation": "Oil is burnt."}


def test_the_same_text_again_is_no_event() -> None:
    stage = staged()
    write(stage, "Oil")
    assert write(stage, "Oil") == ""


def test_a_text_that_is_too_long_is_refused() -> None:
    assert write(staged(), "x" * 1501) == "too_long"


def test_another_team_cannot_write() -> None:
    assert write(staged(), "Oil", by="cai") == "not_your_team"


@pytest.mark.parametrize(
    ("change", "reason"), [({"entry": "e9"}, "no_entry"), ({"field": "colour"}, "no_field")]
)
def test_what_does_not_exist_is_refused(change: dict[str, str], reason: str) -> None:
    assert write(staged(), "Oil", **change) == reason


def test_an_expert_writes_in_no_document() -> None:
    assert write(staged(), "Oil", by="eve") == "not_allowed"


def test_a_parked_entry_is_read_only() -> None:
    stage = staged()
    fact(stage, "e1", "status", "parked")
    assert write(stage, "Oil") == "not_in_race"


def test_an_unknown_option_is_refused() -> None:
    stage = staged(HAND_IN)
    assert write(stage, "galactic", document="record", field="geography") == "not_an_option"


def test_an_option_may_be_taken_back() -> None:
    stage = staged(HAND_IN)
    write(stage, "local", document="record", field="geography")
    assert write(stage, "", document="record", field="geography") == "field_written"


def test_a_date_that_is_none_is_refused() -> None:
    stage = staged(HAND_IN)
    assert write(stage, "in May", document="record", field="no_disclosure_before") == "not_a_date"


def test_a_field_for_a_number_takes_numbers_only() -> None:
    weight = {"id": "weight", "kind": "number", "label": words("Weight")}
    sheet = {"title": words("Sheet"), "fields": [weight]}
    row = {**NABC, "rules": {**NABC["rules"], "documents": ["sheet"]}}
    shelves = {
        **shelf("forms"),
        **shelf("documents"),
        **shelf("rubrics"),
        "key": "test",
        "title": words("Test"),
    }
    form = {**shelves, "documents": {"sheet": sheet}, "phase": [SEED, row]}
    stage = Stage(form=form, aino="participant", ben="participant")
    race(stage, "aino ben")
    stage.open("W")
    assert write(stage, "heavy", document="sheet", field="weight") == "not_a_number"
    assert write(stage, "3,5", document="sheet", field="weight") == "field_written"


def test_the_title_field_renames_the_entry() -> None:
    stage = staged(HAND_IN)
    write(stage, "Sawmill heat", document="record", field="title")
    assert stage.session.entries["e1"].title == "Sawmill heat"


def test_what_the_record_says_already_stands_in_the_field() -> None:
    stage = Stage(SEED, NABC, aino="participant")
    race(stage, "aino")
    fact(stage, "e1", "field", "Written before", key="need.situation")
    stage.open("W")
    assert documents(stage).text("nabc.need") == "Written before"


def test_what_another_phase_learns_meanwhile_does_not_overwrite_what_was_written_here() -> None:
    stage = staged()
    write(stage, "Mine")
    fact(stage, "e1", "field", "Theirs", key="need.situation")
    fact(stage, "e1", "field", "A heat exchanger", key="technology.solution")
    assert (documents(stage).text("nabc.need"), documents(stage).text("nabc.approach")) == (
        "Mine",
        "A heat exchanger",
    )


def test_a_phase_may_show_only_some_parts_of_a_document() -> None:
    rules = {"documents": ["record"], "parts": ["rights"]}
    stage = staged(phase("work", "W", who=["teams"], rules=rules))
    assert {field.part for field in work(stage).fields.values()} == {"rights"}
    assert write(stage, "Oil", document="record", field="situation") == "no_field"


# ---- one field, one editor


def test_a_field_that_somebody_writes_in_is_refused_to_others() -> None:
    stage = staged()
    write(stage, "Oil")
    assert write(stage, "Gas", by="ben") == "held"


def test_somebody_else_may_write_in_another_field() -> None:
    stage = staged()
    write(stage, "Oil")
    assert write(stage, "Pipes", by="ben", field="approach") == "field_written"


def test_two_minutes_of_silence_free_a_field() -> None:
    stage = staged()
    write(stage, "Oil")
    stage.after(2)
    assert write(stage, "Gas", by="ben") == "field_written"


def test_writing_on_keeps_the_field() -> None:
    stage = staged()
    write(stage, "Oil")
    stage.after(1.5)
    write(stage, "Oil is burnt")
    stage.after(1.5)
    assert write(stage, "Gas", by="ben") == "held"


def test_a_field_can_be_held_before_a_word_is_written() -> None:
    stage = staged()
    stage.ok("hold_field", "aino", "W", entry="e1", document="nabc", field="need")
    assert write(stage, "Gas", by="ben") == "held"


def test_a_held_field_cannot_be_held_by_another() -> None:
    stage = staged()
    stage.ok("hold_field", "aino", "W", entry="e1", document="nabc", field="need")
    assert stage.no("hold_field", "ben", "W", entry="e1", document="nabc", field="need") == "held"


def test_letting_go_frees_a_field_at_once() -> None:
    stage = staged()
    write(stage, "Oil")
    stage.ok("release_field", "aino", "W", entry="e1", document="nabc", field="need")
    assert write(stage, "Gas", by="ben") == "field_written"


def test_nobody_lets_go_of_what_another_holds() -> None:
    stage = staged()
    write(stage, "Oil")
    assert stage.ok("release_field", "ben", "W", entry="e1", document="nabc", field="need") == ()
    assert write(stage, "Gas", by="ben") == "held"


def test_going_to_the_next_field_lets_go_of_the_last() -> None:
    stage = staged()
    write(stage, "Oil")
    write(stage, "Pipes", field="approach")
    assert write(stage, "Gas", by="ben") == "field_written"


def test_checking_out_frees_a_field() -> None:
    stage = staged()
    write(stage, "Oil")
    fact(stage, "person:aino", "present", False)
    assert write(stage, "Gas", by="ben") == "field_written"


def test_the_refusal_says_until_when() -> None:
    stage = staged()
    write(stage, "Oil")
    told: Any = stage.do("write_field", "ben", "W", entry="e1", document="nabc", field="need", text="Gas")
    assert told.params["free_at"] == stage.now + 120


def test_the_team_sees_who_writes_and_until_when() -> None:
    stage = staged()
    write(stage, "Oil")
    field = shown(stage, team_scope("t1"), "field", "e1.nabc.need")
    assert field is not None
    assert (field.data["hold"].by, field.data["hold"].until) == ("aino", stage.now + 120)


# ---- one step back


def test_what_stood_there_before_a_sitting_comes_back() -> None:
    stage = staged()
    write(stage, "Oil is burnt")
    stage.after(3)
    for text in ("G", "Ga", "Gas"):
        write(stage, text, by="ben")
    stage.ok("restore_field", "ben", "W", entry="e1", document="nabc", field="need")
    assert documents(stage).text("nabc.need") == "Oil is burnt"


def test_a_restored_text_can_be_undone() -> None:
    stage = staged()
    write(stage, "Oil")
    stage.after(3)
    write(stage, "Gas", by="ben")
    for _ in range(2):
        stage.ok("restore_field", "ben", "W", entry="e1", document="nabc", field="need")
    assert documents(stage).text("nabc.need") == "Gas"


def test_there_is_nothing_before_the_first_text() -> None:
    assert (
        staged().no("restore_field", "aino", "W", entry="e1", document="nabc", field="need")
        == "nothing_before"
    )


def test_what_was_brought_along_can_be_restored() -> None:
    stage = Stage(SEED, NABC, aino="participant")
    race(stage, "aino")
    fact(stage, "e1", "field", "Written before", key="need.situation")
    stage.open("W")
    write(stage, "")
    stage.ok("restore_field", "aino", "W", entry="e1", document="nabc", field="need")
    assert documents(stage).text("nabc.need") == "Written before"


# ---- progress


def fill(stage: Stage, by: str = "aino", **more: str) -> None:
    for field in ("need", "approach", "benefits", "competition"):
        write(stage, "Something", by=by, field=field, **more)


def test_progress_counts_required_fields() -> None:
    stage = staged()
    write(stage, "Oil")
    line = shown(stage, EVERYBODY, "line", "t1", view="screen")
    assert line is not None
    assert (line.data["filled"], line.data["required"], line.data["done_at"]) == (1, 4, None)


def test_a_record_is_done_when_its_last_required_field_is_filled() -> None:
    stage = staged()
    fill(stage)
    assert documents(stage).done_at == stage.now
    write(stage, "", field="need")
    assert documents(stage).done_at == 0.0


def test_the_outcome_has_the_figures() -> None:
    stage = staged()
    write(stage, "Oil")
    assert stage.session.outcome("W").figures == {
        "records": 2,
        "filled": 1,
        "required": 8,
        "contacts": 0,
        "submitted": 0,
    }


def test_one_more_word_touches_only_the_field_and_its_writer() -> None:
    stage = staged()
    write(stage, "Oil")
    seq = stage.session.seq
    write(stage, "Oil is")
    touched = {
        (ref.part, ref.scope) for ref, at in stage.session.touched.items() if ref.phase == "W" and at > seq
    }
    assert touched == {("field", team_scope("t1")), ("", person_scope("aino"))}


# ---- freezing


def test_a_sub_deadline_freezes_a_numbered_version_of_every_entry() -> None:
    stage = staged()
    write(stage, "Oil")
    stage.after(10)
    assert [(s.number, s.name) for s in documents(stage).snapshots] == [(1, "draft")]
    assert documents(stage, "e2").snapshots[0].content["texts"] == {}


def test_the_fact_of_a_version_carries_the_sha_of_what_the_fold_keeps() -> None:
    stage = staged()
    write(stage, "Oil")
    stage.after(10)
    told = stage.session.entries["e1"].every("snapshot")["W.1"]
    assert told["sha256"] == digest(documents(stage).snapshots[0].content)
    assert digest({"b": "å", "a": 1}) == digest({"a": 1, "b": "å"})


def test_a_soft_deadline_lets_the_team_write_on() -> None:
    stage = staged()
    stage.after(10)
    assert write(stage, "Oil") == "field_written"


def test_who_lacks_something_at_a_soft_deadline_is_on_the_list() -> None:
    stage = staged()
    fill(stage)
    stage.after(10)
    lack = documents(stage).lacks[0]
    assert (lack.fields, lack.contacts) == (0, 2)


def test_who_lacks_nothing_is_not_on_the_list() -> None:
    stage = staged()
    fill(stage)
    for who in ("Buyer, Saw Ltd", "Grower, Green Ltd"):
        stage.ok("add_contact", "aino", "W", entry="e1", who=who, date="2026-11-07", said="Yes")
    stage.after(10)
    assert (documents(stage).lacks, list(documents(stage, "e2").lacks)) == ({}, [0])


def test_the_facilitator_waives_what_is_lacking_with_a_reason() -> None:
    stage = staged()
    stage.after(10)
    assert stage.no("waive", "kim", "W", entry="e1", stop="0") == "no_reason"
    stage.ok("waive", "kim", "W", entry="e1", stop="0", reason="Ill")
    assert documents(stage).lacks[0].waived == "Ill"
    assert stage.session.decided[-1].params["reason"] == "Ill"


def test_nothing_is_waived_where_nothing_lacks() -> None:
    assert staged().no("waive", "kim", "W", entry="e1", stop="0", reason="Ill") == "nothing_late"


def test_a_hard_deadline_makes_documents_read_only_and_later_text_waits() -> None:
    stage = staged()
    write(stage, "Oil")
    stage.after(21)
    assert write(stage, "Gas") == "field_came_late"
    assert documents(stage).text("nabc.need") == "Oil"
    field = shown(stage, team_scope("t1"), "field", "e1.nabc.need")
    assert field is not None
    assert (field.data["frozen"], field.data["late"].text) == (True, "Gas")


def test_late_text_is_let_in_with_a_reason_and_frozen_anew() -> None:
    stage = staged()
    stage.after(21)
    write(stage, "Oil")
    assert stage.no("accept_late", "kim", "W", entry="e1") == "no_reason"
    stage.ok("accept_late", "kim", "W", entry="e1", reason="The network was down")
    last = documents(stage).snapshots[-1]
    assert (last.name, last.content["texts"], documents(stage).late) == ("late", {"nabc.need": "Oil"}, None)


def test_the_sha_of_accepted_late_work_holds() -> None:
    stage = staged(HAND_IN)
    stage.after(26)
    write(stage, "New name", document="record", field="title")
    events = stage.ok("accept_late", "kim", "W", entry="e1", reason="The network was down")
    assert events[-1].body["sha256"] == digest(documents(stage).snapshots[-1].content)


def test_late_work_of_several_is_let_in_at_once() -> None:
    stage = staged()
    stage.after(21)
    write(stage, "Oil")
    write(stage, "Snow", by="cai", entry="e2")
    stage.ok("accept_late", "kim", "W", entry=["e1", "e2"], reason="The network was down")
    assert (documents(stage).text("nabc.need"), documents(stage, "e2").text("nabc.need")) == ("Oil", "Snow")


def test_a_team_cannot_let_its_own_late_work_in() -> None:
    stage = staged()
    stage.after(21)
    write(stage, "Oil")
    assert stage.no("accept_late", "aino", "W", entry="e1", reason="We were fast") == "not_allowed"


def test_nothing_late_cannot_be_accepted() -> None:
    assert staged().no("accept_late", "kim", "W", entry="e1", reason="Why not") == "nothing_late"


def test_the_last_words_before_a_close_are_not_lost() -> None:
    stage = staged()
    stage.open("Z")
    stage.after(0.1)
    assert write(stage, "Oil") == "field_came_late"


def test_a_phase_that_closes_early_freezes_once() -> None:
    stage = staged()
    write(stage, "Oil")
    stage.open("Z")
    assert [s.name for s in documents(stage).snapshots] == ["final"]
    assert list(stage.session.deadlines()) == []


def test_versions_are_numbered_through_all_phases() -> None:
    stage = Stage(SEED, NABC, {**NABC, "id": "V"}, aino="participant")
    race(stage, "aino")
    stage.open("W")
    stage.after(10)
    stage.open("V")
    stage.after(10)
    assert [v["number"] for v in stage.session.entries["e1"].every("snapshot").values()] == [1, 2, 3]


def test_extending_the_phase_moves_no_deadline() -> None:
    stage = staged()
    at = work(stage).stops[1].at
    stage.ok("extend_phase", "kim", "W", minutes="15")
    assert work(stage).stops[1].at == at


def test_a_deadline_is_moved_by_explicit_choice() -> None:
    stage = staged()
    stage.ok("move_stop", "kim", "W", stop="1", minutes="15")
    stage.after(21)
    assert write(stage, "Oil") == "field_written"


def test_a_deadline_that_has_passed_is_moved_from_now_and_freezes_again() -> None:
    stage = staged()
    stage.after(25)
    stage.ok("move_stop", "kim", "W", stop="1", minutes="5")
    assert write(stage, "Oil") == "field_written"
    stage.after(5)
    assert [s.name for s in documents(stage).snapshots] == ["draft", "final", "final"]
    assert is_frozen(work(stage))


@pytest.mark.parametrize(
    ("minutes", "reason"), [("0", "bad_minutes"), ("soon", "bad_minutes"), ("-60", "in_the_past")]
)
def test_a_deadline_is_not_moved_into_the_past(minutes: str, reason: str) -> None:
    assert staged().no("move_stop", "kim", "W", stop="1", minutes=minutes) == reason


def test_reopening_a_phase_does_not_open_what_a_hard_deadline_froze() -> None:
    stage = staged()
    stage.after(21)
    stage.open("Z")
    stage.ok("reopen_phase", "kim", "W", minutes="10")
    assert is_frozen(work(stage))
    stage.ok("move_stop", "kim", "W", stop="1", minutes="10")
    assert not is_frozen(work(stage))


def test_sub_deadlines_count_from_the_start_that_is_new_when_a_phase_was_put_back() -> None:
    stage = staged()
    stage.after(5)
    stage.close("W")
    stage.ok("reopen_phase", "kim", "S")
    assert work(stage).stops[0].at == work(stage).started_at + 600


# ---- contacts


CONTACT: dict[str, Any] = {
    "entry": "e1",
    "who": "Buyer, Saw Ltd",
    "date": "2026-11-07",
    "said": "Too dear",
}


def contact(stage: Stage, **change: str) -> str:
    return said(stage.do("add_contact", "aino", "W", **{**CONTACT, **change}))


def test_a_contact_is_evidence_of_the_record_and_who_it_was_stands_in_no_event() -> None:
    stage = staged()
    told = stage.do("add_contact", "aino", "W", **{**CONTACT, "reach": "040 123"})
    assert isinstance(told, Accepted)
    assert told.personal == (Personal("Wk1", {"who": "Buyer, Saw Ltd", "reach": "040 123"}),)
    assert not [word for word in ("Saw Ltd", "040 123") if word in json.dumps(stage.log[-1].body)]
    said = {"who": "", "date": "2026-11-07", "said": "Too dear"}
    assert stage.session.entries["e1"].every("contact") == {"Wk1": said}


def test_who_a_contact_was_is_still_read_in_a_log_of_an_earlier_release() -> None:
    stage = staged()
    contact(stage)
    stage.log[-1].body["who"] = "Buyer, Saw Ltd"
    assert stage.replayed().entries["e1"].every("contact")["Wk1"]["who"] == "Buyer, Saw Ltd"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"who": ""}, "no_contact"),
        ({"date": "yesterday"}, "not_a_date"),
        ({"said": "x" * 1001}, "too_long"),
        ({"reach": "x" * 121}, "too_long"),
        ({"entry": "e2"}, "not_your_team"),
    ],
)
def test_a_contact_that_cannot_be_kept_is_refused(change: dict[str, str], reason: str) -> None:
    assert contact(staged(), **change) == reason


def test_a_contact_can_be_withdrawn() -> None:
    stage = staged()
    contact(stage)
    told = stage.do("withdraw_contact", "ben", "W", entry="e1", contact="Wk1")
    assert isinstance(told, Accepted)
    assert told.personal == (Erasure("Wk1"),)
    assert stage.session.entries["e1"].every("contact") == {}


def test_contacts_are_frozen_too() -> None:
    stage = staged()
    stage.after(21)
    assert contact(stage) == "frozen"


# ---- submitting


def ready(stage: Stage) -> None:
    write(stage, "Oil is burnt", document="record", field="situation")
    write(stage, "Growers", document="record", field="segment")


def submit(stage: Stage, by: str = "aino") -> str:
    return said(stage.do("submit_record", by, "W", entry="e1"))


def test_a_record_without_need_and_market_is_refused_by_name() -> None:
    stage = staged(HAND_IN)
    told: Any = stage.do("submit_record", "aino", "W", entry="e1")
    assert (told.reason, told.params["missing"]["fi"]) == ("incomplete", "tarve, markkinanäkökulma")


def test_a_record_with_need_and_market_is_submitted_and_frozen() -> None:
    stage = staged(HAND_IN)
    ready(stage)
    assert submit(stage) == "record_submitted snapshot_taken"
    assert (stage.session.entries["e1"].status, documents(stage).snapshots[0].name) == (
        "submitted",
        "submitted",
    )


def test_a_record_is_submitted_again_until_the_deadline() -> None:
    stage = staged(HAND_IN)
    ready(stage)
    submit(stage)
    write(stage, "Growers and dryers", document="record", field="segment")
    assert submit(stage, "ben") == "record_submitted snapshot_taken"


def test_submitting_the_same_again_is_no_event() -> None:
    stage = staged(HAND_IN)
    ready(stage)
    submit(stage)
    assert submit(stage) == ""


def test_inside_the_grace_is_on_time() -> None:
    stage = staged(HAND_IN)
    ready(stage)
    stage.after(23)
    assert submit(stage) == "record_submitted snapshot_taken"


def test_after_the_grace_a_submission_waits_for_the_facilitator() -> None:
    stage = staged(HAND_IN)
    ready(stage)
    stage.after(26)
    assert submit(stage) == "record_came_late"
    assert stage.session.entries["e1"].status == "draft"


def test_inside_the_grace_is_on_time_even_if_the_facilitator_has_moved_on() -> None:
    stage = staged(HAND_IN)
    ready(stage)
    stage.after(20)
    stage.open("Z")
    stage.after(3)
    assert submit(stage) == "record_submitted snapshot_taken"


def test_a_late_submission_is_accepted_with_a_reason() -> None:
    stage = staged(HAND_IN)
    ready(stage)
    stage.after(26)
    submit(stage)
    stage.ok("accept_late", "kim", "W", entry="e1", reason="One minute")
    assert stage.session.entries["e1"].status == "submitted"


def test_what_was_not_submitted_is_frozen_as_it_stands_and_on_the_list() -> None:
    stage = staged(HAND_IN)
    ready(stage)
    stage.after(26)
    assert documents(stage).snapshots[0].content["texts"]["record.segment"] == "Growers"
    assert documents(stage).lacks[0].unsubmitted


def test_records_are_submitted_only_where_the_format_says_so() -> None:
    assert submit(staged()) == "not_here"


def test_the_facilitator_hears_of_late_work_and_of_records_not_submitted() -> None:
    stage = staged(HAND_IN)
    ready(stage)
    before = [(a.text, a.params["count"], a.at) for a in work(stage).alerts()]
    stage.after(26)
    submit(stage)
    after = [(a.text, a.params["count"]) for a in work(stage).alerts()]
    assert before == [
        ("Records not submitted: {count}. The deadline is {deadline_at}.", 2, work(stage).stops[0].at - 600)
    ]
    assert after == [("Late work waits for your decision: {count}", 1)]


# ---- what may be shown, and the archive


def test_a_team_says_what_may_be_shown() -> None:
    stage = staged(HAND_IN)
    stage.ok("set_disclosure", "aino", "W", entry="e1", level="summary")
    assert stage.session.entries["e1"].latest("disclosure") == "summary"
    assert stage.no("set_disclosure", "cai", "W", entry="e1", level="ok") == "not_your_team"
    assert stage.no("set_disclosure", "aino", "W", entry="e1", level="all") == "not_an_option"


def archived(stage: Stage) -> None:
    """Everything that an archived record needs, said by other phases."""
    for key in ("need.situation", "market.segment"):
        fact(stage, "e1", "field", "Something", key=key)
    fact(stage, "e1", "owner", {"person": "aino", "accepted": True})
    fact(stage, "e1", "next_action", {"text": "Call", "due": "2026-11-14"})


def test_the_owner_approves_for_the_archive() -> None:
    stage = staged(ARCHIVE)
    archived(stage)
    stage.ok("approve_record", "aino", "W", entry="e1")
    assert (stage.session.entries["e1"].status, documents(stage).snapshots[-1].name) == (
        "archived",
        "approved",
    )


def test_nobody_else_approves() -> None:
    stage = staged(ARCHIVE)
    archived(stage)
    assert stage.no("approve_record", "ben", "W", entry="e1") == "not_owner"


def test_what_keeps_a_record_from_the_archive_is_named() -> None:
    stage = staged(ARCHIVE)
    told: Any = stage.do("approve_record", "aino", "W", entry="e1")
    assert told.params["missing"]["en"] == "need, market perspective, owner's acceptance, next step"


def test_staff_approve_on_the_owners_behalf_with_a_reason() -> None:
    stage = staged(ARCHIVE)
    archived(stage)
    assert stage.no("approve_record", "kim", "W", entry="e1") == "no_reason"
    stage.ok("approve_record", "kim", "W", entry="e1", reason="By phone")
    assert stage.session.entries["e1"].status == "archived"


def test_an_approved_record_is_not_written_in_any_more() -> None:
    stage = staged(ARCHIVE)
    archived(stage)
    stage.ok("approve_record", "aino", "W", entry="e1")
    assert write(stage, "More", document="record", field="summary") == "approved"


def test_records_are_approved_only_where_the_format_says_so() -> None:
    stage = staged()
    archived(stage)
    assert stage.no("approve_record", "aino", "W", entry="e1") == "no_entry"


def test_the_owner_chooses_who_may_see_the_record() -> None:
    stage = staged(ARCHIVE)
    archived(stage)
    assert stage.no("set_visibility", "ben", "W", entry="e1", level="public") == "not_owner"
    stage.ok("set_visibility", "aino", "W", entry="e1", level="public")
    assert stage.session.entries["e1"].latest("visibility") == "public"


# ---- who sees what


def test_a_team_sees_its_own_field_and_nobody_else_does() -> None:
    stage = staged()
    write(stage, "Secret heat")
    mine = shown(stage, team_scope("t1"), "field", "e1.nabc.need")
    assert mine is not None
    assert mine.data["written"].text == "Secret heat"
    assert shown(stage, team_scope("t2"), "field", "e1.nabc.need") is None
    assert shown(stage, EVERYBODY, "field", "e1.nabc.need", view="screen") is None
    assert shown(stage, team_scope("t2"), "entry", "e1") is None


def test_the_screen_shows_progress_and_no_text_and_no_title() -> None:
    stage = staged()
    write(stage, "Secret heat")
    panes = [
        shown(stage, EVERYBODY, part[0], part[1], "screen")
        for part in (("", ""), ("line", "t1"), ("tally", ""))
    ]
    assert [pane is not None for pane in panes] == [True, True, True]
    assert [words for words in ("Secret heat", "Project 1") if words in str(panes)] == []


def test_a_person_sees_what_they_hold() -> None:
    stage = staged()
    write(stage, "Oil")
    mine, others = shown(stage, person_scope("aino")), shown(stage, person_scope("ben"))
    assert mine is not None
    assert others is not None
    assert (mine.data["held"]["entry"], others.data["held"]) == ("e1", None)


def test_only_the_owner_is_asked_to_approve() -> None:
    stage = staged(ARCHIVE)
    archived(stage)
    mine, others = shown(stage, person_scope("aino")), shown(stage, person_scope("ben"))
    assert mine is not None
    assert others is not None
    assert (len(mine.data["owned"]), len(others.data["owned"])) == (1, 0)


def test_the_team_room_shows_what_others_said_about_the_entry() -> None:
    stage = staged()
    stage.open("Z")
    stage.ok("reopen_phase", "kim", "W")
    fact(stage, "e1", "feedback", {"column": "keep", "text": "The numbers"}, key="F1")
    entry = shown(stage, team_scope("t1"), "entry", "e1", view="team")
    assert entry is not None
    assert entry.data["feedback"] == [({"en": "keep"}, "The numbers")]


def test_a_verdict_of_another_phase_touches_the_entry_here() -> None:
    stage = staged()
    seq = stage.session.seq
    fact(stage, "e1", "verdict", {"topic": "ipr", "verdict": "go"}, key="Q1")
    touched = {ref.part for ref, at in stage.session.touched.items() if ref.phase == "W" and at > seq}
    assert "entry" in touched


def test_employer_claims_from_check_in_stand_beside_the_rights() -> None:
    stage = staged(HAND_IN)
    fact(stage, "person:ben", "employer_claim", "unsure")
    mine, others = shown(stage, team_scope("t1")), shown(stage, team_scope("t2"))
    assert mine is not None
    assert others is not None
    assert (mine.data["claims"], others.data["claims"]) == ([("ben", "unsure")], [])


def test_an_entry_that_begins_during_the_phase_gets_its_documents() -> None:
    stage = staged()
    tell(
        stage,
        facts=[
            {"subject": "c1b", "name": "kept", "value": {"title": "Spin-off", "team": "t2", "idea": "c1b"}}
        ],
    )
    assert write(stage, "Oil", by="cai", entry="e3") == "field_written"


def test_an_entry_that_changes_team_is_written_by_the_new_one() -> None:
    stage = staged()
    fact(stage, "e1", "moved_to", "t2")
    assert (write(stage, "Oil", by="aino"), write(stage, "Oil", by="cai")) == (
        "not_your_team",
        "field_written",
    )


# ---- the log


def test_a_replay_gives_the_same_documents() -> None:
    stage = staged(HAND_IN)
    ready(stage)
    contact(stage)
    submit(stage)
    stage.after(26)
    write(stage, "Late", document="record", field="summary")
    stage.ok("accept_late", "kim", "W", entry="e1", reason="The network was down")
    again = stage.replayed().agenda.phases["W"].activity
    assert isinstance(again, Work)
    assert (again.state.documents, again.stops, again.state.holds) == (
        work(stage).state.documents,
        work(stage).stops,
        work(stage).state.holds,
    )
