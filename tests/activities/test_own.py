"""Own: who carries each entry from here on, and what comes next."""

from collections.abc import Callable
from typing import Any

import pytest

from sessions import facts
from sessions.activities.own import Own
from sessions.activities.own.handed_on import owner_of
from sessions.activities.own.state import Ownership
from sessions.audience import person_scope, team_scope
from sessions.outcome import Card, Fact, Team
from sessions.session import Session
from sessions.viewers import OUTSIDE, is_named, is_named_beside
from tests.support.stage import Stage, phase

RULES = {"first_step_days": 14, "followup_months": [3, 6, 12]}
TITLES = {"e1": "Heat from the sawmill", "e2": "Lorries home full", "e3": "Quotes in three days"}


def begin(session: Session) -> None:
    """Two teams of three with a leader each; the first has two entries."""
    facts.regroup(session, Team("R", 1, "Ripa", ("ann", "bo", "cia"), "ann"))
    facts.regroup(session, Team("J", 2, "Järv", ("dan", "eva", "fia"), "dan"))
    for card, team in (("e1", "R"), ("e2", "R"), ("e3", "J")):
        facts.learn(session, "V", Fact(f"c{card}", "kept", {"title": TITLES[card], "team": team, "need": ""}))
        session.entries[card].idea = Card(f"c{card}", TITLES[card], authors=("cia",), team=team)


def owning(**rules: Any) -> Stage:
    """The phase P of such a kind, open, with a business developer and an expert beside the teams."""
    who = ["teams", "staff", "business_developer"]
    row = phase("own", "P", who=who, rules={**RULES, **rules})
    stage = Stage(row, bea="business_developer", xen="expert")
    for person in ("ann", "bo", "cia", "dan", "eva", "fia"):
        stage.join(person)
    begin(stage.session)
    stage.open("P")
    return stage


def own(stage: Stage) -> Own:
    activity = stage.session.agenda.phases["P"].activity
    assert isinstance(activity, Own)
    return activity


def data(stage: Stage, view: str, scope: str, part: str = "", key: str = "") -> Any:
    shown = own(stage).show(view, scope, part, key)
    assert shown is not None
    return shown.data


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


# ---- who carries it


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


# ---- what comes next


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


# ---- showing


def test_the_screen_counts_owners_and_names_nobody() -> None:
    stage = owning()
    stage.ok("take_ownership", "ann", "P", entry="e1")
    assert data(stage, "screen", "all", "owners") == {"named": 1, "entries": 3}
    assert data(stage, "screen", "all") == {}


def test_who_is_asked_sees_it_on_the_phone_and_nobody_else() -> None:
    stage = owning()
    stage.ok("hand_over", "ann", "P", entry="e1", person="bea")
    assert [row["entry"]["id"] for row in data(stage, "phone", person_scope("bea"))["asked"]] == ["e1"]
    assert own(stage).show("phone", person_scope("dan")) is None


def test_an_owner_from_elsewhere_has_the_forms_too() -> None:
    stage = owning()
    stage.ok("hand_over", "ann", "P", entry="e1", person="bea")
    stage.ok("take_ownership", "bea", "P", entry="e1")
    assert data(stage, "phone", person_scope("bea"))["held"] == ["e1"]
    assert data(stage, "phone", person_scope("bea"), "held", "e1")["outside"] is True
    assert own(stage).show("phone", person_scope("ann"), "held", "e1") is None


def test_what_i_own_is_among_mine() -> None:
    stage = owning()
    stage.ok("take_ownership", "ann", "P", entry="e1")
    assert [row["entry"]["id"] for row in data(stage, "mine", person_scope("ann"))["rows"]] == ["e1"]
    assert own(stage).show("mine", person_scope("bo")) is None


def test_a_team_sees_its_own_entries_only() -> None:
    stage = owning()
    assert data(stage, "team", team_scope("R"))["entries"] == ["e1", "e2"]
    assert data(stage, "team", team_scope("R"), "care", "e1")["people"] == ["ann", "bo", "cia", "bea"]
    assert own(stage).show("team", team_scope("J"), "care", "e1") is None


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
    without, waiting = own(stage).alerts()
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
    assert own(stage).outcome().figures == {"owners": {"e1": "bea"}}


# ---- words, and the state without a stage


def test_what_people_wrote_about_owning_can_be_erased_and_the_step_and_the_offer_stand() -> None:
    stage = owning()
    stage.ok("take_ownership", "ann", "P", entry="e1")
    stage.ok("set_first_step", "ann", "P", entry="e1", text="Call the nursery", due="2026-09-30")
    stage.ok("offer_help", "xen", "P", entry="e1", text="I know the patent office")
    written = {"first_step_set", "help_offered"}
    assert {kind for kind, names in Own.words.items() if "text" in names} == written
    for at, event in enumerate(stage.log):
        if event.kind in written:
            stage.log[at] = event._replace(body={**event.body, "text": None})
    erased = again(stage).entries["e1"]
    assert erased.latest("next_action") == {"text": "", "due": "2026-09-30"}
    assert erased.every("help") == {"xen": {"person": "xen", "text": ""}}


def test_whoever_is_asked_stands_as_not_accepted_only_while_nobody_owns_it() -> None:
    known, stands = Ownership(), list[Any]()
    changes: list[Callable[[], None]] = [
        lambda: known.ask("bea", "ann", 1.0),
        lambda: known.take("bea", 2.0),
        lambda: known.ask("bo", "bea", 3.0),
        known.leave,
        lambda: known.decline("bo"),
    ]
    for change in changes:
        change()
        stands.append(owner_of("e1", known).value)
    assert stands == [
        {"person": "bea", "accepted": False},
        {"person": "bea", "accepted": True},
        {"person": "bea", "accepted": True},
        {"person": "bo", "accepted": False},
        None,
    ]


@pytest.mark.parametrize("named", ["yes", ""])
def test_owning_a_project_names_somebody_to_all_only_by_an_explicit_yes(named: str) -> None:
    stage = owning()
    stage.ok("take_ownership", "ann", "P", entry="e1", named=named)
    owned = entry(stage, "e1")
    seen = is_named_beside(stage.session, OUTSIDE, owned, "ann")
    assert seen is (named == "yes")
    assert not is_named(stage.session, OUTSIDE, "ann")
