"""Slots and their clock, the technical check, and awards shown one at a time."""

from __future__ import annotations

from typing import Any, cast

import pytest

from sessions import facts
from sessions.activities.present import Present
from sessions.activities.present.techcheck import in_ranges
from sessions.activities.present.views import FEW_PLACES
from sessions.audience import EVERYBODY, role_scope, team_scope
from sessions.messages import Event
from sessions.outcome import Fact, Inputs, Outcome, Team
from sessions.session import Session
from tests.support.look import drawn_by, page
from tests.support.stage import START, Stage, phase

SOFT = {"slots": "entries", "talk_minutes": 3, "qa_minutes": 2, "change_minutes": 1, "stop": "soft"}
HARD = {**SOFT, "stop": "hard"}
DRAWN = {**SOFT, "order": "drawn"}
OPENING = {"slots": "one", "talk_minutes": 40, "qa_minutes": 5, "rubric": "default5"}
CHECKS = {"mode": "techcheck", "slots": "entries"}
AWARDS = {"mode": "awards"}


def furnish(session: Session, titles: tuple[str, ...] = ("Heat", "Cold", "Pump")) -> None:
    """Teams t1 (Ada leads, Bo), t2 (Cy) and t3 (Di), with an entry each: e1, e2, e3."""
    for number, members in enumerate((("ada", "bo"), ("cy",), ("di",)), 1):
        facts.regroup(session, Team(f"t{number}", number, f"Team {number}", members, members[0]))
    for number, title in enumerate(titles, 1):
        kept = {"title": title, "team": f"t{number}", "idea": f"c{number}", "need": ""}
        facts.learn(session, "P0", Fact(f"c{number}", "kept", kept))


def stage_with(rules: dict[str, Any], who: tuple[str, ...] = ("teams", "staff"), **row: Any) -> Stage:
    """A phase P1 of three teams with an entry each; Ida is a jury chair; a phase P2 comes after it."""
    people: dict[str, Any] = dict.fromkeys(("ada", "bo", "cy", "di"), "participant")
    first = phase("present", "P1", who=list(who), rules=rules, **row)
    stage = Stage(first, phase("pause", "P2"), **people, ida="jury_chair")
    furnish(stage.session)
    stage.open("P1")
    return stage


def of(session: Session) -> Present:
    return cast(Present, session.agenda.phases["P1"].activity)


def data(stage: Stage, view: str, scope: str = EVERYBODY) -> Any:
    """What a pane shows; None where there is none."""
    shown = of(stage.session).show(view, scope)
    return None if shown is None else shown.data


def kinds(events: tuple[Event, ...]) -> list[str]:
    return [event.kind for event in events]


def since(stage: Stage, count: int) -> list[str]:
    return [event.kind for event in stage.log[count:]]


def folded_again(stage: Stage) -> Session:
    """The session from its log, with the same teams and entries put in before the first phase opens."""
    session = Session()
    for event in stage.log:
        if event.kind == "phase_opened" and not session.entries:
            furnish(session)
        session.evolve(event)
    return session


# ---- the running order


def test_without_an_order_entries_come_by_number() -> None:
    assert of(stage_with(SOFT).session).running_order == ["e1", "e2", "e3"]


def test_a_drawn_order_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    drawn = []
    for seed in (1, 1, 4):
        stage = stage_with(DRAWN)
        stage.do("draw_order", "kim", "P1", seed=seed)
        drawn.append(of(stage.session).running_order)
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
        assert of(stage.session).running_order[0] == first


def test_an_order_handed_on_is_kept() -> None:
    stage = stage_with({**SOFT, "order": "handed"})
    activity = of(stage.session)
    activity.reopened(Inputs((Outcome(order=("e3", "e1")),)))
    assert activity.running_order == ["e3", "e1", "e2"]


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
    assert of(stage.session).running_order == order


def test_nobody_is_moved_before_who_has_been_on() -> None:
    stage = stage_with(SOFT)
    stage.ok("start_slot", "kim", "P1")
    stage.ok("move_slot", "kim", "P1", slot="e2", to="up")
    assert of(stage.session).running_order == ["e1", "e2", "e3"]


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
    assert of(stage.session).running_order == ["e2", "e3", "e1"]
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
    assert of(stage.session).following(of(stage.session).running_order) == "e2"
    stage.ok("move_slot", "kim", "P1", slot="e1", to="end")
    assert of(stage.session).turn("e1").waits is True


def test_a_parked_entry_has_no_slot() -> None:
    stage = stage_with(SOFT)
    facts.learn(stage.session, "P0", Fact("e2", "status", "parked"))
    assert of(stage.session).running_order == ["e1", "e3"]


def test_a_team_with_three_entries_gets_three_slots() -> None:
    stage = stage_with(SOFT)
    for number in (4, 5):
        kept = {"title": f"More {number}", "team": "t1", "idea": f"c{number}", "need": ""}
        facts.learn(stage.session, "P0", Fact(f"c{number}", "kept", kept))
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
    lectern = of(stage.session).lectern
    assert (lectern.part, lectern.over, lectern.left(stage.now)) == ("talk", True, -60.0)


def test_time_that_is_up_needs_the_facilitator() -> None:
    stage = on_stage(SOFT)
    stage.after(3)
    assert [alert.at - START for alert in of(stage.session).alerts()] == [180.0]
    stage.ok("next_part", "kim", "P1", part="talk")
    assert list(of(stage.session).alerts()) == []


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
    assert (of(stage.session).lectern.slot, of(stage.session).following(of(stage.session).running_order)) == (
        "",
        "e2",
    )


def test_a_stopped_clock_neither_warns_nor_ends() -> None:
    stage = on_stage(HARD)
    stage.after(1)
    stage.ok("pause_slot", "kim", "P1")
    count = len(stage.log)
    stage.after(20)
    assert (since(stage, count), of(stage.session).lectern.left(stage.now)) == ([], 120.0)


def test_a_clock_that_runs_again_has_the_time_it_had() -> None:
    stage = on_stage(HARD)
    stage.after(1)
    stage.ok("pause_slot", "kim", "P1")
    stage.after(20)
    stage.ok("resume_slot", "kim", "P1")
    stage.after(2)
    assert of(stage.session).lectern.part == "qa"


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
    assert of(stage.session).lectern.part == "talk"


def test_time_added_to_a_stopped_clock_counts_when_it_runs_again() -> None:
    stage = on_stage(SOFT)
    stage.ok("pause_slot", "kim", "P1")
    stage.ok("add_time", "kim", "P1", seconds="-30")
    stage.ok("resume_slot", "kim", "P1")
    assert of(stage.session).lectern.left(stage.now) == 150.0


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
    assert (of(stage.session).lectern.slot, stage.session.entries["e1"].latest("pitched")["actual"]) == (
        "",
        60.0,
    )


def test_half_minutes_are_parts_too() -> None:
    stage = on_stage({"slots": "entries", "talk_minutes": 1, "qa_minutes": 0.5, "stop": "hard"})
    stage.after(1.5)
    assert [event.body["left"] for event in stage.log if event.kind == "warned"] == [15, 15]
    assert of(stage.session).lectern.slot == ""


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
    assert (of(stage.session).lectern.over, of(stage.session).alone) == (True, True)


# ---- who speaks and what is seen


def test_a_team_names_who_presents_its_entry() -> None:
    stage = stage_with(SOFT)
    stage.ok("name_presenters", "bo", "P1", slot="e1", person=["bo"])
    assert stage.session.entries["e1"].latest("presenters") == ["bo"]


def test_another_teams_presenters_are_not_for_us_to_name() -> None:
    assert stage_with(SOFT).no("name_presenters", "cy", "P1", slot="e1", person=["ada"]) == "not_allowed"


def test_a_presenter_is_one_of_the_team() -> None:
    assert stage_with(SOFT).no("name_presenters", "kim", "P1", slot="e1", person=["cy"]) == "not_in_team"


def test_the_projector_names_presenters_only_with_their_consent() -> None:
    stage = on_stage(SOFT)
    stage.ok("name_presenters", "kim", "P1", slot="e1", person=["ada", "bo"])
    facts.learn(stage.session, "P0", Fact("person:bo", "consent", "session"))
    facts.learn(stage.session, "P0", Fact("person:ada", "consent", "team"))
    assert (data(stage, "phone")["on"]["presenters"], data(stage, "screen")["on"]["presenters"]) == (
        ["ada", "bo"],
        ["bo"],
    )


def with_summary(level: str) -> Stage:
    stage = on_stage(SOFT)
    facts.learn(stage.session, "P0", Fact("e1", "field", "Sawmill heat", "summary.summary"))
    if level:
        facts.learn(stage.session, "P0", Fact("e1", "disclosure", level))
    return stage


@pytest.mark.parametrize(
    ("level", "shown"), [("ok", "Sawmill heat"), ("summary", "Sawmill heat"), ("closed", ""), ("", "")]
)
def test_more_than_the_title_is_shown_only_when_it_has_been_cleared(level: str, shown: str) -> None:
    on = data(with_summary(level), "phone")["on"]
    assert (on["title"], on["summary"]) == ("Heat", shown)


def test_a_team_sees_its_own_slots_only() -> None:
    stage = stage_with(SOFT)
    assert [row["id"] for row in data(stage, "phone", team_scope("t2"))["rows"]] == ["e2"]


def test_a_waiting_team_is_told_when_it_will_be_on() -> None:
    stage = on_stage(SOFT)
    rows = {row["id"]: row["starts_at"] - START for row in data(stage, "console")["rows"]}
    assert rows == {"e1": 0.0, "e2": 360.0, "e3": 720.0}


def test_a_new_title_reaches_the_stage_and_feedback_does_not_redraw_it() -> None:
    activity = of(stage_with(SOFT).session)
    said = [list(activity.noticed(Fact("e1", name, "x"), "P0")) for name in ("title", "feedback")]
    assert [len(touches) for touches in said] == [1, 0]


def test_a_command_of_another_mode_is_unknown() -> None:
    assert stage_with(SOFT).no("mark_checked", "kim", "P1", entry="e1", result="ok") == "unknown_command"


# ---- the technical check


def check(stage: Stage, *entries: str) -> None:
    for entry in entries:
        stage.ok("mark_checked", "kim", "P1", entry=entry, result="ok")


def test_the_first_checked_chooses_first() -> None:
    stage = stage_with(CHECKS)
    check(stage, "e3")
    stage.ok("choose_slot", "di", "P1", entry="e3", position="2")
    assert of(stage.session).arrangement()[1] == "e3"


def test_without_a_check_there_is_nothing_to_choose() -> None:
    assert stage_with(CHECKS).no("choose_slot", "di", "P1", entry="e3", position="1") == "not_checked"


@pytest.mark.parametrize("position", ["2", "0", "4", "", "first"])
def test_only_free_slots_can_be_chosen(position: str) -> None:
    stage = stage_with(CHECKS)
    check(stage, "e3", "e1")
    stage.ok("choose_slot", "di", "P1", entry="e3", position="2")
    assert stage.no("choose_slot", "ada", "P1", entry="e1", position=position) == "taken"


def test_a_slot_can_be_changed_for_another_free_one() -> None:
    stage = stage_with(CHECKS)
    check(stage, "e3", "e1")
    stage.ok("choose_slot", "di", "P1", entry="e3", position="2")
    stage.ok("choose_slot", "di", "P1", entry="e3", position="3")
    stage.ok("choose_slot", "ada", "P1", entry="e1", position="2")
    assert of(stage.session).arrangement() == ("e2", "e1", "e3")


def test_a_team_chooses_for_its_own_entry() -> None:
    stage = stage_with(CHECKS)
    check(stage, "e3")
    assert stage.no("choose_slot", "ada", "P1", entry="e3", position="1") == "not_allowed"


def test_what_stops_working_loses_its_slot() -> None:
    stage = stage_with(CHECKS)
    check(stage, "e3")
    stage.ok("choose_slot", "di", "P1", entry="e3", position="1")
    stage.ok("mark_checked", "kim", "P1", entry="e3", result="not_ok")
    assert of(stage.session).free_for("e1") == [1, 2, 3]


def test_who_was_not_checked_comes_last() -> None:
    stage = stage_with(CHECKS)
    check(stage, "e3", "e2")
    assert stage.session.outcome("P1").order == ("e3", "e2", "e1")


def test_closing_settles_the_order_once_and_for_the_log() -> None:
    stage = stage_with(CHECKS)
    check(stage, "e3")
    stage.close("P1")
    settled = next(event for event in stage.log if event.kind == "order_settled")
    assert settled.body["order"] == ["e3", "e1", "e2"] == list(stage.session.outcome("P1").order)


def test_the_queue_follows_the_sign_up() -> None:
    stage = stage_with(CHECKS)
    of(stage.session).inputs = Inputs((Outcome(order=("e2",)),))
    assert of(stage.session).queue == ["e2", "e1", "e3"]


def test_a_team_hears_how_many_are_checked_before_it() -> None:
    stage = stage_with(CHECKS)
    assert data(stage, "phone", team_scope("t3"))["rows"][0]["ahead"] == 2
    check(stage, "e1")
    assert data(stage, "phone", team_scope("t3"))["rows"][0]["ahead"] == 1


def checked_of(count: int) -> Stage:
    """A technical check in which so many entries of team t1 were found well, and nobody has chosen yet."""
    stage = stage_with(CHECKS)
    for number in range(4, count + 1):
        kept = {"title": "Pump", "team": "t1", "idea": f"c{number}", "need": ""}
        facts.learn(stage.session, "P0", Fact(f"c{number}", "kept", kept))
    check(stage, *(f"e{number}" for number in range(1, count + 1)))
    return stage


def test_the_console_of_the_check_grows_with_the_entries_and_not_with_their_square() -> None:
    few, many = (len(page(drawn_by(), checked_of(count), "console", "kim", "en")) for count in (40, 160))
    none = len(page(drawn_by(), stage_with(CHECKS), "console", "kim", "en"))
    assert many - none < 4.6 * (few - none)


def test_of_many_free_slots_a_phone_says_which_and_lets_one_be_typed() -> None:
    stage = checked_of(FEW_PLACES + 5)
    stage.ok("choose_slot", "di", "P1", entry="e3", position="2")
    row = data(stage, "phone", team_scope("t1"))["rows"][0]
    assert row["in_ranges"] == f"1, 3–{FEW_PLACES + 5}"
    assert data(checked_of(5), "phone", team_scope("t1"))["rows"][0]["in_ranges"] == ""
    html = page(drawn_by(), stage, "phone", "ada", "fi")
    assert 'type="number"' in html
    assert f"Vapaat: 1, 3–{FEW_PLACES + 5}" in html


@pytest.mark.parametrize(
    ("places", "words"), [([], ""), ([4], "4"), ([1, 2], "1–2"), ([1, 2, 3, 7, 9, 10], "1–3, 7, 9–10")]
)
def test_numbers_are_told_in_ranges(places: list[int], words: str) -> None:
    assert in_ranges(places) == words


def test_an_entry_that_is_not_in_the_race_is_not_checked() -> None:
    assert stage_with(CHECKS).no("mark_checked", "kim", "P1", entry="e7", result="ok") == "unknown_slot"


# ---- awards


def honours() -> Stage:
    """The jury (P8) gave e2 the third and e1 the first place, the audience (P9) its award to e3."""
    earlier = [phase("pause", "P8"), phase("pause", "P9")]
    last = phase("present", "P1", who=["staff", "jury_chair"], rules=AWARDS, inputs=["P8", "P9"])
    people: dict[str, Any] = dict.fromkeys(("ada", "bo", "cy", "di"), "participant")
    stage = Stage(*earlier, last, **people, ida="jury_chair")
    furnish(stage.session)
    for entry, source, place in (("e2", "P8", 3), ("e1", "P8", 1), ("e3", "P9", 1)):
        award = {"award": "jury" if source == "P8" else "audience", "reason": f"why {entry}", "place": place}
        facts.learn(stage.session, source, Fact(entry, "award", award, f"{source}-{place}"))
    stage.open("P1")
    return stage


def test_awards_come_one_at_a_time_with_the_jurys_first_place_last() -> None:
    stage = honours()
    shown = [stage.ok("reveal_award", "ida", "P1")[0].body["entry"] for _ in range(3)]
    assert shown == ["e2", "e3", "e1"]


@pytest.mark.parametrize("view", ["phone", "screen"])
def test_nothing_is_seen_of_an_award_before_it_is_shown(view: str) -> None:
    stage = honours()
    assert "why e1" in str(data(stage, "console"))
    assert [word in str(data(stage, view)) for word in ("why e1", "why e2", "Heat", "Cold")] == [False] * 4


@pytest.mark.parametrize("view", ["phone", "screen"])
def test_an_award_that_is_shown_is_seen_with_its_reason(view: str) -> None:
    stage = honours()
    stage.ok("reveal_award", "kim", "P1")
    assert [(row["title"], row["award"].reason) for row in data(stage, view)["awards"]] == [
        ("Cold", "why e2")
    ]


def test_the_latest_award_stands_first() -> None:
    stage = honours()
    for _ in range(2):
        stage.ok("reveal_award", "kim", "P1")
    assert [row["entry"].id for row in data(stage, "screen")["awards"]] == ["e3", "e2"]


def test_an_award_is_shown_once() -> None:
    stage = honours()
    award = stage.ok("reveal_award", "kim", "P1")[0].body["award"]
    assert stage.no("reveal_award", "kim", "P1", award=award) == "no_award"


def test_after_the_last_award_there_is_none_left() -> None:
    stage = honours()
    for _ in range(3):
        stage.ok("reveal_award", "kim", "P1")
    assert stage.no("reveal_award", "kim", "P1") == "no_award"


def test_who_gives_the_awards_has_the_button_and_nobody_else() -> None:
    stage = honours()
    assert data(stage, "phone", role_scope("jury_chair")) == {"shown": 0, "of": 3}
    assert data(stage, "phone", role_scope("participant")) is None


def test_a_participant_shows_no_award() -> None:
    assert honours().no("reveal_award", "ada", "P1") == "not_allowed"


# ---- the log


def test_a_stage_folds_again_from_its_log() -> None:
    stage = on_stage({**HARD, "order": "drawn"})
    stage.ok("no_show", "kim", "P1", slot=of(stage.session).following(of(stage.session).running_order))
    stage.after(1)
    stage.ok("pause_slot", "kim", "P1")
    stage.ok("add_time", "kim", "P1", seconds="30")
    stage.ok("resume_slot", "kim", "P1")
    stage.after(4)
    again, now = of(folded_again(stage)), of(stage.session)
    assert (again.running_order, again.lectern, again.turns) == (now.running_order, now.lectern, now.turns)


def test_a_technical_check_folds_again_from_its_log() -> None:
    stage = stage_with(CHECKS)
    check(stage, "e3", "e1")
    stage.ok("choose_slot", "di", "P1", entry="e3", position="2")
    again, now = of(folded_again(stage)), of(stage.session)
    assert (again.checks, again.chosen, again.arrangement()) == (now.checks, now.chosen, now.arrangement())
