"""Who has an interest in an entry."""

from __future__ import annotations

from sessions import facts
from sessions.conflicts import conflict
from sessions.entry import Entry
from sessions.outcome import Fact, Team
from tests.support.stage import Stage, phase


def stage() -> Stage:
    """Ada of the sawmill is team t1, whose entry is e1; Jan and Kai are jurors, Kai from the sawmill too."""
    stage = Stage(phase("pause", "P"), jan="juror")
    stage.join("ada", organisation="sawmill")
    stage.join("kai", "juror", organisation="sawmill")
    facts.regroup(stage.session, Team("t1", 1, "Ripa", ("ada",), "ada"))
    facts.learn(
        stage.session, "V", Fact("c1", "kept", {"title": "Heat", "team": "t1", "idea": "c1", "need": ""})
    )
    return stage


def why(stage: Stage, person: str) -> str:
    entry: Entry = stage.session.entries["e1"]
    return conflict(stage.session, entry, stage.session.people[person])


def test_a_stranger_has_none() -> None:
    assert why(stage(), "jan") == ""


def test_a_member_of_the_team_has() -> None:
    assert why(stage(), "ada") == "team"


def test_somebody_of_a_members_organisation_has() -> None:
    assert why(stage(), "kai") == "organisation"


def test_an_expert_who_advised_the_team_has() -> None:
    room = stage()
    facts.learn(room.session, "C", Fact("e1", "verdict", {"verdict": "change", "expert": "jan"}, "r1"))
    assert why(room, "jan") == "expert"


def test_people_without_an_organisation_share_none() -> None:
    room = stage()
    room.session.people["ada"].organisation = room.session.people["kai"].organisation = ""
    assert why(room, "kai") == ""
