"""Plan: decisions about entries halfway, owners and next steps at the end."""

from typing import Any

import pytest

from sessions import facts
from sessions.activities.plan import Plan
from sessions.audience import person_scope, team_scope
from sessions.outcome import Card, Fact, Team
from sessions.session import Session
from tests.support.stage import Stage, phase

DECIDE = {"mode": "decide", "choices": ["go", "pivot", "merge", "park", "withdraw"], "reason_required": True}
OWN = {"mode": "own", "first_step_days": 14, "followup_months": [3, 6, 12]}
TITLES = {"e1": "Heat from the sawmill", "e2": "Lorries home full", "e3": "Quotes in three days"}


def begin(session: Session) -> None:
    """Two teams of three with a leader each; the first has two entries."""
    facts.regroup(session, Team("R", 1, "Ripa", ("ann", "bo", "cia"), "ann"))
    facts.regroup(session, Team("J", 2, "Järv", ("dan", "eva", "fia"), "dan"))
    for card, team in (("e1", "R"), ("e2", "R"), ("e3", "J")):
        facts.learn(session, "V", Fact(f"c{card}", "kept", {"title": TITLES[card], "team": team, "need": ""}))
        session.entries[card].idea = Card(f"c{card}", TITLES[card], authors=("cia",), team=team)


def plan_stage(rules: dict[str, Any]) -> Stage:
    who = ["teams", "staff", "business_developer"]
    stage = Stage(phase("plan", "P", who=who, rules=rules), bea="business_developer", xen="expert")
    for person in ("ann", "bo", "cia", "dan", "eva", "fia"):
        stage.join(person)
    begin(stage.session)
    stage.open("P")
    return stage


def deciding() -> Stage:
    return plan_stage(DECIDE)


def owning(**rules: Any) -> Stage:
    return plan_stage({**OWN, **rules})


def plan(stage: Stage) -> Plan:
    activity = stage.session.agenda.phases["P"].activity
    assert isinstance(activity, Plan)
    return activity


def data(stage: Stage, view: str, scope: str, part: str = "", key: str = "") -> Any:
    shown = plan(stage).show(view, scope, part, key)
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


# ---- decide: choices


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
    stage = plan_stage({**DECIDE, "choices": ["go", "park"]})
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


def test_commands_of_the_other_mode_are_unknown() -> None:
    assert deciding().no("take_ownership", "ann", "P", entry="e1") == "unknown_command"
    assert owning().no("decide_entry", "ann", "P", entry="e1", choice="go", reason="x") == "unknown_command"


# ---- decide: merging


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
    assert entry(stage, "e1").latest("decision") == {"choice": "merge", "reason": "because"}
    assert stage.no("accept_merge", "dan", "P", entry="e1") == "no_offer"


def test_a_merge_can_be_declined() -> None:
    stage = deciding()
    chosen(stage, "ann", "e1", "merge", into="e3")
    stage.ok("decline_merge", "dan", "P", entry="e1")
    assert plan(stage).decided.offers == {}
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


# ---- decide: closing, showing


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
    assert data(stage, "screen", "all") == {"mode": "decide"}


def test_a_team_sees_its_own_entries_and_what_it_is_asked() -> None:
    stage = deciding()
    chosen(stage, "ann", "e1", "merge", into="e3")
    assert data(stage, "phone", team_scope("R"))["entries"] == ["e1", "e2"]
    assert data(stage, "phone", team_scope("R"))["offers"] == []
    assert data(stage, "phone", team_scope("J"))["offers"] == ["e1"]
    assert data(stage, "phone", team_scope("J"), "offer", "e1")["reason"] == "because"
    assert plan(stage).show("phone", team_scope("R"), "offer", "e1") is None
    assert plan(stage).show("phone", team_scope("J"), "choice", "e1") is None


def test_what_i_decided_is_among_mine() -> None:
    stage = deciding()
    chosen(stage, "ann", "e1", "park")
    assert [row["entry"]["id"] for row in data(stage, "mine", person_scope("ann"))["rows"]] == ["e1"]
    assert plan(stage).show("mine", person_scope("bo")) is None


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
    undecided, waiting = plan(stage).alerts()
    assert (undecided.params["count"], undecided.at) == (3, stage.session.agenda.phases["P"].ends_at - 300)
    assert (waiting.params["count"], waiting.at) == (1, 0.0)


def test_decisions_stand_in_the_log_of_decisions() -> None:
    stage = deciding()
    chosen(stage, "ann", "e1", "park")
    assert stage.session.decided[-1].text == "Project {number} is parked. {reason}"
    assert plan(stage).outcome().figures == {"decisions": {"e1": "park"}}


def test_a_replay_decides_the_same() -> None:
    stage = deciding()
    chosen(stage, "ann", "e1", "pivot", title="Heat for greenhouses")
    chosen(stage, "ann", "e2", "merge", into="e3")
    stage.ok("accept_merge", "dan", "P", entry="e2")
    stage.close("P")
    assert {e.id: (e.title, e.facts) for e in again(stage).entries.values()} == {
        e.id: (e.title, e.facts) for e in stage.session.entries.values()
    }


# ---- own: who carries it


def test_a_member_of_the_team_accepts_and_is_the_owner() -> None:
    stage = owning()
    stage.ok("take_ownership", "bo", "P", entry="e1")
    assert entry(stage, "e1").latest("owner") == {"person": "bo", "accepted": True}
    assert stage.ok("take_ownership", "bo", "P", entry="e1") == ()
    assert stage.no("take_ownership", "ann", "P", entry="e1") == "owned"


def test_nobody_else_owns_it_unasked() -> None:
    stage = owning()
    assert stage.no("take_ownership", "dan", "P", entry="e1") == "not_asked"
    assert stage.no("take_ownership", "kim", "P", entry="e1") == "not_asked"
    assert stage.no("take_ownership", "ann", "P", entry="e9") == "unknown_entry"


def test_who_is_asked_owns_it_only_after_accepting() -> None:
    stage = owning()
    stage.ok("hand_over", "ann", "P", entry="e1", person="bea")
    assert entry(stage, "e1").latest("owner") == {"person": "bea", "accepted": False}
    assert "owner" in entry(stage, "e1").missing("archived")
    stage.ok("take_ownership", "bea", "P", entry="e1")
    assert entry(stage, "e1").latest("owner") == {"person": "bea", "accepted": True}


def test_an_owner_stays_until_the_next_one_accepts() -> None:
    stage = owning()
    stage.ok("take_ownership", "ann", "P", entry="e1")
    stage.ok("hand_over", "ann", "P", entry="e1", person="bea")
    assert entry(stage, "e1").latest("owner") == {"person": "ann", "accepted": True}
    assert stage.no("hand_over", "bo", "P", entry="e1", person="bo") == "not_owner"
    stage.ok("take_ownership", "bea", "P", entry="e1")
    assert entry(stage, "e1").latest("owner") == {"person": "bea", "accepted": True}


def test_who_is_asked_can_say_no() -> None:
    stage = owning()
    stage.ok("hand_over", "ann", "P", entry="e1", person="bea")
    stage.ok("decline_ownership", "bea", "P", entry="e1")
    assert entry(stage, "e1").latest("owner") is None
    assert data(stage, "phone", team_scope("R"), "care", "e1")["care"].declined == ("bea",)
    assert stage.ok("decline_ownership", "bea", "P", entry="e1") == ()


def test_an_owner_can_step_down() -> None:
    stage = owning()
    stage.ok("take_ownership", "ann", "P", entry="e1")
    stage.ok("step_down", "ann", "P", entry="e1")
    assert entry(stage, "e1").latest("owner") is None
    assert stage.ok("step_down", "ann", "P", entry="e1") == ()


def test_handing_over_is_to_somebody_in_the_session() -> None:
    stage = owning()
    assert stage.no("hand_over", "ann", "P", entry="e1", person="zoe") == "nobody"
    assert stage.no("hand_over", "dan", "P", entry="e1", person="dan") == "not_yours"
    stage.ok("take_ownership", "ann", "P", entry="e1")
    assert stage.no("hand_over", "ann", "P", entry="e1", person="ann") == "owner_already"


def test_staff_hands_over_for_a_silent_owner_after_some_hours_and_says_why() -> None:
    stage = owning(force_after_hours=12)
    stage.ok("take_ownership", "ann", "P", entry="e1")
    authors = entry(stage, "e1").idea.authors
    assert stage.no("force_hand_over", "kim", "P", entry="e1", person="bo") == "reason_needed"
    assert stage.no("force_hand_over", "kim", "P", entry="e1", person="bo", reason="gone") == "too_early"
    stage.after(12 * 60)
    stage.ok("force_hand_over", "kim", "P", entry="e1", person="bo", reason="never came back")
    assert entry(stage, "e1").latest("owner") == {"person": "bo", "accepted": False}
    assert entry(stage, "e1").idea.authors == authors
    assert stage.session.decided[-1].text == "Project {number} handed to somebody else. {reason}"


def test_nobody_waits_for_an_owner_who_has_left_the_session() -> None:
    stage = owning()
    stage.ok("take_ownership", "ann", "P", entry="e1")
    stage.ok("remove_person", "kim", person="ann")
    stage.ok("force_hand_over", "kim", "P", entry="e1", person="bo", reason="left")
    assert entry(stage, "e1").latest("owner") == {"person": "bo", "accepted": False}


def test_only_staff_forces() -> None:
    stage = owning()
    assert stage.no("force_hand_over", "ann", "P", entry="e1", person="bo", reason="x") == "not_allowed"


def test_owning_goes_on_after_the_phase_has_closed() -> None:
    stage = owning()
    stage.close("P")
    stage.ok("take_ownership", "ann", "P", entry="e1")
    assert entry(stage, "e1").latest("owner") == {"person": "ann", "accepted": True}


# ---- own: what comes next


def test_the_first_step_comes_within_two_weeks() -> None:
    stage = owning()
    stage.ok("take_ownership", "ann", "P", entry="e1")
    stage.ok("set_first_step", "bo", "P", entry="e1", text="Call the nursery", due="2026-10-05")
    assert entry(stage, "e1").latest("next_action") == {"text": "Call the nursery", "due": "2026-10-05"}


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"text": "Call", "due": "2026-10-06"}, "too_far"),
        ({"text": "Call", "due": "2026-09-20"}, "past_day"),
        ({"text": "Call", "due": "soon"}, "bad_date"),
        ({"text": "", "due": "2026-09-30"}, "empty"),
        ({"text": "x" * 281, "due": "2026-09-30"}, "too_long"),
    ],
)
def test_a_first_step_that_does_not_do_is_refused(fields: dict[str, str], reason: str) -> None:
    stage = owning()  # 21 September 2026 in Stockholm
    stage.ok("take_ownership", "ann", "P", entry="e1")
    assert stage.no("set_first_step", "ann", "P", entry="e1", **fields) == reason


def test_without_an_owner_there_is_no_first_step() -> None:
    stage = owning()
    assert stage.no("set_first_step", "ann", "P", entry="e1", text="Call", due="2026-09-30") == "no_owner"
    assert stage.no("set_first_step", "dan", "P", entry="e1", text="Call", due="2026-09-30") == "not_yours"


def test_accepting_brings_the_usual_follow_ups() -> None:
    stage = owning()
    stage.ok("take_ownership", "ann", "P", entry="e1")
    usual = {"months": [3, 6, 12], "dates": ["2026-12-21", "2027-03-21", "2027-09-21"]}
    assert entry(stage, "e1").latest("followups") == usual


def test_other_follow_ups_stay_when_somebody_else_takes_over() -> None:
    stage = owning()
    stage.ok("set_followups", "ann", "P", entry="e1", months=["9", "1"])
    stage.ok("take_ownership", "ann", "P", entry="e1")
    assert entry(stage, "e1").latest("followups") == {"months": [1, 9], "dates": ["2026-10-21", "2027-06-21"]}


@pytest.mark.parametrize("months", [["x"], ["0"], ["61"], ["1", "2", "3", "4", "5", "6", "7"]])
def test_follow_ups_are_a_few_whole_months(months: list[str]) -> None:
    assert owning().no("set_followups", "ann", "P", entry="e1", months=months) == "bad_months"


def test_the_team_says_who_may_see_the_record() -> None:
    stage = owning()
    stage.ok("set_visibility", "ann", "P", entry="e1", level="programme")
    assert entry(stage, "e1").latest("visibility") == "programme"
    assert stage.no("set_visibility", "ann", "P", entry="e1", level="moon") == "unknown_level"
    assert stage.no("set_visibility", "xen", "P", entry="e1", level="public") == "not_yours"


def test_anybody_offers_help_and_takes_it_back() -> None:
    stage = owning()
    stage.ok("offer_help", "xen", "P", entry="e1", text="I know the patent office")
    assert entry(stage, "e1").every("help") == {"xen": {"person": "xen", "text": "I know the patent office"}}
    assert data(stage, "phone", person_scope("xen"))["helped"][0]["text"] == "I know the patent office"
    stage.ok("withdraw_help", "xen", "P", entry="e1")
    assert entry(stage, "e1").every("help") == {}
    assert stage.no("offer_help", "xen", "P", entry="e1", text="") == "empty"
    assert stage.no("offer_help", "xen", "P", entry="e9", text="x") == "unknown_entry"


# ---- own: showing


def test_the_screen_counts_owners_and_names_nobody() -> None:
    stage = owning()
    stage.ok("take_ownership", "ann", "P", entry="e1")
    assert data(stage, "screen", "all", "owners") == {"named": 1, "entries": 3}
    assert data(stage, "screen", "all") == {"mode": "own", "entries": []}


def test_who_is_asked_sees_it_on_the_phone_and_nobody_else() -> None:
    stage = owning()
    stage.ok("hand_over", "ann", "P", entry="e1", person="bea")
    assert [row["entry"]["id"] for row in data(stage, "phone", person_scope("bea"))["asked"]] == ["e1"]
    assert plan(stage).show("phone", person_scope("dan")) is None


def test_an_owner_from_elsewhere_has_the_forms_too() -> None:
    stage = owning()
    stage.ok("hand_over", "ann", "P", entry="e1", person="bea")
    stage.ok("take_ownership", "bea", "P", entry="e1")
    assert data(stage, "phone", person_scope("bea"))["held"] == ["e1"]
    assert data(stage, "phone", person_scope("bea"), "held", "e1")["outside"] is True
    assert plan(stage).show("phone", person_scope("ann"), "held", "e1") is None


def test_what_i_own_is_among_mine() -> None:
    stage = owning()
    stage.ok("take_ownership", "ann", "P", entry="e1")
    assert [row["entry"]["id"] for row in data(stage, "mine", person_scope("ann"))["rows"]] == ["e1"]
    assert plan(stage).show("mine", person_scope("bo")) is None


def test_a_team_sees_its_own_entries_only() -> None:
    stage = owning()
    assert data(stage, "team", team_scope("R"))["entries"] == ["e1", "e2"]
    assert data(stage, "team", team_scope("R"), "care", "e1")["people"] == ["ann", "bo", "cia", "bea"]
    assert plan(stage).show("team", team_scope("J"), "care", "e1") is None


def test_the_board_puts_what_has_no_owner_first() -> None:
    stage = owning()
    stage.ok("take_ownership", "ann", "P", entry="e1")
    assert [row["entry"]["id"] for row in data(stage, "console", "all", "board")["rows"]] == [
        "e2",
        "e3",
        "e1",
    ]


def test_alerts_count_what_has_no_owner_near_the_end_and_who_has_not_answered() -> None:
    stage = owning()
    stage.ok("hand_over", "ann", "P", entry="e1", person="bea")
    without, waiting = plan(stage).alerts()
    assert (without.params["count"], without.at) == (3, stage.session.agenda.phases["P"].ends_at - 600)
    assert waiting.params["count"] == 1


def test_a_replay_owns_the_same() -> None:
    stage = owning()
    stage.ok("take_ownership", "ann", "P", entry="e1")
    stage.ok("hand_over", "ann", "P", entry="e1", person="bea")
    stage.ok("take_ownership", "bea", "P", entry="e1")
    stage.ok("set_first_step", "bea", "P", entry="e1", text="Call the nursery", due="2026-09-30")
    assert {e.id: e.facts for e in again(stage).entries.values()} == {
        e.id: e.facts for e in stage.session.entries.values()
    }
    assert plan(stage).outcome().figures == {"owners": {"e1": "bea"}}
