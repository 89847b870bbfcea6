"""Decide: what teams do with their entries halfway, and why."""

from typing import Any

import pytest

from sessions import facts
from sessions.activities.decide import Decide
from sessions.activities.decide.handed_on import facts_of
from sessions.activities.decide.state import Choice, Decisions, Offer
from sessions.audience import person_scope, team_scope
from sessions.outcome import Card, Fact, Team
from sessions.session import Session
from tests.support.stage import Stage, phase

RULES = {"choices": ["go", "pivot", "merge", "park", "withdraw"], "reason_required": True}
TITLES = {"e1": "Heat from the sawmill", "e2": "Lorries home full", "e3": "Quotes in three days"}


def begin(session: Session) -> None:
    """Two teams of three with a leader each; the first has two entries."""
    facts.regroup(session, Team("R", 1, "Ripa", ("ann", "bo", "cia"), "ann"))
    facts.regroup(session, Team("J", 2, "Järv", ("dan", "eva", "fia"), "dan"))
    for card, team in (("e1", "R"), ("e2", "R"), ("e3", "J")):
        facts.learn(session, "V", Fact(f"c{card}", "kept", {"title": TITLES[card], "team": team, "need": ""}))
        session.entries[card].idea = Card(f"c{card}", TITLES[card], authors=("cia",), team=team)


def deciding(**rules: Any) -> Stage:
    """The phase P of such a kind, open, with a business developer and an expert beside the teams."""
    who = ["teams", "staff", "business_developer"]
    row = phase("decide", "P", who=who, rules={**RULES, **rules})
    stage = Stage(row, bea="business_developer", xen="expert")
    for person in ("ann", "bo", "cia", "dan", "eva", "fia"):
        stage.join(person)
    begin(stage.session)
    stage.open("P")
    return stage


def decide(stage: Stage) -> Decide:
    activity = stage.session.agenda.phases["P"].activity
    assert isinstance(activity, Decide)
    return activity


def data(stage: Stage, view: str, scope: str, part: str = "", key: str = "") -> Any:
    shown = decide(stage).show(view, scope, part, key)
    assert shown is not None
    return shown.data


def chosen(stage: Stage, by: str, entry: str, choice: str, **fields: Any) -> None:
    stage.ok("decide_entry", by, "P", entry=entry, choice=choice, reason="because", **fields)


def entry(stage: Stage, entry_id: str) -> Any:
    return stage.session.entries[entry_id]


def again(stage: Stage) -> Session:
    """The session folded from its log once more."""
    session = Session()
    for event in stage.log:
        if event.kind == "phase_opened":
            begin(session)
        session.evolve(event)
    return session


# ---- choices


def test_a_decision_stands_in_the_record_with_its_reason() -> None:
    stage = deciding()
    chosen(stage, "ann", "e1", "go")
    assert entry(stage, "e1").latest("decision") == {"choice": "go", "reason": "because"}
    assert entry(stage, "e1").status == "draft"


@pytest.mark.parametrize(("choice", "status"), [("park", "parked"), ("withdraw", "withdrawn")])
def test_parked_and_withdrawn_entries_leave_the_race(choice: str, status: str) -> None:
    stage = deciding()
    chosen(stage, "ann", "e1", choice)
    assert entry(stage, "e1").status == status
    assert [e.id for e in stage.session.entries_of("R")] == ["e2"]


def test_a_pivot_may_bring_a_new_title_and_description() -> None:
    stage = deciding()
    chosen(stage, "ann", "e1", "pivot", title="Heat for greenhouses", summary="Sell it to the nursery.")
    assert entry(stage, "e1").title == "Heat for greenhouses"
    assert entry(stage, "e1").fields["summary"] == {"summary": "Sell it to the nursery."}


def test_a_decision_can_be_changed_until_the_close() -> None:
    stage = deciding()
    chosen(stage, "ann", "e1", "park")
    chosen(stage, "ann", "e1", "go")
    assert entry(stage, "e1").in_race
    stage.close("P")
    assert stage.no("decide_entry", "ann", "P", entry="e1", choice="park", reason="late") == "closed"


def test_taking_back_a_pivot_brings_the_old_title_back() -> None:
    stage = deciding()
    chosen(stage, "ann", "e1", "pivot", title="Heat for greenhouses", summary="Sell it.")
    stage.ok("take_back_decision", "ann", "P", entry="e1")
    assert entry(stage, "e1").title == TITLES["e1"]
    assert entry(stage, "e1").latest("field") is None
    assert entry(stage, "e1").latest("decision") is None


def test_taking_back_nothing_is_no_event() -> None:
    assert deciding().ok("take_back_decision", "ann", "P", entry="e1") == ()


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"entry": "e9", "choice": "go", "reason": "x"}, "unknown_entry"),
        ({"entry": "e3", "choice": "go", "reason": "x"}, "not_yours"),
        ({"entry": "e1", "choice": "sell", "reason": "x"}, "unknown_choice"),
        ({"entry": "e1", "choice": "go", "reason": " "}, "reason_needed"),
        ({"entry": "e1", "choice": "go", "reason": "x" * 501}, "too_long"),
        ({"entry": "e1", "choice": "pivot", "reason": "x", "title": "x" * 151}, "too_long"),
        ({"entry": "e1", "choice": "merge", "reason": "x"}, "no_target"),
        ({"entry": "e1", "choice": "merge", "reason": "x", "into": "e1"}, "no_target"),
    ],
)
def test_what_cannot_be_decided_is_refused(fields: dict[str, str], reason: str) -> None:
    assert deciding().no("decide_entry", "ann", "P", **fields) == reason


def test_a_choice_that_the_format_leaves_out_is_unknown() -> None:
    stage = deciding(choices=["go", "park"])
    assert stage.no("decide_entry", "ann", "P", entry="e1", choice="pivot", reason="x") == "unknown_choice"


def test_any_member_decides_but_not_over_the_leader() -> None:
    stage = deciding()
    chosen(stage, "bo", "e1", "park")
    chosen(stage, "ann", "e1", "go")
    assert stage.no("decide_entry", "bo", "P", entry="e1", choice="park", reason="x") == "leader_decided"
    assert stage.no("take_back_decision", "bo", "P", entry="e1") == "leader_decided"
    chosen(stage, "kim", "e1", "park")


def test_the_expert_decides_nothing() -> None:
    assert deciding().no("decide_entry", "xen", "P", entry="e1", choice="go", reason="x") == "not_allowed"


def test_nobody_takes_ownership_here() -> None:
    assert deciding().no("take_ownership", "ann", "P", entry="e1") == "unknown_command"


def test_a_pivot_says_only_what_is_new() -> None:
    stage = deciding()
    chosen(stage, "ann", "e1", "pivot", summary="Sell it.")
    assert {"title", "summary"} & stage.log[-1].body.keys() == {"summary"}
    assert entry(stage, "e1").title == TITLES["e1"]


def test_what_people_wrote_about_a_decision_can_be_erased_and_the_decision_stands() -> None:
    stage = deciding()
    chosen(stage, "ann", "e1", "pivot", title="Heat for greenhouses", summary="Sell it.")
    pivot = stage.log[-1]
    assert Decide.words["entry_changed"] == {"reason", "title", "summary"}
    stage.log[-1] = pivot._replace(body={**pivot.body, "reason": None, "title": None, "summary": None})
    erased = again(stage).entries["e1"]
    assert erased.latest("decision") == {"choice": "pivot", "reason": ""}
    assert (erased.title, erased.fields.get("summary")) == (TITLES["e1"], None)


# ---- merging


def test_entries_of_one_team_merge_at_once_with_lineage_both_ways() -> None:
    stage = deciding()
    chosen(stage, "ann", "e2", "merge", into="e1")
    assert (entry(stage, "e2").status, entry(stage, "e2").latest("merged_into")) == ("merged", "e1")
    assert entry(stage, "e1").every("merged_from") == {"e2": "e2"}


def test_a_merge_into_another_team_waits_for_its_leader() -> None:
    stage = deciding()
    chosen(stage, "ann", "e1", "merge", into="e3")
    assert entry(stage, "e1").in_race
    assert stage.no("accept_merge", "eva", "P", entry="e1") == "not_leader"
    stage.ok("accept_merge", "dan", "P", entry="e1")
    assert entry(stage, "e1").status == "merged"
    assert entry(stage, "e1").latest("decision") == {
        "choice": "merge",
        "reason": "because",
        "into": "e3",
    }
    assert stage.no("accept_merge", "dan", "P", entry="e1") == "no_offer"


def test_a_merge_can_be_declined() -> None:
    stage = deciding()
    chosen(stage, "ann", "e1", "merge", into="e3")
    stage.ok("decline_merge", "dan", "P", entry="e1")
    assert decide(stage).decided.offers == {}
    assert entry(stage, "e1").latest("decision") is None


def test_a_merge_cannot_be_accepted_into_what_has_left_the_race() -> None:
    stage = deciding()
    chosen(stage, "ann", "e1", "merge", into="e3")
    chosen(stage, "dan", "e3", "park")
    assert stage.no("accept_merge", "dan", "P", entry="e1") == "target_gone"


def test_staff_merges_over_teams_at_once() -> None:
    stage = deciding()
    chosen(stage, "kim", "e1", "merge", into="e3")
    assert entry(stage, "e1").status == "merged"


def test_what_others_have_merged_into_cannot_leave_the_race() -> None:
    stage = deciding()
    chosen(stage, "ann", "e2", "merge", into="e1")
    assert stage.no("decide_entry", "ann", "P", entry="e1", choice="park", reason="x") == "has_merged"
    assert (
        stage.no("decide_entry", "ann", "P", entry="e1", choice="merge", reason="x", into="e2")
        == "has_merged"
    )


def test_whoever_had_the_idea_can_undo_its_merge() -> None:
    stage = deciding()
    chosen(stage, "ann", "e2", "merge", into="e1")
    assert stage.no("take_back_decision", "bo", "P", entry="e2") == "leader_decided"
    stage.ok("take_back_decision", "cia", "P", entry="e2")
    assert entry(stage, "e2").in_race
    assert entry(stage, "e2").latest("merged_into") is None
    assert entry(stage, "e1").every("merged_from") == {}


# ---- closing, showing


def test_what_is_undecided_goes_on_as_it_is_and_is_logged() -> None:
    stage = deciding()
    chosen(stage, "ann", "e1", "park")
    stage.close("P")
    (left,) = [event for event in stage.log if event.kind == "left_as_is"]
    assert left.body == {"entries": ["e2", "e3"], "count": 2}
    assert entry(stage, "e2").latest("decision")["choice"] == "go"
    assert entry(stage, "e2").status == "draft"


def test_when_everything_is_decided_the_close_logs_nothing() -> None:
    stage = deciding()
    for by, entry_id in (("ann", "e1"), ("ann", "e2"), ("dan", "e3")):
        chosen(stage, by, entry_id, "go")
    stage.close("P")
    assert [event for event in stage.log if event.kind == "left_as_is"] == []


def test_the_screen_counts_what_is_left_and_names_nothing() -> None:
    stage = deciding()
    chosen(stage, "ann", "e1", "park")
    chosen(stage, "dan", "e3", "go")
    counts = {"go": 1, "pivot": 0, "merge": 0, "park": 1, "withdraw": 0}
    assert data(stage, "screen", "all", "tally") == {"racing": 2, "entries": 3, "counts": counts, "open": 1}
    assert data(stage, "screen", "all") == {}


def test_a_team_sees_its_own_entries_and_what_it_is_asked() -> None:
    stage = deciding()
    chosen(stage, "ann", "e1", "merge", into="e3")
    assert data(stage, "phone", team_scope("R"))["entries"] == ["e1", "e2"]
    assert data(stage, "phone", team_scope("R"))["offers"] == []
    assert data(stage, "phone", team_scope("J"))["offers"] == ["e1"]
    assert data(stage, "phone", team_scope("J"), "offer", "e1")["reason"] == "because"
    assert decide(stage).show("phone", team_scope("R"), "offer", "e1") is None
    assert decide(stage).show("phone", team_scope("J"), "choice", "e1") is None


def test_what_i_decided_is_among_mine() -> None:
    stage = deciding()
    chosen(stage, "ann", "e1", "park")
    assert [row["entry"]["id"] for row in data(stage, "mine", person_scope("ann"))["rows"]] == ["e1"]
    assert decide(stage).show("mine", person_scope("bo")) is None


def test_the_board_puts_what_is_undecided_first() -> None:
    stage = deciding()
    chosen(stage, "ann", "e1", "park")
    assert [row["entry"]["id"] for row in data(stage, "console", "all", "board")["rows"]] == [
        "e2",
        "e3",
        "e1",
    ]


def test_deciding_alerts_near_the_end_and_for_merges_that_wait() -> None:
    stage = deciding()
    chosen(stage, "ann", "e1", "merge", into="e3")
    undecided, waiting = decide(stage).alerts()
    assert (undecided.params["count"], undecided.at) == (3, stage.session.agenda.phases["P"].ends_at - 300)
    assert (waiting.params["count"], waiting.at) == (1, 0.0)


def test_decisions_stand_in_the_log_of_decisions() -> None:
    stage = deciding()
    chosen(stage, "ann", "e1", "park")
    assert stage.session.decided[-1].text == "Project {number} is parked. {reason}"
    assert decide(stage).outcome().figures == {"decisions": {"e1": "park"}}


def test_a_replay_decides_the_same() -> None:
    stage = deciding()
    chosen(stage, "ann", "e1", "pivot", title="Heat for greenhouses")
    chosen(stage, "ann", "e2", "merge", into="e3")
    stage.ok("accept_merge", "dan", "P", entry="e2")
    stage.close("P")
    assert {e.id: (e.title, e.facts) for e in again(stage).entries.values()} == {
        e.id: (e.title, e.facts) for e in stage.session.entries.values()
    }


# ---- the state, without a stage


def test_a_new_decision_takes_the_place_of_the_old_one_and_of_an_offer() -> None:
    decided = Decisions()
    park, go = Choice("park", "because", "ann", 1.0), Choice("go", "after all", "ann", 2.0)
    assert decided.replace("e1", park) == (None, None)
    decided.offers["e1"] = Offer("e3", "because", "ann")
    assert decided.replace("e1", go) == (park, Offer("e3", "because", "ann"))
    assert (decided.choices, decided.offers) == ({"e1": go}, {})


def test_the_title_from_before_the_first_change_comes_back() -> None:
    decided = Decisions()
    titles = [
        decided.retitle("e1", name, choice)
        for name, choice in (
            ("Old", Choice("pivot", "", "ann", 1.0, title="New")),
            ("New", Choice("pivot", "", "ann", 2.0, title="Newer")),
            ("Newer", Choice("pivot", "", "ann", 3.0, title="")),
            ("Newer", None),
            ("Old", None),
        )
    ]
    assert titles == ["New", "Newer", "Newer", "Old", None]


def test_a_merge_says_where_from_and_where_to_until_it_goes_elsewhere() -> None:
    before, after = (Choice("merge", "", "ann", 1.0, into=into) for into in ("e2", "e3"))
    facts_said = [(fact.subject, fact.name, fact.value) for fact in facts_of("e1", before, after, "P")]
    assert facts_said[1:] == [
        ("e1", "merged_into", "e3"),
        ("e2", "merged_from", None),
        ("e3", "merged_from", "e1"),
    ]


def test_a_close_that_erases_withdrawn_projects_says_so_first_and_is_not_offered_back() -> None:
    stage = deciding()
    assert decide(stage).lost_by_closing() is None
    chosen(stage, "ann", "e1", "withdraw")
    assert decide(stage).lost_by_closing() is not None
    stage.close("P")
    assert stage.session.withdrawn.keys() == {"entry:e1"}
    assert stage.session.undoable is None or stage.session.undoable.final


def test_a_project_that_is_erased_stays_withdrawn_when_the_phase_is_held_again() -> None:
    stage = deciding()
    chosen(stage, "ann", "e1", "withdraw")
    chosen(stage, "dan", "e3", "park")
    stage.close("P")
    stage.ok("reopen_phase", "kim", "P")
    assert stage.no("take_back_decision", "ann", "P", entry="e1") == "erased"
    assert stage.no("decide_entry", "ann", "P", entry="e1", choice="go", reason="after all") == "erased"
    assert stage.ok("take_back_decision", "dan", "P", entry="e3")
    assert (entry(stage, "e1").status, entry(stage, "e3").in_race) == ("withdrawn", True)
