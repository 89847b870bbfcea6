"""Meals, breaks and nights: who is here, who left when, and what a dim page says."""

from __future__ import annotations

from typing import Any, cast

from sessions import facts
from sessions.activities.pause import Pause
from sessions.activities.pause.state import Absences
from sessions.activity import FragmentId
from sessions.audience import EVERYBODY, person_scope
from sessions.outcome import Fact, Team
from sessions.session import Session
from tests.support.stage import START, Stage, phase

NIGHT = {"reason": "night", "quiet": True, "work_allowed": True, "emergency": "112"}
MEAL = {"reason": "meal"}


def stage_with(rules: dict[str, Any]) -> Stage:
    """A pause P1 of eight hours with Ada and Bo (participants), Nils (night host) and Gus (a guest); P2 follows."""
    first = phase("pause", "P1", minutes=480, who=["everyone"], rules=rules)
    people: dict[str, Any] = {"ada": "participant", "bo": "participant", "nils": "night_host", "gus": "guest"}
    stage = Stage(first, phase("survey", "P2", rules={"form": "exit"}), **people)
    stage.open("P1")
    return stage


def of(session: Session) -> Pause:
    return cast(Pause, session.agenda.phases["P1"].activity)


def data(stage: Stage, view: str, scope: str = EVERYBODY, part: str = "", key: str = "") -> Any:
    shown = of(stage.session).show(view, scope, part, key)
    return None if shown is None else shown.data


def present(stage: Stage, person: str) -> bool:
    return stage.session.people[person].present


def test_who_checks_out_is_no_longer_here() -> None:
    stage = stage_with(NIGHT)
    stage.ok("check_out", "ada", "P1")
    assert [present(stage, person) for person in ("ada", "bo")] == [False, True]


def test_who_comes_back_is_here_again() -> None:
    stage = stage_with(NIGHT)
    stage.ok("check_out", "ada", "P1")
    stage.ok("check_in", "ada", "P1")
    assert present(stage, "ada") is True


def test_absences_have_a_beginning_and_an_end() -> None:
    stage = stage_with(NIGHT)
    stage.after(10)
    stage.ok("check_out", "ada", "P1")
    stage.after(50)
    stage.ok("check_in", "ada", "P1")
    stage.after(1)
    stage.ok("check_out", "ada", "P1")
    absences = stage.session.outcome("P1").figures["absences"]
    assert absences == {"ada": [[START + 600, START + 3600], [START + 3660, 0.0]]}


def test_checking_out_twice_changes_nothing() -> None:
    stage = stage_with(NIGHT)
    stage.ok("check_out", "ada", "P1")
    assert stage.ok("check_out", "ada", "P1") == ()


def test_membership_outlasts_a_check_out() -> None:
    stage = stage_with(NIGHT)
    facts.regroup(stage.session, Team("t1", 1, "Ripa", ("ada", "bo"), "ada"))
    stage.ok("check_out", "ada", "P1")
    assert stage.session.teams["t1"].members == ("ada", "bo")


def test_the_night_host_checks_somebody_out_and_the_log_says_who_did() -> None:
    stage = stage_with(NIGHT)
    event = stage.ok("check_out", "nils", "P1", person="bo")[0]
    assert (event.actor, event.body) == ("nils", {"person": "bo"})


def test_a_participant_checks_out_nobody_else() -> None:
    assert stage_with(NIGHT).no("check_out", "ada", "P1", person="bo") == "not_allowed"


def test_somebody_unknown_is_not_checked_out() -> None:
    assert stage_with(NIGHT).no("check_out", "nils", "P1", person="zoe") == "nobody"


def test_a_guest_is_not_on_the_list() -> None:
    stage = stage_with(NIGHT)
    assert stage.no("check_out", "gus", "P1") == "not_allowed"
    assert [data(stage, "console", part="row", key=person) is None for person in ("gus", "ada")] == [
        True,
        False,
    ]


def test_a_forgotten_check_in_can_be_made_good_after_the_night() -> None:
    stage = stage_with(NIGHT)
    stage.ok("check_out", "ada", "P1")
    stage.open("P2")
    stage.ok("check_in", "nils", "P1", person="ada")
    assert present(stage, "ada") is True


def test_the_house_counts_who_is_here() -> None:
    stage = stage_with(NIGHT)
    stage.ok("check_out", "ada", "P1")
    assert data(stage, "screen", part="here") == {"here_now": 3, "of": 4}


def test_somebody_who_joins_at_night_is_counted() -> None:
    stage = stage_with(NIGHT)
    stage.join("zoe")
    assert data(stage, "screen", part="here") == {"here_now": 5, "of": 5}


def test_who_is_here_is_handed_on() -> None:
    stage = stage_with(NIGHT)
    stage.ok("check_out", "ada", "P1")
    assert stage.session.outcome("P1").attendance == ("kim", "bo", "nils")


def test_each_person_sees_their_own_state() -> None:
    stage = stage_with(NIGHT)
    stage.after(5)
    stage.ok("check_out", "ada", "P1")
    assert data(stage, "phone", person_scope("ada")) == {
        "night": True,
        "present": False,
        "since": START + 300,
    }
    assert data(stage, "phone", person_scope("bo"))["present"] is True


def test_the_page_is_dark_for_the_night_and_no_longer() -> None:
    stage = stage_with(NIGHT)
    assert of(stage.session).scene == "night"
    stage.close("P1")
    assert of(stage.session).scene == ""


def test_a_meal_is_not_dark() -> None:
    assert of(stage_with(MEAL).session).scene == ""


def test_the_night_shows_its_hours_the_number_to_call_and_what_comes() -> None:
    shown = data(stage_with(NIGHT), "screen")
    hours = [(hour - START) / 3600 for hour in shown["hours"]]
    assert (hours, shown["emergency"], shown["following"].id) == ([0, 1, 2, 3, 4, 5, 6, 7, 8], "112", "P2")


def test_the_list_says_who_stays_overnight() -> None:
    stage = stage_with(NIGHT)
    facts.learn(stage.session, "P0", Fact("person:bo", "overnight", True))
    assert [data(stage, "console", part="row", key=person)["stays"] for person in ("ada", "bo")] == [
        False,
        True,
    ]


def test_the_list_is_sorted_by_team() -> None:
    stage = stage_with(NIGHT)
    facts.regroup(stage.session, Team("t2", 2, "Järv", ("ada",), "ada"))
    facts.regroup(stage.session, Team("t1", 1, "Ripa", ("bo",), "bo"))
    people = data(stage, "console")["people"]
    orders = [of(stage.session).show("console", EVERYBODY, "row", person).order for person in people]  # type: ignore[union-attr]
    assert (people[:2], orders) == (["bo", "ada"], sorted(orders))


def test_a_removed_person_leaves_the_list() -> None:
    stage = stage_with(NIGHT)
    assert data(stage, "console", part="row", key="bo") is not None
    stage.ok("remove_person", "kim", person="bo")
    assert data(stage, "console", part="row", key="bo") is None


def test_what_another_phase_says_about_presence_is_seen_here() -> None:
    pause = of(stage_with(NIGHT).session)
    said = [
        list(pause.noticed(Fact(subject, name, True), "P0"))
        for subject, name in (("person:bo", "present"), ("e1", "title"))
    ]
    assert [len(touches) for touches in said] == [3, 0]


def test_what_comes_next_is_shown_anew_when_the_agenda_changes() -> None:
    stage = stage_with(NIGHT)
    assert data(stage, "phone")["following"].id == "P2"
    stage.ok("skip_phase", "kim", "P2")
    assert data(stage, "phone")["following"] is None
    assert stage.session.touched[FragmentId("P1", "", "", EVERYBODY)] == stage.session.seq


def test_a_night_folds_again_from_its_log() -> None:
    stage = stage_with(NIGHT)
    stage.ok("check_out", "ada", "P1")
    stage.after(30)
    stage.ok("check_in", "nils", "P1", person="ada")
    stage.ok("check_out", "bo", "P1")
    again = stage.replayed()
    assert of(again).outcome() == of(stage.session).outcome()
    assert again.people["bo"].present is False


def test_somebody_who_joins_counts_on_a_pause_that_has_closed_and_is_still_shown() -> None:
    stage = stage_with(NIGHT)
    stage.close("P1")
    shown = data(stage, "screen", part="here")
    stage.join("eve", "participant")
    assert data(stage, "screen", part="here")["here_now"] == shown["here_now"] + 1
    assert stage.session.touched[FragmentId("P1", "here", "", EVERYBODY)] == stage.session.seq


# ---- the state, without a stage


def test_coming_back_ends_the_last_absence_only() -> None:
    absences = Absences()
    absences.come_back("ada", 5.0)
    assert (absences.plain(), absences.last_change("ada")) == ({}, 0.0)
    for leave, back in ((10.0, 20.0), (30.0, 0.0)):
        absences.leave("ada", leave)
        if back:
            absences.come_back("ada", back)
    assert absences.plain() == {"ada": [[10.0, 20.0], [30.0, 0.0]]}
    assert absences.last_change("ada") == 30.0
