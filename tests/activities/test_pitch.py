"""Pitches: slots on a stage in their order, and the clock that everybody sees the same."""

from __future__ import annotations

from typing import Any, cast

import pytest

from sessions.activities.pitch import Pitch, handed_on
from sessions.activities.pitch.running_order import RunningOrder, Turn
from sessions.activities.pitch.stage_clock import StageClock
from sessions.audience import EVERYBODY, team_scope
from sessions.messages import Event
from sessions.outcome import Fact, Inputs, Outcome
from sessions.session import Session
from tests.support.seed import SEED, fact, race, seeds
from tests.support.stage import START, Stage, phase

__all__ = ["seeds"]

SOFT = {"slots": "entries", "talk_minutes": 3, "qa_minutes": 2, "change_minutes": 1, "stop": "soft"}
HARD = {**SOFT, "stop": "hard"}
DRAWN = {**SOFT, "order": "drawn"}
OPENING = {"slots": "one", "talk_minutes": 40, "qa_minutes": 5, "rubric": "default5"}


def stage_with(rules: dict[str, Any]) -> Stage:
    """An open phase P1, and teams t1 (Ada and Bo), t2 (Cy) and t3 (Di) with an entry each: e1, e2, e3."""
    people: dict[str, Any] = dict.fromkeys(("ada", "bo", "cy", "di"), "participant")
    stage = Stage(
        SEED, phase("pitch", "P1", who=["teams", "staff"], rules=rules), phase("pause", "P2"), **people
    )
    race(stage, "ada bo", "cy", "di")
    stage.open("P1")
    return stage


def of(stage: Stage | Session) -> Pitch:
    session = stage.session if isinstance(stage, Stage) else stage
    return cast(Pitch, session.agenda.phases["P1"].activity)


def following(stage: Stage) -> str:
    """The slot that comes next."""
    return of(stage).running_order.following(of(stage).slots)


def data(stage: Stage, view: str, scope: str = EVERYBODY) -> Any:
    """What a pane shows; None where there is none."""
    shown = of(stage).show(view, scope)
    return None if shown is None else shown.data


def kinds(events: tuple[Event, ...]) -> list[str]:
    return [event.kind for event in events]


def since(stage: Stage, count: int) -> list[str]:
    return [event.kind for event in stage.log[count:]]


# ---- the running order


def test_without_an_order_entries_come_by_number() -> None:
    assert of(stage_with(SOFT).session).slots == ["e1", "e2", "e3"]


def test_a_drawn_order_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    drawn = []
    for seed in (1, 1, 4):
        stage = stage_with(DRAWN)
        stage.do("draw_order", "kim", "P1", seed=seed)
        drawn.append(of(stage).slots)
    assert (drawn[0] == drawn[1], sorted(drawn[0]), drawn[0] == drawn[2]) == (True, ["e1", "e2", "e3"], False)


def test_starting_draws_the_order_if_nobody_has() -> None:
    stage = stage_with(DRAWN)
    events = stage.ok("start_slot", "kim", "P1")
    assert kinds(events) == ["order_drawn", "slot_started"]
    assert events[1].body["slot"] == events[0].body["order"][0]


def test_drawing_again_leaves_who_has_been_on_in_place() -> None:
    stage = stage_with(DRAWN)
    first = stage.ok("start_slot", "kim", "P1")[1].body["slot"]
    for seed in range(5):
        stage.do("draw_order", "kim", "P1", seed=seed)
        assert of(stage).slots[0] == first


def test_an_order_handed_on_is_kept() -> None:
    stage = stage_with({**SOFT, "order": "handed"})
    activity = of(stage)
    activity.reopened(Inputs((Outcome(order=("e3", "e1")),)))
    assert activity.slots == ["e3", "e1", "e2"]


@pytest.mark.parametrize(
    ("slot", "to", "order"),
    [
        ("e2", "up", ["e2", "e1", "e3"]),
        ("e2", "down", ["e1", "e3", "e2"]),
        ("e1", "end", ["e2", "e3", "e1"]),
        ("e1", "up", ["e1", "e2", "e3"]),
        ("e3", "down", ["e1", "e2", "e3"]),
    ],
)
def test_a_slot_is_moved(slot: str, to: str, order: list[str]) -> None:
    stage = stage_with(SOFT)
    stage.ok("move_slot", "kim", "P1", slot=slot, to=to)
    assert of(stage).slots == order


def test_nobody_is_moved_before_who_has_been_on() -> None:
    stage = stage_with(SOFT)
    stage.ok("start_slot", "kim", "P1")
    stage.ok("move_slot", "kim", "P1", slot="e2", to="up")
    assert of(stage).slots == ["e1", "e2", "e3"]


def test_who_is_on_stage_is_not_moved() -> None:
    stage = stage_with(SOFT)
    stage.ok("start_slot", "kim", "P1")
    assert stage.no("move_slot", "kim", "P1", slot="e1", to="end") == "was_on"


@pytest.mark.parametrize(("slot", "to"), [("e9", "up"), ("e1", "sideways")])
def test_a_move_that_does_not_exist_is_refused(slot: str, to: str) -> None:
    stage = stage_with(SOFT)
    assert stage.no("move_slot", "kim", "P1", slot=slot, to=to) == "unknown_slot"


def test_only_staff_drive_the_stage() -> None:
    stage = stage_with(SOFT)
    refused = {
        stage.no(name, "ada", "P1")
        for name in ("draw_order", "move_slot", "start_slot", "stop_slot", "no_show")
    }
    assert refused == {"not_allowed"}


def test_who_is_not_there_goes_to_the_end_and_the_second_time_loses_the_slot() -> None:
    stage = stage_with(SOFT)
    stage.ok("no_show", "kim", "P1", slot="e1")
    assert of(stage).slots == ["e2", "e3", "e1"]
    assert kinds(stage.ok("no_show", "kim", "P1", slot="e1")) == ["slot_forfeited"]
    for _ in range(2):
        stage.ok("start_slot", "kim", "P1")
        stage.ok("stop_slot", "kim", "P1")
    assert stage.no("start_slot", "kim", "P1") == "no_slot"


def test_missing_pitchers_are_in_the_log_of_decisions() -> None:
    stage = stage_with(SOFT)
    for _ in range(2):
        stage.ok("no_show", "kim", "P1", slot="e2")
    assert [(d.text, d.params["number"]) for d in stage.session.decided[-2:]] == [
        ("Entry {number} was called and not there: moved to the end", 2),
        ("Entry {number} was called twice and not there: its slot is forfeited", 2),
    ]


def test_a_forfeited_slot_can_be_given_back() -> None:
    stage = stage_with(SOFT)
    for _ in range(2):
        stage.ok("no_show", "kim", "P1", slot="e1")
    assert following(stage) == "e2"
    stage.ok("move_slot", "kim", "P1", slot="e1", to="end")
    assert of(stage).running_order.turn("e1").waits is True


def test_a_parked_entry_has_no_slot() -> None:
    stage = stage_with(SOFT)
    fact(stage, "e2", "status", "parked")
    assert of(stage).slots == ["e1", "e3"]


def test_a_team_with_three_entries_gets_three_slots() -> None:
    stage = stage_with(SOFT)
    for number in (4, 5):
        kept = {"title": f"More {number}", "team": "t1", "idea": f"c{number}", "need": ""}
        fact(stage, f"c{number}", "kept", kept)
    assert [row["id"] for row in data(stage, "phone", team_scope("t1"))["rows"]] == ["e1", "e4", "e5"]


# ---- the clock


def on_stage(rules: dict[str, Any]) -> Stage:
    stage = stage_with(rules)
    stage.ok("start_slot", "kim", "P1")
    return stage


def test_the_room_is_warned_at_sixty_and_fifteen_seconds() -> None:
    stage = on_stage(SOFT)
    stage.after(3)
    warned = [(event.at - START, event.body["left"]) for event in stage.log if event.kind == "warned"]
    assert warned == [(120.0, 60), (165.0, 15)]


def test_a_soft_stop_waits_for_the_facilitator() -> None:
    stage = on_stage(SOFT)
    stage.after(4)
    clock = of(stage).stage_clock
    assert (clock.part, clock.over, clock.left(stage.now)) == ("talk", True, -60.0)


def test_time_that_is_up_needs_the_facilitator() -> None:
    stage = on_stage(SOFT)
    stage.after(3)
    assert [alert.at - START for alert in of(stage).alerts()] == [180.0]
    stage.ok("next_part", "kim", "P1", part="talk")
    assert list(of(stage).alerts()) == []


def test_a_hard_stop_goes_on_by_itself_to_the_end_of_the_slot() -> None:
    stage = on_stage(HARD)
    stage.after(7)
    changes = [
        (e.at - START, e.kind, e.body.get("part", ""))
        for e in stage.log
        if e.kind in ("part_begun", "slot_ended")
    ]
    assert changes == [
        (180.0, "part_begun", "qa"),
        (300.0, "part_begun", "change"),
        (360.0, "slot_ended", ""),
    ]


def test_after_a_hard_stop_the_next_slot_waits_for_the_facilitator() -> None:
    stage = on_stage(HARD)
    stage.after(30)
    assert (of(stage).stage_clock.slot, following(stage)) == (
        "",
        "e2",
    )


def test_a_stopped_clock_neither_warns_nor_ends() -> None:
    stage = on_stage(HARD)
    stage.after(1)
    stage.ok("pause_slot", "kim", "P1")
    count = len(stage.log)
    stage.after(20)
    assert (since(stage, count), of(stage).stage_clock.left(stage.now)) == ([], 120.0)


def test_a_clock_that_runs_again_has_the_time_it_had() -> None:
    stage = on_stage(HARD)
    stage.after(1)
    stage.ok("pause_slot", "kim", "P1")
    stage.after(20)
    stage.ok("resume_slot", "kim", "P1")
    stage.after(2)
    assert of(stage).stage_clock.part == "qa"


def test_a_warning_that_was_given_is_not_given_again_after_a_pause() -> None:
    stage = on_stage(HARD)
    stage.after(2.5)
    stage.ok("pause_slot", "kim", "P1")
    stage.ok("resume_slot", "kim", "P1")
    stage.after(0.4)
    assert [event.body["left"] for event in stage.log if event.kind == "warned"] == [60, 15]


def test_pausing_twice_changes_nothing() -> None:
    stage = on_stage(SOFT)
    stage.ok("pause_slot", "kim", "P1")
    assert stage.ok("pause_slot", "kim", "P1") == ()


def test_added_time_moves_the_end_and_warns_anew() -> None:
    stage = on_stage(HARD)
    stage.after(2.5)
    stage.ok("add_time", "kim", "P1", seconds="60")
    stage.after(1)
    assert [event.at - START for event in stage.log if event.kind == "warned"] == [120.0, 180.0]
    assert of(stage).stage_clock.part == "talk"


def test_time_added_to_a_stopped_clock_counts_when_it_runs_again() -> None:
    stage = on_stage(SOFT)
    stage.ok("pause_slot", "kim", "P1")
    stage.ok("add_time", "kim", "P1", seconds="-30")
    stage.ok("resume_slot", "kim", "P1")
    assert of(stage).stage_clock.left(stage.now) == 150.0


@pytest.mark.parametrize("seconds", ["", "0", "soon", "601"])
def test_time_is_added_in_whole_seconds(seconds: str) -> None:
    assert on_stage(SOFT).no("add_time", "kim", "P1", seconds=seconds) == "bad_seconds"


@pytest.mark.parametrize("command", ["pause_slot", "resume_slot", "add_time", "next_part", "stop_slot"])
def test_the_clock_has_nothing_to_do_for_an_empty_stage(command: str) -> None:
    assert stage_with(SOFT).no(command, "kim", "P1") == "nobody_on"


def test_two_slots_are_not_on_at_once() -> None:
    assert on_stage(SOFT).no("start_slot", "kim", "P1", slot="e2") == "somebody_on"


def test_a_press_that_meets_a_clock_gone_on_does_not_skip_a_part() -> None:
    stage = on_stage(HARD)
    stage.after(3)
    assert stage.no("next_part", "kim", "P1", part="talk") == "moved_on"


def test_actual_times_leave_out_pauses_and_the_change_over() -> None:
    stage = on_stage(SOFT)
    stage.after(2)
    stage.ok("pause_slot", "kim", "P1")
    stage.after(10)
    stage.ok("resume_slot", "kim", "P1")
    stage.after(2)
    stage.ok("next_part", "kim", "P1")
    stage.after(1)
    stage.ok("next_part", "kim", "P1")
    stage.after(1)
    stage.ok("next_part", "kim", "P1")
    assert stage.session.entries["e1"].latest("pitched") == {"planned": 300.0, "actual": 300.0}


def test_a_slot_that_is_broken_off_has_its_real_time() -> None:
    stage = on_stage(SOFT)
    stage.after(1.5)
    stage.ok("stop_slot", "kim", "P1")
    times = stage.session.outcome("P1").figures["times"]
    assert times == {"e1": {"planned": 300.0, "actual": 90.0}}


def test_closing_the_phase_ends_the_slot_that_is_on() -> None:
    stage = on_stage(SOFT)
    stage.after(1)
    stage.close("P1")
    assert (of(stage).stage_clock.slot, stage.session.entries["e1"].latest("pitched")["actual"]) == (
        "",
        60.0,
    )


def test_half_minutes_are_parts_too() -> None:
    stage = on_stage({"slots": "entries", "talk_minutes": 1, "qa_minutes": 0.5, "stop": "hard"})
    stage.after(1.5)
    assert [event.body["left"] for event in stage.log if event.kind == "warned"] == [15, 15]
    assert of(stage).stage_clock.slot == ""


# ---- one speaker


def test_a_phase_with_one_slot_has_no_running_order() -> None:
    stage = stage_with(OPENING)
    assert {stage.no("draw_order", "kim", "P1"), stage.no("no_show", "kim", "P1", slot="talk")} == {
        "one_slot"
    }


def test_the_opening_shows_the_jurys_criteria_with_weights() -> None:
    stage = stage_with(OPENING)
    shown = data(stage, "phone")["criteria"]
    assert [(row["id"], row["weight"]) for row in shown][:2] == [("need", 25), ("novelty", 20)]


def test_one_talk_runs_on_the_same_clock() -> None:
    stage = on_stage(OPENING)
    stage.after(40)
    assert (of(stage).stage_clock.over, of(stage).alone) == (True, True)


# ---- who speaks and what is seen


def test_a_team_names_who_presents_its_entry() -> None:
    stage = stage_with(SOFT)
    stage.ok("name_presenters", "bo", "P1", slot="e1", person=["bo"])
    assert stage.session.entries["e1"].latest("presenters") == ["bo"]


def test_another_teams_presenters_are_not_for_us_to_name() -> None:
    assert stage_with(SOFT).no("name_presenters", "cy", "P1", slot="e1", person=["ada"]) == "not_allowed"


def test_a_presenter_is_one_of_the_team() -> None:
    assert stage_with(SOFT).no("name_presenters", "kim", "P1", slot="e1", person=["cy"]) == "not_in_team"


def test_presenters_are_named_to_all_only_with_their_consent() -> None:
    stage = on_stage(SOFT)
    stage.ok("name_presenters", "kim", "P1", slot="e1", person=["ada", "bo"])
    fact(stage, "person:bo", "consent", "session")
    fact(stage, "person:ada", "consent", "team")
    shown = {view: data(stage, view)["on"]["presenters"] for view in ("phone", "screen", "console")}
    assert shown == {"phone": ["bo"], "screen": ["bo"], "console": ["ada", "bo"]}


def with_summary(level: str) -> Stage:
    stage = on_stage(SOFT)
    fact(stage, "e1", "field", "Sawmill heat", "summary.summary")
    if level:
        fact(stage, "e1", "disclosure", level)
    return stage


@pytest.mark.parametrize(
    ("level", "shown"), [("ok", "Sawmill heat"), ("summary", "Sawmill heat"), ("closed", ""), ("", "")]
)
def test_more_than_the_title_is_shown_only_when_it_has_been_cleared(level: str, shown: str) -> None:
    on = data(with_summary(level), "phone")["on"]
    assert (on["title"], on["summary"]) == ("Project 1", shown)


def test_a_team_sees_its_own_slots_only() -> None:
    stage = stage_with(SOFT)
    assert [row["id"] for row in data(stage, "phone", team_scope("t2"))["rows"]] == ["e2"]


def test_a_waiting_team_is_told_when_it_will_be_on() -> None:
    stage = on_stage(SOFT)
    rows = {row["id"]: row["starts_at"] - START for row in data(stage, "console")["rows"]}
    assert rows == {"e1": 0.0, "e2": 360.0, "e3": 720.0}


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        (Fact("e1", "title", "x"), True),
        (Fact("e1", "feedback", "x"), False),
        (Fact("e1", "field", "x", "summary.summary"), True),
        (Fact("e1", "field", "x", "market.size"), False),
        (Fact("person:ada", "consent", "team"), True),
        (Fact("person:ada", "present", False), False),
    ],
)
def test_what_is_shown_reaches_the_stage_and_nothing_else_redraws_it(change: Fact, seen: bool) -> None:
    assert bool(list(of(stage_with(SOFT)).noticed(change, "S"))) is seen


def test_a_command_of_the_technical_check_is_unknown_on_stage() -> None:
    assert stage_with(SOFT).no("mark_checked", "kim", "P1", entry="e1", result="ok") == "unknown_command"


# ---- the log


def test_a_stage_folds_again_from_its_log() -> None:
    stage = on_stage({**HARD, "order": "drawn"})
    stage.ok("no_show", "kim", "P1", slot=following(stage))
    stage.after(1)
    stage.ok("pause_slot", "kim", "P1")
    stage.ok("add_time", "kim", "P1", seconds="30")
    stage.ok("resume_slot", "kim", "P1")
    stage.after(4)
    again, now = of(stage.replayed()), of(stage)
    assert (again.slots, again.stage_clock, again.running_order) == (
        now.slots,
        now.stage_clock,
        now.running_order,
    )


# ---- without a session


@pytest.mark.parametrize(
    ("to", "order"),
    [("up", ["a", "c", "b", "d"]), ("down", ["a", "b", "d", "c"]), ("end", ["a", "b", "d", "c"])],
)
def test_a_slot_moves_past_the_nearest_that_waits(to: str, order: list[str]) -> None:
    running = RunningOrder(["a", "b", "c", "d"], turns={"a": Turn(started_at=START)})
    assert running.moved(["a", "b", "c", "d"], "c", to) == order


def test_a_lot_parts_only_those_who_wait() -> None:
    running = RunningOrder([], turns={"b": Turn(started_at=START), "d": Turn(forfeited=True)})
    drawn = [running.drawn_anew(["a", "b", "c", "d", "e"], seed) for seed in range(9)]
    assert {tuple(order[:2]) for order in drawn} == {("b", "d")}
    assert len({tuple(order[2:]) for order in drawn}) > 1


def test_a_stopped_clock_counts_no_time_for_the_part() -> None:
    clock = StageClock()
    clock.begin("e1", "talk", 180.0, START)
    clock.pause(START + 60)
    clock.resume(START + 600)
    assert (clock.ends_at, clock.end(START + 630)) == (START + 720, {"talk": 90.0})


def test_what_is_handed_on_leaves_out_the_change_over_and_who_was_not_on() -> None:
    lengths = {"talk": 180.0, "qa": 120.0, "change": 60.0}
    spent = {"talk": 170.04, "qa": 60.0, "change": 45.0}
    turns = {"e1": Turn(START, START + 300, spent=spent), "e2": Turn(calls=1)}
    assert handed_on.outcome(["e1", "e2"], turns, lengths) == Outcome(
        order=("e1", "e2"), figures={"times": {"e1": {"planned": 300.0, "actual": 230.0}}}
    )


# ---- a press is for the slot that was seen


@pytest.mark.parametrize(
    ("command", "fields"),
    [
        ("next_part", {"part": "talk"}),
        ("pause_slot", {}),
        ("resume_slot", {}),
        ("add_time", {"seconds": "30"}),
        ("stop_slot", {}),
    ],
)
def test_a_press_that_was_meant_for_the_slot_before_changes_nothing(
    command: str, fields: dict[str, Any]
) -> None:
    stage = stage_with(SOFT)
    stage.ok("start_slot", "kim", "P1", slot="e1")
    stage.ok("stop_slot", "kim", "P1", slot="e1")
    stage.ok("start_slot", "kim", "P1", slot="e2")
    assert stage.no(command, "kim", "P1", slot="e1", **fields) == "moved_on"
    stage.do(command, "kim", "P1", slot="e2", **fields)


# ---- whether all fit


def foreseen(minutes: int) -> list[dict[str, Any]]:
    """What the facilitator is told about a stage that is still to come: three slots of six minutes."""
    planned = phase("pitch", "P1", who=["teams"], minutes=minutes, rules=SOFT)
    people: dict[str, Any] = dict.fromkeys(("ada", "bo", "cy"), "participant")
    stage = Stage(SEED, planned, **people)
    race(stage, "ada", "bo", "cy")
    return [dict(one.alert.params) for one in stage.session.needed if one.phase == "P1"]


def test_too_many_pitches_for_the_time_are_told_before_the_phase_opens() -> None:
    assert foreseen(18) == []
    assert foreseen(17) == [{"count": 3, "each": "6", "needed": 18, "planned": 17, "missing": 1}]


def test_too_many_pitches_for_the_time_that_is_left_are_told_while_they_are_held() -> None:
    stage = stage_with(SOFT)
    assert list(of(stage).alerts()) == []
    stage.ok("extend_phase", "kim", "P1", minutes="-15")
    (told,) = of(stage).alerts()
    assert dict(told.params) == {"count": 3, "each": "6", "missing": 3}
    stage.ok("start_slot", "kim", "P1", slot="e1")
    assert [dict(told.params)["count"] for told in of(stage).alerts()] == [2]
    stage.ok("extend_phase", "kim", "P1", minutes="5")
    assert list(of(stage).alerts()) == []
