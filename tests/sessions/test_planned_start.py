"""Before the event: when it starts stands where people wait, and every coming time follows from it."""

from __future__ import annotations

from typing import Any

import pytest

from sessions.days import moment
from sessions.format_faults import findings
from tests.support.look import drawn_by, page
from tests.support.stage import START, Stage, made_up, phase

REST = {"reason": "meal"}
AT = "2026-12-03 09:00"
STARTS = 1_796_284_800.0


def room() -> Stage:
    return Stage(*(phase("pause", name, rules=REST) for name in "ABC"), ada="participant")


def times(stage: Stage) -> list[float]:
    return [slot.starts_at for slot in stage.session.agenda.forecast(stage.now)]


def test_coming_times_follow_from_the_planned_start_until_the_event_begins() -> None:
    stage = room()
    assert times(stage) == [START, START + 1800, START + 3600]
    stage.ok("plan_start", "kim", at=AT)
    assert times(stage) == [STARTS, STARTS + 1800, STARTS + 3600]
    stage.open("A")
    assert times(stage) == [START, START + 1800, START + 3600]
    assert stage.replayed().agenda.starts_at == STARTS


@pytest.mark.parametrize(("view", "person"), [("phone", "ada"), ("screen", "kim"), ("console", "kim")])
@pytest.mark.parametrize(("language", "hour"), [("en", "09:00"), ("sv", "09.00"), ("fi", "9.00")])
def test_it_is_read_where_people_wait(view: str, person: str, language: str, hour: str) -> None:
    stage = room()
    before = page(drawn_by(), stage, view, person, language)
    stage.ok("plan_start", "kim", at=AT)
    after = page(drawn_by(), stage, view, person, language)
    assert f">{hour}</time>" not in before
    assert f">{hour}</time>" in after
    stage.open("A")
    assert f'data-ends="{STARTS * 1000:.0f}"' not in page(drawn_by(), stage, view, person, language)


def test_it_is_taken_back_with_an_empty_field() -> None:
    stage = room()
    stage.ok("plan_start", "kim", at=AT)
    stage.ok("plan_start", "kim", at="")
    assert times(stage)[0] == START
    assert stage.ok("plan_start", "kim", at="") == ()


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        ("soon", "bad_time"),
        ("2026-12-03", "bad_time"),
        ("2020-01-01 09:00", "in_the_past"),
        ("9999-12-31 23:59", "far_ahead"),
    ],
)
def test_what_cannot_be_a_start_is_refused(at: str, reason: str) -> None:
    assert room().no("plan_start", "kim", at=at) == reason


def with_days_before() -> Stage:
    """A survey for days, then an event of two phases."""
    before = phase(
        "survey", "S", minutes=20_160, before=True, rules={"form": "checkin", "respondent": "person"}
    )
    return Stage(before, phase("pause", "A", rules=REST), phase("pause", "B", rules=REST), ada="participant")


def test_what_runs_in_the_days_before_moves_neither_the_start_nor_the_clock() -> None:
    stage = with_days_before()
    stage.open("S")
    assert (stage.session.anchor, stage.session.agenda.has_begun) == (0.0, False)
    stage.ok("plan_start", "kim", at=AT)
    assert times(stage) == [START, STARTS, STARTS + 1800]
    stage.after(60 * 24)
    stage.ok("answer", "ada", "S", terms="yes", consent="session")
    stage.ok("next_phase", "kim", "S")
    assert (stage.session.anchor, stage.session.agenda.phases["S"].state) == (stage.now, "closed")
    assert times(stage) == [START, stage.now, stage.now + 1800]
    assert stage.replayed().anchor == stage.session.anchor


def test_before_the_event_nobody_reads_how_long_it_has_run() -> None:
    stage = with_days_before()
    stage.open("S")
    for view, person in (("phone", "ada"), ("screen", "kim"), ("console", "kim")):
        assert "data-elapsed-from" not in page(drawn_by(), stage, view, person, "en"), view
    stage.open("A")
    assert "data-elapsed-from" in page(drawn_by(), stage, "phone", "ada", "en")


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        (
            (phase("pause", "A", rules=REST), phase("pause", "B", before=True, rules=REST)),
            "it stands before A",
        ),
        ((phase("pause", "A", before=True, later=True, rules=REST),), "neither after it nor beside"),
    ],
)
def test_days_before_that_cannot_be_are_a_fault(rows: tuple[dict[str, Any], ...], fault: str) -> None:
    assert any(fault in str(finding) for finding in findings({**made_up(), "phase": list(rows)}))


def test_only_staff_plans_it_and_only_before_the_event() -> None:
    stage = room()
    assert stage.no("plan_start", "ada", at=AT) == "not_allowed"
    stage.open("A")
    assert stage.no("plan_start", "kim", at=AT) == "begun"


def test_a_time_is_one_of_the_sessions_zone() -> None:
    assert moment("2026-12-03T09:00", "Europe/Stockholm") == STARTS
    assert moment("2026-12-03 10:00", "Europe/Helsinki") == STARTS
    assert moment("2026-07-03 09:00", "Europe/Stockholm") == moment("2026-07-03 07:00", "UTC")
    assert moment("2026-12-03T09:00Z", "Europe/Stockholm") is None
