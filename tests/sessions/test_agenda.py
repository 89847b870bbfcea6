"""Phases in time: what comes next, and when."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sessions.agenda import CLOSED, OPEN, PLANNED, SKIPPED, Agenda, Phase
from sessions.format import read_format
from tests.support.stage import phase, race48, words

STOCKHOLM = ZoneInfo("Europe/Stockholm")
MINUTE, HOUR = 60.0, 3600.0


def agenda(*rows: dict[str, Any]) -> Agenda:
    return Agenda(read_format({"key": "t", "title": words("T"), "phase": list(rows)}).specs)


def three() -> Agenda:
    """A, B with X and Y beside it, C, and D weeks later; 30 minutes each."""
    return agenda(
        phase("pause", "A"),
        phase("pause", "B"),
        phase("pause", "X", beside="B", channel=True),
        phase("pause", "Y", beside="B"),
        phase("pause", "C"),
        phase("pause", "D", later=True),
    )


def set_phase(agenda: Agenda, name: str, state: str, opened: float = 0.0, ends: float = 0.0) -> Phase:
    """As if the phase had been opened (and closed at ``ends``)."""
    phase = agenda.phases[name]
    phase.state, phase.opened_at, phase.ends_at, phase.closed_at = state, opened, ends, ends
    return phase


def ids(phases: list[Phase]) -> list[str]:
    return [phase.id for phase in phases]


def slots(agenda: Agenda, now: float) -> list[tuple[str, float, float]]:
    return [(s.phase.id, s.starts_at / MINUTE, s.ends_at / MINUTE) for s in agenda.forecast(now)]


def test_the_main_track_is_what_stands_beside_nothing() -> None:
    assert ids(three().main_track) == ["A", "B", "C", "D"]
    assert ids(three().beside(three().phases["B"])) == ["X", "Y"]
    assert three().beside(three().phases["A"]) == []


def test_the_next_phase_is_the_first_planned_one_after_the_current() -> None:
    plan = three()
    assert plan.following() is plan.phases["A"]
    plan.current = set_phase(plan, "A", OPEN)
    assert plan.following() is plan.phases["B"]
    set_phase(plan, "B", SKIPPED)
    assert plan.following() is plan.phases["C"]


def test_nothing_follows_the_last_phase_even_if_one_before_was_left_out() -> None:
    plan = three()
    plan.current = set_phase(plan, "D", OPEN)
    assert plan.phases["B"].state == PLANNED
    assert plan.following() is None


def test_people_have_the_current_phase_before_them_first_then_all_that_is_open() -> None:
    plan = three()
    assert plan.showing == []
    plan.current = set_phase(plan, "B", CLOSED)
    set_phase(plan, "A", CLOSED)
    set_phase(plan, "X", OPEN)
    assert ids(plan.showing) == ["B", "X"]
    assert ids(plan.started) == ["A", "B", "X"]
    assert ids(plan.open) == ["X"]


def test_a_forecast_before_the_start_is_the_plan() -> None:
    assert slots(three(), 0.0) == [("A", 0, 30), ("B", 30, 60), ("C", 60, 90), ("D", 90, 120)]


def test_a_forecast_tells_the_past_as_it_was_and_moves_what_is_to_come() -> None:
    plan = three()
    set_phase(plan, "A", CLOSED, 0.0, 40 * MINUTE)
    plan.current = set_phase(plan, "B", OPEN, 40 * MINUTE, 75 * MINUTE)
    expected = [("A", 0, 40), ("B", 40, 75), ("C", 75, 105), ("D", 105, 135)]
    assert slots(plan, 50 * MINUTE) == expected


def test_a_phase_that_runs_over_pushes_the_rest() -> None:
    plan = three()
    plan.current = set_phase(plan, "A", OPEN, 0.0, 30 * MINUTE)
    assert slots(plan, 45 * MINUTE)[:2] == [("A", 0, 45), ("B", 45, 75)]


def test_a_skipped_phase_takes_no_time() -> None:
    plan = three()
    plan.current = set_phase(plan, "A", OPEN, 0.0, 30 * MINUTE)
    set_phase(plan, "B", SKIPPED)
    assert slots(plan, 0.0)[:3] == [("A", 0, 30), ("B", 30, 30), ("C", 30, 60)]


def test_the_plan_counts_elapsed_time_of_the_main_track_without_what_comes_later() -> None:
    plan = three()
    offsets = {phase.id: plan.planned_offset(phase) / MINUTE for phase in plan}
    assert offsets == {"A": 0, "B": 30, "X": 30, "Y": 30, "C": 60, "D": 90}


def test_the_current_phase_is_behind_by_what_its_end_is_late() -> None:
    plan = three()
    assert plan.behind(0.0, 0.0) == 0.0
    plan.current = set_phase(plan, "B", OPEN, 40 * MINUTE, 70 * MINUTE)
    assert plan.behind(0.0, 40 * MINUTE) == 10 * MINUTE
    assert plan.behind(0.0, 80 * MINUTE) == 20 * MINUTE


def test_ahead_of_the_plan_is_negative() -> None:
    plan = three()
    plan.current = set_phase(plan, "B", OPEN, 20 * MINUTE, 50 * MINUTE)
    assert plan.behind(0.0, 20 * MINUTE) == -10 * MINUTE


@pytest.mark.parametrize(("name", "state"), [("C", CLOSED), ("D", OPEN)])
def test_what_comes_later_is_never_behind_nor_is_the_end_of_the_race(name: str, state: str) -> None:
    plan = three()
    plan.current = set_phase(plan, name, state, 900 * MINUTE, 999 * MINUTE)
    assert plan.behind(0.0, 999 * MINUTE) == 0.0


def test_between_two_phases_the_next_one_gets_later_by_the_minute() -> None:
    plan = three()
    plan.current = set_phase(plan, "B", CLOSED, 30 * MINUTE, 55 * MINUTE)
    assert plan.behind(0.0, 55 * MINUTE) == -5 * MINUTE
    assert plan.behind(0.0, 70 * MINUTE) == 10 * MINUTE


def test_overtime_counts_as_being_behind() -> None:
    plan = three()
    plan.current = set_phase(plan, "A", OPEN, 0.0, 30 * MINUTE)
    assert plan.behind(0.0, 25 * MINUTE) == 0.0
    assert plan.behind(0.0, 42 * MINUTE) == 12 * MINUTE


def test_what_builds_on_a_phase_is_found_through_any_number_of_others() -> None:
    inputs = {"A": [], "B": ["A"], "C": ["B"], "D": ["C"], "E": []}
    plan = agenda(*(phase("pause", name, inputs=before) for name, before in inputs.items()))
    assert ids(plan.built_on(plan.phases["A"])) == ["B", "C", "D"]
    assert ids(plan.built_on(plan.phases["D"])) == []


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (datetime(2026, 3, 27, 12, tzinfo=STOCKHOLM), datetime(2026, 3, 29, 13, tzinfo=STOCKHOLM)),
        (datetime(2026, 10, 23, 12, tzinfo=STOCKHOLM), datetime(2026, 10, 25, 11, tzinfo=STOCKHOLM)),
        (datetime(2026, 5, 8, 12, tzinfo=STOCKHOLM), datetime(2026, 5, 10, 12, tzinfo=STOCKHOLM)),
    ],
    ids=["to summer time", "from summer time", "an ordinary weekend"],
)
def test_the_race_ends_after_48_elapsed_hours_whatever_the_clocks_on_the_wall_do(
    start: datetime, end: datetime
) -> None:
    plan = Agenda(read_format(race48()).specs)
    last = [slot for slot in plan.forecast(start.timestamp()) if not slot.phase.spec.later][-1]
    assert last.ends_at == start.timestamp() + 48 * HOUR == end.timestamp()
