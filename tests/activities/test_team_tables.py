"""Teams that people make themselves by choosing a table."""

from __future__ import annotations

from typing import Any

from sessions.activities.team import Team
from sessions.audience import EVERYBODY
from tests.support.stage import Stage, phase

WRITE = {"columns": ["idea"], "fields": ["text"], "main": "text", "visible_to": "all"}
RULES = {
    "forming": "self_join",
    "begins_entries": True,
    "min_size": 2,
    "target_size": 2,
    "max_size": 3,
    "min_areas": 0,
    "max_per_organisation": 9,
}
PEOPLE = ("ann", "bo", "cia", "dan", "eva", "fia")


def evening(**rules: Any) -> Stage:
    """Six people, three ideas Nc1, Nc2, Nc3 and the tables open."""
    people: dict[str, Any] = dict.fromkeys(PEOPLE, "participant")
    stage = Stage(
        phase("collect", "N", rules=WRITE),
        phase("team", "T", inputs=["N"], rules={**RULES, **rules}),
        phase("pause", "X", rules={"reason": "meal"}),
        xen="expert",
        **people,
    )
    stage.open("N")
    for text in ("A bus that waits", "Wood that folds", "Cold that heats"):
        stage.ok("add_card", "ann", "N", text=text, column="idea")
    stage.open("T")
    return stage


def team(stage: Stage) -> Team:
    activity = stage.session.agenda.phases["T"].activity
    assert isinstance(activity, Team)
    return activity


def sit(stage: Stage, need: str, *people: str) -> None:
    for person in people:
        stage.ok("join_table", person, "T", need=need)


def tables(stage: Stage) -> dict[str, list[str]]:
    return {table.need: table.members for table in team(stage).seats.tables.values()}


def test_the_first_to_sit_down_makes_the_team_and_others_come_and_go() -> None:
    stage = evening()
    sit(stage, "Nc2", "ann", "bo")
    sit(stage, "Nc1", "cia")
    sit(stage, "Nc2", "cia")
    assert tables(stage) == {"Nc2": ["ann", "bo", "cia"]}
    assert team(stage).seats.tables["Tt1"].leader == "ann"
    sit(stage, "", "ann")
    assert tables(stage) == {"Nc2": ["bo", "cia"]}
    assert team(stage).seats.tables["Tt1"].leader == "bo"
    assert [member.id for member in team(stage).unplaced()] == ["ann", "dan", "eva", "fia"]
    assert stage.replayed().touched == stage.session.touched


def test_everybody_sees_how_many_sit_where_and_a_full_table_takes_nobody() -> None:
    stage = evening()
    sit(stage, "Nc2", "ann", "bo", "cia")
    shown = team(stage).show("phone", "role:participant")
    assert shown is not None
    assert [(row["need"].id, row["taken"], row["free"]) for row in shown.data["tables"]] == [
        ("Nc1", 0, 3),
        ("Nc2", 3, 0),
        ("Nc3", 0, 3),
    ]
    assert stage.no("join_table", "dan", "T", need="Nc2") == "full"
    assert stage.no("join_table", "dan", "T", need="nothing") == "unknown_need"
    assert stage.no("join_table", "xen", "T", need="Nc1") == "not_allowed"
    assert stage.ok("join_table", "ann", "T", need="Nc2") == ()


def test_when_the_teams_are_confirmed_each_carries_its_idea_on() -> None:
    stage = evening()
    sit(stage, "Nc2", "ann", "bo")
    sit(stage, "Nc1", "cia", "dan")
    stage.ok("confirm_teams", "kim", "T")
    entries = {
        entry.team: (entry.title, entry.idea.id if entry.idea else "")
        for entry in stage.session.entries.values()
    }
    assert entries == {"Tt1": ("Wood that folds", "Nc2"), "Tt2": ("A bus that waits", "Nc1")}
    assert stage.session.people["ann"].role == "process_leader"
    assert stage.no("join_table", "eva", "T", need="Nc1") == "no_joining"


def test_too_few_at_a_table_take_a_reason_and_staff_place_who_has_none() -> None:
    stage = evening()
    sit(stage, "Nc2", "ann")
    assert stage.no("propose_teams", "kim", "T") == "self_join"
    assert stage.no("confirm_teams", "kim", "T") == "reason_needed"
    stage.ok("move_person", "kim", "T", person="bo", team="Tt1")
    stage.ok("confirm_teams", "kim", "T")
    assert stage.session.teams["Tt1"].members == ("ann", "bo")


def test_without_that_rule_nobody_chooses_and_nothing_begins() -> None:
    proposed, plain = evening(forming="proposed", begins_entries=False), evening(begins_entries=False)
    assert proposed.no("join_table", "ann", "T", need="Nc1") == "no_joining"
    sit(plain, "Nc1", "ann", "bo")
    plain.ok("confirm_teams", "kim", "T")
    assert not plain.session.entries
    shown = team(plain).show("phone", EVERYBODY)
    assert shown is not None
    assert shown.data["self_join"]
