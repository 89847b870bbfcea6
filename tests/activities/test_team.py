"""Forming teams: wishes, the draft, moves, confirmation, and life afterwards."""

from dataclasses import replace
from typing import Any

import pytest

from sessions.activities.team import Team
from sessions.activities.team.seat_history import Membership
from sessions.activity import Changed, Fragment
from sessions.audience import person_scope, role_scope, team_scope
from sessions.facts import learn
from sessions.outcome import Fact
from sessions.outcome import Team as TeamNow
from sessions.session import Session
from tests.support.stage import Stage, phase

RULES = {
    "min_size": 3,
    "max_size": 4,
    "target_size": 3,
    "max_per_organisation": 2,
    "min_areas": 3,
    "wishes": 2,
}
NEEDS = ("Cold pumps in winter", "Empty lorries home", "Quotes take three weeks")
KNOWS = {
    "ann": ["technology"],
    "bo": ["market"],
    "cia": ["law", "design"],
    "dan": ["technology"],
    "eva": ["market"],
}
PEOPLE = ("ann", "bo", "cia", "dan", "eva", "fia")


def gathering(**rules: Any) -> Stage:
    """Six participants and an expert, three needs collected, forming teams open."""
    stage = Stage(
        phase(
            "collect",
            "N",
            rules={"columns": ["need"], "fields": ["text"], "main": "text", "visible_to": "all"},
        ),
        phase("team", "T", inputs=["N"], rules={**RULES, **rules}),
        xen="expert",
    )
    stage.open("N")
    for text in NEEDS:
        stage.ok("add_card", "kim", "N", text=text, column="need")
    for person in PEOPLE:
        stage.join(person, organisation="sawmill" if person in ("ann", "bo") else person)
        stage.session.people[person].facts["competence"] = KNOWS.get(person, ["finance"])
    stage.open("T")
    return stage


def team(stage: Stage) -> Team:
    activity = stage.session.agenda.phases["T"].activity
    assert isinstance(activity, Team)
    return activity


def needs(stage: Stage) -> list[str]:
    return list(team(stage).draft.needs)


def data(stage: Stage, view: str, scope: str, part: str = "", key: str = "") -> Any:
    shown = team(stage).show(view, scope, part, key)
    assert shown is not None
    return shown.data


def drafted(**rules: Any) -> Stage:
    """Two tables of three."""
    stage = gathering(**rules)
    stage.ok("propose_teams", "kim", "T")
    return stage


def confirmed(**rules: Any) -> Stage:
    stage = drafted(**rules)
    stage.ok("confirm_teams", "kim", "T", reason="good enough")
    return stage


def tables(stage: Stage) -> list[set[str]]:
    return [set(table.members) for table in team(stage).seats.tables.values()]


def mates(stage: Stage, person: str) -> tuple[str, list[str]]:
    """The id of somebody's table and the others at it."""
    table = team(stage).seats.table_of(person)
    assert table is not None
    return table.id, [p for p in table.members if p != person]


def elsewhere(stage: Stage, person: str) -> str:
    return next(t for t in team(stage).seats.tables if t != team(stage).seats.seat[person])


# ---- wishes


def test_a_wish_names_the_needs_dearest_first() -> None:
    stage = gathering()
    first, second, _ = needs(stage)
    stage.ok("wish", "ann", "T", **{"wish-1": second, "wish-2": first})
    assert data(stage, "phone", person_scope("ann"))["wishes"] == [NEEDS[1], NEEDS[0]]
    assert data(stage, "mine", person_scope("ann"))["wishes"] == [NEEDS[1], NEEDS[0]]


def test_a_wish_sent_again_replaces_the_first() -> None:
    stage = gathering()
    first, second, _ = needs(stage)
    stage.ok("wish", "ann", "T", **{"wish-1": first})
    stage.ok("wish", "ann", "T", **{"wish-1": second})
    assert team(stage).draft.wishes == {"ann": (second,)}


def test_the_same_need_twice_is_one_wish() -> None:
    stage = gathering()
    stage.ok("wish", "ann", "T", **{"wish-1": needs(stage)[0], "wish-2": needs(stage)[0]})
    assert team(stage).draft.wishes["ann"] == (needs(stage)[0],)


def test_a_wish_for_nothing_or_for_an_unknown_need_is_refused() -> None:
    stage = gathering()
    assert stage.no("wish", "ann", "T") == "empty"
    assert stage.no("wish", "ann", "T", **{"wish-1": "N99"}) == "unknown_need"


def test_experts_have_no_wishes() -> None:
    stage = gathering()
    assert stage.no("wish", "xen", "T", **{"wish-1": needs(stage)[0]}) == "not_allowed"
    assert team(stage).show("phone", role_scope("participant")) is not None
    assert team(stage).show("phone", role_scope("expert")) is None


def test_turn_out_counts_those_who_may_wish() -> None:
    stage = gathering()
    stage.ok("wish", "ann", "T", **{"wish-1": needs(stage)[0]})
    assert data(stage, "screen", "all", "turnout") == {"wished": 1, "people": 6}


def test_nobody_sees_what_another_wishes() -> None:
    stage = gathering()
    stage.ok("wish", "ann", "T", **{"wish-1": needs(stage)[0]})
    assert data(stage, "phone", person_scope("ann"))["wishes"] == [NEEDS[0]]
    assert data(stage, "phone", person_scope("bo"))["wishes"] == []
    assert team(stage).show("mine", person_scope("bo")) is None


# ---- the draft


def test_a_draft_places_everybody_who_is_here() -> None:
    stage = drafted()
    assert [len(table) for table in tables(stage)] == [3, 3]
    assert set().union(*tables(stage)) == set(PEOPLE)


def test_experts_and_those_who_went_home_are_not_placed() -> None:
    stage = gathering()
    stage.session.people["fia"].facts["present"] = False
    stage.ok("propose_teams", "kim", "T")
    assert set().union(*tables(stage)) == set(PEOPLE) - {"fia"}
    assert [m.id for m in team(stage).unplaced()] == ["fia"]


def test_a_draft_is_not_a_team_yet() -> None:
    stage = drafted()
    assert stage.session.teams == {}
    assert stage.session.people["ann"].team == ""
    assert team(stage).show("phone", team_scope("Tt1")) is None


def test_people_see_the_draft_of_their_own_table_only() -> None:
    stage = drafted()
    mine = data(stage, "phone", person_scope("ann"))["draft"]
    assert {person["id"] for person in mine["people"]} == {"ann", *mates(stage, "ann")[1]}
    assert "draft" not in data(stage, "phone", "all")


def test_a_draft_can_be_drawn_again_with_another_seed() -> None:
    stage = drafted()
    stage.do("propose_teams", "kim", "T", seed=8)
    assert list(team(stage).seats.tables) == ["Tt3", "Tt4"]
    assert [table.number for table in team(stage).seats.tables.values()] == [1, 2]


def test_proposing_for_nobody_is_refused() -> None:
    stage = gathering()
    for person in PEOPLE:
        stage.session.people[person].facts["present"] = False
    assert stage.no("propose_teams", "kim", "T") == "nobody"


def test_participants_cannot_draw_teams() -> None:
    assert gathering().no("propose_teams", "ann", "T") == "not_allowed"


def test_the_draw_follows_the_desks_seed() -> None:
    body = [event.body for event in drafted().log if event.kind == "teams_proposed"]
    assert body == [event.body for event in drafted().log if event.kind == "teams_proposed"]


def test_wishes_count_in_the_draft() -> None:
    stage = gathering(max_per_organisation=8, min_areas=0)
    for person, need in zip(PEOPLE, (0, 0, 0, 2, 2, 2), strict=True):
        stage.ok("wish", person, "T", **{"wish-1": needs(stage)[need]})
    stage.ok("propose_teams", "kim", "T")
    assert tables(stage) == [{"ann", "bo", "cia"}, {"dan", "eva", "fia"}]


def test_a_volunteer_leads() -> None:
    stage = gathering()
    stage.session.people["fia"].facts["wish_role"] = "process_leader"
    stage.ok("propose_teams", "kim", "T")
    table = team(stage).seats.table_of("fia")
    assert table is not None
    assert table.leader == "fia"


# ---- confirming


def test_confirming_makes_teams_and_leaders() -> None:
    stage = drafted(min_areas=1)
    stage.ok("confirm_teams", "kim", "T")
    now = stage.session.teams["Tt1"]
    assert stage.session.people[now.leader].role == "process_leader"
    assert all(stage.session.people[person].team == "Tt1" for person in now.members)
    assert now.need in needs(stage)


def test_confirming_broken_rules_takes_a_reason_and_names_them() -> None:
    stage = drafted(min_areas=7)
    assert stage.no("confirm_teams", "kim", "T") == "reason_needed"
    (event,) = stage.ok("confirm_teams", "kim", "T", reason="nobody else came")
    assert event.body["reason"] == "nobody else came"
    assert [(b["number"], b["rule"], b["limit"]) for b in event.body["breaches"]] == [
        (1, "areas", 7),
        (2, "areas", 7),
    ]
    assert stage.session.decided[-1].text == Team.decisions["teams_confirmed"]


def test_teams_are_confirmed_once_and_not_before_they_are_drafted() -> None:
    assert gathering().no("confirm_teams", "kim", "T") == "no_teams"
    stage = confirmed()
    assert stage.no("confirm_teams", "kim", "T") == "confirmed_move"
    assert stage.no("propose_teams", "kim", "T") == "confirmed_move"
    assert stage.no("wish", "ann", "T", **{"wish-1": needs(stage)[0]}) == "confirmed"


def test_whoever_was_removed_meanwhile_is_left_out() -> None:
    stage = drafted()
    stage.ok("remove_person", "kim", person="fia")
    stage.ok("confirm_teams", "kim", "T", reason="as it is")
    assert "fia" not in {p for now in stage.session.teams.values() for p in now.members}


def test_without_the_leader_rule_a_table_needs_none() -> None:
    stage = drafted(leader=False, min_areas=0)
    table = team(stage).seats.tables["Tt1"]
    table.leader = ""
    assert team(stage).draft.broken(table) == []


# ---- moving


def test_a_move_in_the_draft_changes_both_tables() -> None:
    stage = drafted()
    to = elsewhere(stage, "ann")
    (event, *_) = stage.ok("move_person", "kim", "T", person="ann", team=to)
    assert event.kind == "person_seated"
    assert team(stage).seats.seat["ann"] == to
    assert sorted(len(table) for table in tables(stage)) == [2, 4]


def test_a_full_team_refuses() -> None:
    stage = drafted(max_size=3)
    assert stage.no("move_person", "kim", "T", person="ann", team=elsewhere(stage, "ann")) == "full"


def test_moving_to_nowhere_known_or_where_one_is_already_is_refused() -> None:
    stage = drafted()
    assert stage.no("move_person", "kim", "T", person="ann", team="T99") == "unknown_team"
    assert stage.no("move_person", "kim", "T", person="ann", team=mates(stage, "ann")[0]) == "there_already"
    assert stage.no("move_person", "kim", "T", person="xen", team="Tt1") == "not_for_teams"


def test_after_the_confirmation_breaking_a_rule_takes_a_reason() -> None:
    stage = confirmed(min_areas=0, max_per_organisation=8)
    to = elsewhere(stage, "ann")
    assert stage.no("move_person", "kim", "T", person="ann", team=to) == "reason_needed_move"
    stage.ok("move_person", "kim", "T", person="ann", team=to, reason="she knows the customer")
    assert stage.session.people["ann"].team == to
    assert stage.session.decided[-1].text == Team.decisions["person_moved"]


def test_a_team_whose_leader_leaves_gets_another() -> None:
    stage = confirmed()
    now = stage.session.teams["Tt1"]
    stage.ok("move_person", "kim", "T", person=now.leader, team="Tt2", reason="asked")
    after = stage.session.teams["Tt1"]
    assert after.leader in after.members
    assert after.leader != now.leader
    assert stage.session.people[now.leader].role == "participant"


def test_moves_go_on_after_the_phase_has_closed() -> None:
    stage = confirmed()
    stage.close("T")
    stage.ok("move_person", "kim", "T", person="ann", team="", reason="went home")
    assert stage.session.people["ann"].team == ""


def test_memberships_have_a_from_and_a_to() -> None:
    stage = confirmed()
    since, home, to = stage.now, mates(stage, "ann")[0], elsewhere(stage, "ann")
    stage.after(20)
    stage.ok("move_person", "kim", "T", person="ann", team=to, reason="asked")
    assert [m for m in team(stage).seats.memberships if m.person == "ann"] == [
        Membership(home, "ann", since, stage.now),
        Membership(to, "ann", stage.now),
    ]
    assert len(team(stage).outcome().figures["memberships"]) == 7


def test_when_the_last_one_leaves_the_team_dissolves() -> None:
    stage = confirmed()
    for person in stage.session.teams["Tt1"].members:
        stage.ok("move_person", "kim", "T", person=person, team="", reason="went home")
    assert list(stage.session.teams) == ["Tt2"]
    assert stage.no("rename_team", "kim", "T", team="Tt1", team_name="Ren") == "unknown_team"


# ---- late joiners and requests


def test_a_late_joiner_asks_and_is_placed() -> None:
    stage = confirmed(max_per_organisation=8)
    stage.join("gun")
    stage.session.people["gun"].facts["competence"] = ["technology", "market", "law"]
    assert [m.id for m in team(stage).unplaced()] == ["gun"]
    stage.ok("ask_to_join", "gun", "T", team="Tt1")
    assert data(stage, "console", "all")["asking"] == ["gun"]
    stage.ok("place_person", "kim", "T", person="gun", team="Tt1")
    assert stage.session.people["gun"].team == "Tt1"
    assert data(stage, "console", "all")["asking"] == []


def test_a_full_team_cannot_be_asked_for() -> None:
    stage = confirmed(max_size=3)
    stage.join("gun")
    assert stage.no("ask_to_join", "gun", "T", team="Tt1") == "full"


def test_asking_to_join_is_for_those_without_a_team_and_asking_to_move_for_the_others() -> None:
    stage = drafted()
    stage.join("gun")
    assert stage.no("ask_to_join", "gun", "T") == "not_confirmed"
    assert stage.no("ask_to_move", "gun", "T") == "not_confirmed"
    stage.ok("confirm_teams", "kim", "T", reason="so be it")
    assert stage.no("ask_to_join", "ann", "T") == "in_team"
    assert stage.no("place_person", "kim", "T", person="ann", team="Tt1") == "seated"
    assert stage.no("place_person", "kim", "T", person="gun", team="") == "unknown_team"


def test_a_request_is_the_asking_persons_and_the_staffs_business() -> None:
    stage = confirmed()
    stage.ok("ask_to_move", "ann", "T", reason="my brother is in it")
    assert data(stage, "console", "all", "request", "ann")["request"].reason == "my brother is in it"
    assert data(stage, "phone", person_scope("ann"))["request"].reason == "my brother is in it"
    assert data(stage, "phone", person_scope("bo"))["request"] is None
    assert data(stage, "phone", "all")["asking"] == []


def test_a_request_can_be_declined_or_taken_back() -> None:
    stage = confirmed()
    stage.ok("ask_to_move", "ann", "T")
    stage.ok("ask_to_move", "bo", "T")
    stage.ok("decline_request", "kim", "T", person="ann", reason="your team needs you")
    stage.ok("take_back_request", "bo", "T")
    assert data(stage, "phone", person_scope("ann"))["request"].answer == "your team needs you"
    assert team(stage).show("console", "all", "request", "ann") is None
    assert data(stage, "console", "all")["asking"] == []
    assert stage.no("decline_request", "kim", "T", person="bo") == "no_request"


def test_taking_back_nothing_is_no_event() -> None:
    assert confirmed().ok("take_back_request", "ann", "T") == ()


def test_a_reason_has_a_limit() -> None:
    assert confirmed().no("ask_to_move", "ann", "T", reason="x" * 281) == "too_long"


def test_people_without_a_team_can_start_one() -> None:
    stage = confirmed()
    for person in ("gun", "hal", "ida"):
        stage.join(person)
        stage.session.people[person].facts["competence"] = ["technology", "market", "law"]
    stage.ok("start_team", "kim", "T", person=["gun", "hal", "ida"], need=needs(stage)[2])
    assert stage.session.teams["Tt3"] == TeamNow(
        "Tt3", 3, "Lodjur", ("gun", "hal", "ida"), "gun", needs(stage)[2]
    )
    assert stage.no("start_team", "kim", "T", person=["ann"]) == "nobody_free"


# ---- teams as wholes


def test_a_leader_is_one_of_the_team() -> None:
    stage = confirmed()
    other = next(p for p in stage.session.teams["Tt1"].members if p != stage.session.teams["Tt1"].leader)
    stage.ok("set_leader", "kim", "T", person=other)
    assert stage.session.people[other].role == "process_leader"
    assert stage.no("set_leader", "kim", "T", team="Tt2", person=other) == "not_member"
    assert stage.no("set_leader", "kim", "T", person="xen") == "not_member"


def test_a_team_is_renamed_but_not_like_another() -> None:
    stage = confirmed()
    stage.ok("rename_team", "kim", "T", team="Tt1", team_name="Norrsken")
    assert stage.session.teams["Tt1"].name == "Norrsken"
    assert stage.no("rename_team", "kim", "T", team="Tt2", team_name="norrsken") == "taken"
    assert stage.no("rename_team", "kim", "T", team="Tt2", team_name="") == "empty_name"
    assert stage.no("rename_team", "kim", "T", team="Tt2", team_name="x" * 41) == "too_long"


def test_a_team_can_get_another_need() -> None:
    stage = confirmed()
    stage.ok("set_need", "kim", "T", team="Tt1", need=needs(stage)[2])
    assert stage.session.teams["Tt1"].need == needs(stage)[2]
    assert stage.no("set_need", "kim", "T", team="Tt1", need="N99") == "unknown_need"


def test_a_split_gives_a_new_team_and_both_keep_their_history() -> None:
    stage = confirmed()
    first, *others = stage.session.teams["Tt1"].members
    since = stage.now
    stage.after(10)
    stage.ok("split_team", "kim", "T", team="Tt1", person=[first], team_name="Solo", reason="two ideas")
    assert stage.session.teams["Tt3"].members == (first,)
    assert stage.session.teams["Tt3"].name == "Solo"
    assert list(stage.session.teams["Tt1"].members) == others
    assert stage.session.teams["Tt1"].leader in others
    assert [m for m in team(stage).seats.memberships if m.person == first] == [
        Membership("Tt1", first, since, stage.now),
        Membership("Tt3", first, stage.now),
    ]


def test_a_split_leaves_somebody_on_both_sides() -> None:
    stage = confirmed()
    assert stage.no("split_team", "kim", "T", team="Tt1") == "nobody_left"
    everybody = list(stage.session.teams["Tt1"].members)
    assert stage.no("split_team", "kim", "T", team="Tt1", person=everybody) == "nobody_left"
    assert stage.no("split_team", "kim", "T", team="Tt9", person=everybody) == "unknown_team"


def test_merged_teams_are_one_with_everybodys_people() -> None:
    stage = confirmed(max_size=8)
    leader = stage.session.teams["Tt1"].leader
    stage.ok("merge_teams", "kim", "T", team="Tt1", other="Tt2", reason="same idea")
    assert list(stage.session.teams) == ["Tt1"]
    assert set(stage.session.teams["Tt1"].members) == set(PEOPLE)
    assert stage.session.teams["Tt1"].leader == leader
    assert [m.team for m in team(stage).seats.memberships if not m.until] == ["Tt1"] * 6


def test_teams_too_large_together_are_not_merged() -> None:
    stage = confirmed()
    assert stage.no("merge_teams", "kim", "T", team="Tt1", other="Tt2") == "full"
    assert stage.no("merge_teams", "kim", "T", team="Tt1", other="Tt1") == "unknown_team"


# ---- words


def without_words(stage: Stage) -> Session:
    """The session again, with everything gone that people wrote while teams were formed."""
    session = Session()
    for event in stage.log:
        words = Team.words.get(event.kind, ()) if event.phase == "T" else ()
        session.evolve(event._replace(body={**event.body, **dict.fromkeys(words & event.body.keys())}))
    return session


def test_the_names_that_people_give_teams_are_words_and_those_from_the_list_are_not() -> None:
    stage = confirmed(max_size=8)
    first, second, _ = stage.session.teams["Tt1"].members
    (named, *_) = stage.ok("split_team", "kim", "T", team="Tt1", person=[first], team_name="Solo", reason="x")
    (listed, *_) = stage.ok("split_team", "kim", "T", team="Tt1", person=[second], reason="x")
    assert (named.body["name"], named.body["new"]["name"]) == ("Solo", "")
    assert ("name" in listed.body, listed.body["new"]["name"]) == (False, "Ren")
    assert Team.words["team_split"] == {"name", "reason"}
    assert stage.replayed().teams == stage.session.teams
    assert [stage.session.teams[key].name for key in ("Tt3", "Tt4")] == ["Solo", "Ren"]


def test_teams_stay_as_they_are_when_all_words_are_gone() -> None:
    stage = confirmed(max_size=8)
    (first, *_) = stage.session.teams["Tt1"].members
    stage.ok("split_team", "kim", "T", team="Tt1", person=[first], team_name="Solo", reason="two ideas")
    stage.ok("rename_team", "kim", "T", team="Tt2", team_name="Norrsken")
    stage.ok("ask_to_move", "bo", "T", team="Tt3", reason="my brother is in it")
    erased = without_words(stage)
    nameless = {key: replace(now, name="") for key, now in stage.session.teams.items()}
    assert {key: replace(now, name="") for key, now in erased.teams.items()} == nameless
    assert {key: now.name for key, now in erased.teams.items()} == {"Tt1": "Ripa", "Tt2": "", "Tt3": ""}
    activity = erased.agenda.phases["T"].activity
    assert isinstance(activity, Team)
    assert activity.outcome() == team(stage).outcome()
    assert activity.draft.requests["bo"].reason == ""


def test_an_earlier_release_wrote_the_name_of_a_new_team_among_its_numbers() -> None:
    stage = confirmed()
    stage.join("gun")
    (started,) = stage.ok("start_team", "kim", "T", person="gun", team_name="Solo", reason="late")
    body = {name: value for name, value in started.body.items() if name != "name"}
    stage.log[-1] = started._replace(body={**body, "new": {**body["new"], "name": "Solo"}})
    assert stage.replayed().teams == stage.session.teams


# ---- entries


def with_entries(**rules: Any) -> Stage:
    """Confirmed teams; the first has two entries."""
    stage = confirmed(**rules)
    for card in ("c1", "c2"):
        learn(stage.session, "T", Fact(card, "kept", {"title": card, "team": "Tt1", "need": ""}))
    return stage


def test_a_split_takes_the_chosen_entries_along() -> None:
    stage = with_entries()
    going = stage.session.teams["Tt1"].members[:1]
    stage.ok("split_team", "kim", "T", team="Tt1", person=going, entry=["e2"], reason="two ideas")
    assert {entry.id: entry.team for entry in stage.session.entries.values()} == {"e1": "Tt1", "e2": "Tt3"}


def test_a_merge_brings_the_entries_and_none_is_parked() -> None:
    stage = with_entries(max_size=8)
    stage.ok("merge_teams", "kim", "T", team="Tt2", other="Tt1", reason="same idea")
    assert {(e.team, e.status) for e in stage.session.entries.values()} == {("Tt2", "draft")}


def test_the_entries_of_a_team_that_dissolves_are_parked() -> None:
    stage = with_entries()
    for person in stage.session.teams["Tt1"].members:
        stage.ok("move_person", "kim", "T", person=person, team="", reason="went home")
    assert {entry.status for entry in stage.session.entries.values()} == {"parked"}


# ---- what is shown


def test_the_projector_names_nobody_who_has_not_consented() -> None:
    stage = confirmed()
    shown = data(stage, "screen", "all", "tables")
    assert [(t["number"], t["taken"], t["seats"]) for t in shown["tables"]] == [(1, 3, 3), (2, 3, 3)]
    assert repr(data(stage, "console", "all", "board")).count("'ann'") > 0
    assert repr(shown).count("'ann'") == 0
    stage.session.people["ann"].facts["consent"] = "public"
    assert sum("ann" in table["people"] for table in data(stage, "screen", "all", "tables")["tables"]) == 1


def test_the_team_room_is_the_teams_own() -> None:
    stage = confirmed()
    home = mates(stage, "ann")[0]
    assert "ann" in {person["id"] for person in data(stage, "team", team_scope(home))["people"]}
    assert team(stage).show("team", team_scope("T99")) is None


def test_the_board_names_everything_the_facilitator_needs() -> None:
    stage = drafted(min_areas=7)
    board = data(stage, "console", "all", "board")
    assert [row["team"].number for row in board["rows"]] == [1, 2]
    assert [b.rule for b in board["rows"][0]["broken"]] == ["areas"]
    assert data(gathering(), "console", "all", "board")["rows"] == []


@pytest.mark.parametrize(("part", "shown"), [("turnout", False), ("tables", True)])
def test_the_turn_out_gives_way_to_the_tables(part: str, *, shown: bool) -> None:
    assert (team(drafted()).show("screen", "all", part) is not None) is shown
    assert isinstance(team(gathering()).show("screen", "all", part), Fragment) is not shown


def test_staff_has_a_desk_in_the_team_view_once_the_phase_is_over() -> None:
    stage = confirmed()
    assert team(stage).show("team", role_scope("facilitator")) is None
    stage.close("T")
    stage.ok("ask_to_move", "ann", "T", reason="going home")
    assert [ask["request"].person for ask in data(stage, "team", role_scope("facilitator"))["asks"]] == [
        "ann"
    ]
    assert "asks" not in data(stage, "team", role_scope("participant"))
    assert team(stage).show("team", role_scope("expert")) is None


def test_who_checks_out_is_seen_in_the_team_room() -> None:
    stage = confirmed()
    home = mates(stage, "ann")[0]
    touches = list(team(stage).noticed(Fact("person:ann", "present", False), "N"))
    assert Changed(scope=team_scope(home)) in touches
    assert list(team(stage).noticed(Fact("person:ann", "overnight", True), "N")) == []


def test_who_takes_back_the_consent_leaves_the_tables_on_the_projector_at_once() -> None:
    stage = confirmed()
    assert Changed("tables") in list(team(stage).noticed(Fact("person:ann", "consent", "team"), "N"))


def test_alerts_name_who_asks_who_has_no_team_and_what_is_unconfirmed() -> None:
    stage = gathering()
    (waiting,) = team(stage).alerts()
    assert waiting.at == stage.session.agenda.phases["T"].ends_at - 300
    stage = confirmed()
    stage.join("gun")
    stage.ok("ask_to_join", "gun", "T")
    assert [dict(a.params) for a in team(stage).alerts()] == [{"count": 1}, {"count": 1}]


def test_a_replay_gives_the_same_teams() -> None:
    stage = confirmed(max_size=8)
    stage.ok("move_person", "kim", "T", person="ann", team=elsewhere(stage, "ann"), reason="asked")
    stage.ok(
        "split_team", "kim", "T", team="Tt1", person=[stage.session.teams["Tt1"].members[0]], reason="two"
    )
    stage.ok("merge_teams", "kim", "T", team="Tt2", other="Tt3", reason="one")
    again = stage.replayed()
    assert again.teams == stage.session.teams
    assert {p: m.team for p, m in again.people.items()} == {
        p: m.team for p, m in stage.session.people.items()
    }
    activity = again.agenda.phases["T"].activity
    assert isinstance(activity, Team)
    assert activity.seats.memberships == team(stage).seats.memberships


def test_reopening_brings_the_needs_up_to_date_and_keeps_the_wishes() -> None:
    stage = gathering()
    stage.ok("wish", "ann", "T", **{"wish-1": needs(stage)[0]})
    stage.close("T")
    stage.ok("reopen_phase", "kim", "T")
    assert team(stage).draft.wishes == {"ann": (needs(stage)[0],)}
