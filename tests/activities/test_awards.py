"""Awards: one at a time, and nothing is seen of one before it is shown."""

from __future__ import annotations

import json
from typing import Any, cast

import pytest

from sessions.activities.awards import Awards
from sessions.activities.awards.given import awards_given
from sessions.audience import EVERYBODY, role_scope
from sessions.entry import Entry
from sessions.outcome import Fact
from sessions.session import Session
from tests.support.seed import SEED, race, seeds
from tests.support.stage import Stage, phase

__all__ = ["seeds"]


def of(stage: Stage | Session) -> Awards:
    session = stage.session if isinstance(stage, Stage) else stage
    return cast(Awards, session.agenda.phases["P1"].activity)


def data(stage: Stage, view: str, scope: str = EVERYBODY) -> Any:
    """What a pane shows; None where there is none."""
    shown = of(stage).show(view, scope)
    return None if shown is None else shown.data


def honours() -> Stage:
    """The jury (P8) gave e2 the third and e1 the first place, the audience (P9) its award to e3."""
    last = phase("awards", "P1", who=["staff", "jury_chair"], inputs=["P8", "P9"])
    people: dict[str, Any] = dict.fromkeys(("ada", "bo", "cy", "di"), "participant")
    stage = Stage(SEED, phase("seed", "P8"), phase("seed", "P9"), last, **people, ida="jury_chair")
    race(stage, "ada bo", "cy", "di")
    for source in ("P8", "P9"):
        stage.open(source)
    for entry, source, place in (("e2", "P8", 3), ("e1", "P8", 1), ("e3", "P9", 1)):
        award = {"award": "jury" if source == "P8" else "audience", "reason": f"why {entry}", "place": place}
        given = {"subject": entry, "name": "award", "value": award, "key": f"{source}-{place}"}
        stage.ok("tell", "kim", source, what=json.dumps({"facts": [given]}))
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
    assert [word in str(data(stage, view)) for word in ("why e1", "why e2", "Project 1", "Project 2")] == [
        False
    ] * 4


@pytest.mark.parametrize("view", ["phone", "screen"])
def test_an_award_that_is_shown_is_seen_with_its_reason(view: str) -> None:
    stage = honours()
    stage.ok("reveal_award", "kim", "P1")
    assert [(row["title"], row["award"].reason) for row in data(stage, view)["awards"]] == [
        ("Project 2", "why e2")
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


def test_the_awards_fold_again_from_their_log() -> None:
    stage = honours()
    for _ in range(2):
        stage.ok("reveal_award", "kim", "P1")
    again, now = of(stage.replayed()), of(stage)
    assert (again.revealed, again.coming) == (now.revealed, now.coming)
    assert len(now.revealed) == 2


# ---- without a session


def test_an_award_whose_reason_has_been_erased_is_still_an_award() -> None:
    entry = Entry("e1", 1, 0.0, 1, "t1", "Heat")
    entry.learn("P8", Fact("e1", "award", {"award": "jury", "reason": None, "place": 1}, "jury"), 2, 0.0)
    (award,) = awards_given([entry], ["P8"])
    assert (award.id, award.name, award.reason, award.place) == ("P8.jury.e1", "jury", "", 1)


def test_awards_of_phases_that_are_no_inputs_are_left_out() -> None:
    entry = Entry("e1", 1, 0.0, 1, "t1", "Heat")
    entry.learn("P8", Fact("e1", "award", {"award": "jury", "place": 1}, "jury"), 2, 0.0)
    assert len(awards_given([entry], ["P8"])) == 1
    assert awards_given([entry], ["P9"]) == []


def test_two_presses_on_the_next_award_show_one() -> None:
    stage = honours()
    stage.ok("reveal_award", "ida", "P1", shown="0")
    assert stage.no("reveal_award", "ida", "P1", shown="0") == "moved_on"
    assert of(stage).revealed == ["P8.P8-3.e2"]


def test_awards_that_nobody_has_been_shown_are_offered_before_the_phase_is_left_and_told_after() -> None:
    stage = honours()
    offered = of(stage).pending()
    assert offered is not None
    assert (offered.command, dict(offered.fields)) == ("reveal_award", {"award": of(stage).coming[0].id})
    assert list(of(stage).alerts()) == []
    stage.close("P1")
    assert of(stage).pending() is None
    assert [dict(told.params) for told in of(stage).alerts()] == [{"count": 3}]
