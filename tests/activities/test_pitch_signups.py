"""Slots that people sign up for, and clocks that they run themselves."""

from __future__ import annotations

from typing import Any, cast

from sessions.activities.pitch import Pitch
from sessions.audience import EVERYBODY
from tests.support.stage import Stage, phase

RULES = {"slots": "signups", "talk_minutes": 1, "most": 2}


def evening(**rules: Any) -> Stage:
    """An open stage P1 for whoever signs up, and a vote V about what was shown."""
    people: dict[str, Any] = dict.fromkeys(("ada", "bo", "cy"), "participant")
    votes = {"method": "approval", "keep": "1"}
    stage = Stage(
        phase("survey", "C", rules={"form": "checkin", "fields": ["consent"]}, who=["everyone"]),
        phase("pitch", "P1", who=["participant"], rules={**RULES, **rules}),
        phase("vote", "V", who=["everyone"], inputs=["P1"], rules=votes),
        **people,
    )
    stage.open("C")
    for person in people:
        stage.ok("answer", person, "C", consent="session")
    stage.open("P1")
    return stage


def of(stage: Stage) -> Pitch:
    return cast(Pitch, stage.session.agenda.phases["P1"].activity)


def shown(stage: Stage, view: str = "screen", scope: str = EVERYBODY) -> Any:
    fragment = of(stage).show(view, scope)
    return None if fragment is None else fragment.data


def titles(stage: Stage) -> list[str]:
    return [row["title"] for row in shown(stage)["rows"]]


def test_whoever_signs_up_is_on_the_list_in_the_order_they_came() -> None:
    stage = evening()
    stage.ok("sign_up", "bo", "P1", title="A bus that waits")
    stage.ok("sign_up", "ada", "P1", title="Wood that folds")
    assert titles(stage) == ["A bus that waits", "Wood that folds"]
    assert shown(stage)["rows"][0]["presenters"] == ["bo"]
    assert stage.no("sign_up", "cy", "P1", title="Too late") == "full"
    assert shown(stage, "phone", "person:cy")["full"]
    assert stage.replayed().outcome("P1").order == ("P1s1", "P1s2")


def test_a_slot_that_is_given_up_is_free_again_and_its_number_is_not_given_twice() -> None:
    stage = evening()
    stage.ok("sign_up", "bo", "P1", title="A bus that waits")
    stage.ok("sign_up", "ada", "P1", title="Wood that folds")
    assert stage.no("give_up_slot", "ada", "P1", slot="P1s1") == "not_allowed"
    stage.ok("give_up_slot", "bo", "P1", slot="P1s1")
    assert "card:P1s1" in stage.session.withdrawn
    stage.ok("sign_up", "cy", "P1", title="Cold that heats")
    assert [row["id"] for row in shown(stage)["rows"]] == ["P1s2", "P1s3"]
    stage.ok("start_slot", "kim", "P1")
    assert stage.no("give_up_slot", "ada", "P1", slot="P1s2") == "was_on"


def test_one_slot_each_with_words_that_fit_one_line() -> None:
    stage = evening()
    assert stage.no("sign_up", "bo", "P1", title=" ") == "empty"
    assert stage.no("sign_up", "bo", "P1", title="x" * 91) == "too_long"
    stage.ok("sign_up", "bo", "P1", title="A bus that waits")
    assert stage.no("sign_up", "bo", "P1", title="Another") == "signed_up"


def test_who_keeps_what_they_write_to_their_team_is_told_before_the_title_stands_on_the_wall() -> None:
    stage = evening()
    stage.ok("answer", "bo", "C", consent="team")
    assert stage.no("sign_up", "bo", "P1", title="Hidden") == "kept_back"
    stage.ok("sign_up", "ada", "P1", title="Wood that folds")
    assert titles(stage) == ["Wood that folds"]
    stage.ok("answer", "ada", "C", consent="team")
    assert titles(stage) == [""]


def test_only_staff_run_the_clock_unless_the_format_lets_whoever_is_on() -> None:
    staff_only, own = evening(), evening(own_timer=True)
    for stage in (staff_only, own):
        stage.ok("sign_up", "bo", "P1", title="A bus that waits")
        stage.ok("sign_up", "ada", "P1", title="Wood that folds")
    assert staff_only.no("start_slot", "bo", "P1", slot="P1s1") == "not_allowed"
    assert own.no("start_slot", "ada", "P1", slot="P1s1") == "not_allowed"
    own.ok("start_slot", "bo", "P1", slot="P1s1")
    assert own.no("pause_slot", "ada", "P1") == "not_allowed"
    own.ok("pause_slot", "bo", "P1")
    own.ok("resume_slot", "bo", "P1")
    own.ok("next_part", "bo", "P1")
    assert of(own).running_order.turn("P1s1").ended_at


def test_a_speaker_runs_the_clock_of_a_talk() -> None:
    talk = phase(
        "pitch", "P1", who=["host", "staff"], rules={"slots": "one", "talk_minutes": 5, "own_timer": True}
    )
    stage = Stage(talk, phase("pause", "X"), eve="host", bo="participant")
    stage.open("P1")
    assert stage.no("start_slot", "bo", "P1") == "not_allowed"
    assert shown(stage, "phone", "person:bo") is None
    assert shown(stage, "phone", "person:eve")["runs"]
    stage.ok("start_slot", "eve", "P1", slot="talk")
    stage.ok("next_part", "eve", "P1")
    assert of(stage).running_order.turn("talk").ended_at


def test_what_was_shown_can_be_voted_on() -> None:
    stage = evening()
    stage.ok("sign_up", "bo", "P1", title="A bus that waits")
    stage.ok("sign_up", "ada", "P1", title="Wood that folds")
    stage.open("V")
    stage.ok("cast_ballot", "cy", "V", option=["P1s2"])
    stage.close("V")
    stage.ok("reveal_result", "kim", "V")
    assert stage.session.outcome("V").kept == ("P1s2",)
    assert stage.session.outcome("P1").cards[1].authors == ("ada",)


def test_a_title_can_be_erased() -> None:
    stage = evening()
    (event,) = stage.ok("sign_up", "bo", "P1", title="A bus that waits")
    assert "title" in stage.session.words_of(event.kind, "P1")
