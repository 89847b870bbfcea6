"""A technical check: the queue, who chooses a slot first, and the running order that comes of it."""

from __future__ import annotations

from typing import Any, cast

import pytest

from sessions.activities.techcheck import Techcheck
from sessions.activities.techcheck.checks import Checks
from sessions.activities.techcheck.views import FEW_PLACES, in_ranges
from sessions.audience import EVERYBODY, team_scope
from sessions.outcome import Fact, Inputs, Outcome
from sessions.session import Session
from tests.support.look import drawn_by, page
from tests.support.seed import SEED, fact, race, seeds
from tests.support.stage import START, Stage, phase

__all__ = ["seeds"]


def checked_stage() -> Stage:
    """An open check P1, and teams t1 (Ada and Bo), t2 (Cy) and t3 (Di) with an entry each: e1, e2, e3."""
    people: dict[str, Any] = dict.fromkeys(("ada", "bo", "cy", "di"), "participant")
    stage = Stage(SEED, phase("techcheck", "P1", who=["teams", "staff"]), phase("pause", "P2"), **people)
    race(stage, "ada bo", "cy", "di")
    stage.open("P1")
    return stage


def of(stage: Stage | Session) -> Techcheck:
    session = stage.session if isinstance(stage, Stage) else stage
    return cast(Techcheck, session.agenda.phases["P1"].activity)


def data(stage: Stage, view: str, scope: str = EVERYBODY) -> Any:
    """What a pane shows; None where there is none."""
    shown = of(stage).show(view, scope)
    return None if shown is None else shown.data


def check(stage: Stage, *entries: str) -> None:
    for entry in entries:
        stage.ok("mark_checked", "kim", "P1", entry=entry, result="ok")


def test_the_first_checked_chooses_first() -> None:
    stage = checked_stage()
    check(stage, "e3")
    stage.ok("choose_slot", "di", "P1", entry="e3", position="2")
    assert of(stage).running_order[1] == "e3"


def test_without_a_check_there_is_nothing_to_choose() -> None:
    assert checked_stage().no("choose_slot", "di", "P1", entry="e3", position="1") == "not_checked"


@pytest.mark.parametrize("position", ["2", "0", "4", "", "first"])
def test_only_free_slots_can_be_chosen(position: str) -> None:
    stage = checked_stage()
    check(stage, "e3", "e1")
    stage.ok("choose_slot", "di", "P1", entry="e3", position="2")
    assert stage.no("choose_slot", "ada", "P1", entry="e1", position=position) == "taken"


def test_a_slot_can_be_changed_for_another_free_one() -> None:
    stage = checked_stage()
    check(stage, "e3", "e1")
    stage.ok("choose_slot", "di", "P1", entry="e3", position="2")
    stage.ok("choose_slot", "di", "P1", entry="e3", position="3")
    stage.ok("choose_slot", "ada", "P1", entry="e1", position="2")
    assert of(stage).running_order == ("e2", "e1", "e3")


def test_a_team_chooses_for_its_own_entry() -> None:
    stage = checked_stage()
    check(stage, "e3")
    assert stage.no("choose_slot", "ada", "P1", entry="e3", position="1") == "not_allowed"


def test_what_stops_working_loses_its_slot() -> None:
    stage = checked_stage()
    check(stage, "e3")
    stage.ok("choose_slot", "di", "P1", entry="e3", position="1")
    assert of(stage).checks.chosen == {"e3": 1}
    stage.ok("mark_checked", "kim", "P1", entry="e3", result="not_ok")
    assert of(stage).checks.chosen == {}


def test_who_was_not_checked_comes_last() -> None:
    stage = checked_stage()
    check(stage, "e3", "e2")
    assert stage.session.outcome("P1").order == ("e3", "e2", "e1")


def test_closing_settles_the_order_once_and_for_the_log() -> None:
    stage = checked_stage()
    check(stage, "e3")
    stage.close("P1")
    settled = next(event for event in stage.log if event.kind == "order_settled")
    assert settled.body["order"] == ["e3", "e1", "e2"] == list(stage.session.outcome("P1").order)


def test_the_queue_follows_the_sign_up() -> None:
    stage = checked_stage()
    of(stage).inputs = Inputs((Outcome(order=("e2",)),))
    assert of(stage).queue == ["e2", "e1", "e3"]


def test_a_team_hears_how_many_are_checked_before_it() -> None:
    stage = checked_stage()
    assert data(stage, "phone", team_scope("t3"))["rows"][0]["ahead"] == 2
    check(stage, "e1")
    assert data(stage, "phone", team_scope("t3"))["rows"][0]["ahead"] == 1


def checked_of(count: int) -> Stage:
    """A technical check in which so many entries of team t1 were found well, and nobody has chosen yet."""
    stage = checked_stage()
    for number in range(4, count + 1):
        kept = {"title": "Pump", "team": "t1", "idea": f"c{number}", "need": ""}
        fact(stage, f"c{number}", "kept", kept)
    check(stage, *(f"e{number}" for number in range(1, count + 1)))
    return stage


def test_the_console_of_the_check_grows_with_the_entries_and_not_with_their_square() -> None:
    few, many = (len(page(drawn_by(), checked_of(count), "console", "kim", "en")) for count in (40, 160))
    none = len(page(drawn_by(), checked_stage(), "console", "kim", "en"))
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
    assert checked_stage().no("mark_checked", "kim", "P1", entry="e7", result="ok") == "unknown_slot"


# ---- the log


def test_a_check_folds_again_from_its_log() -> None:
    stage = checked_stage()
    check(stage, "e3", "e1")
    stage.ok("choose_slot", "di", "P1", entry="e3", position="2")
    again, now = of(stage.replayed()), of(stage)
    assert (again.checks, again.running_order) == (now.checks, now.running_order)


def test_an_order_that_was_settled_is_open_again_when_the_phase_is() -> None:
    stage = checked_stage()
    check(stage, "e3")
    stage.close("P1")
    assert of(stage).running_order == ("e3", "e1", "e2")
    stage.ok("reopen_phase", "kim", "P1")
    check(stage, "e2")
    stage.ok("choose_slot", "cy", "P1", entry="e2", position="1")
    assert of(stage).running_order == ("e2", "e3", "e1")


def test_what_a_team_needs_on_stage_reaches_the_console_and_a_disclosure_does_not_redraw_it() -> None:
    stage = checked_stage()
    fact(stage, "e1", "equipment", "Two sockets")
    assert data(stage, "console")["queue"][0]["equipment"] == "Two sockets"
    touches = [list(of(stage).noticed(Fact("e1", name, "x"), "S")) for name in ("equipment", "disclosure")]
    assert [len(found) for found in touches] == [1, 0]


# ---- without a session


def test_who_has_chosen_keeps_the_place_and_the_others_fill_up_around_it() -> None:
    checks = Checks()
    for entry, ok in (("d", True), ("b", True), ("a", False)):
        checks.note(entry, ok, START)
    checks.chosen["b"] = 3
    assert checks.arrangement(["a", "b", "c", "d"]) == ("d", "a", "b", "c")
    assert checks.free_in(["a", "b", "c", "d"]) == [1, 2, 4]


def test_who_left_the_race_takes_nobodys_place() -> None:
    checks = Checks()
    checks.note("b", True, START)
    checks.chosen["b"] = 1
    assert checks.arrangement(["a", "b"]) == ("b", "a")
    assert checks.arrangement(["a"]) == ("a",)
