"""Match: what nobody sees of wishes, what both see, and meetings that stand whatever happens around them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from random import Random
from typing import Any

import pytest

from app.streams.state_codec import freeze, thaw
from sessions.activities.match import Match
from sessions.activities.match.floor import Floor
from sessions.activities.match.outcomes import joint
from sessions.activities.match.planning.problem import pair
from sessions.activities.match.rules import faults
from sessions.activities.match.state import Meeting
from sessions.audience import EVERYBODY, person_scope, role_scope
from sessions.levels import LEVELS, kept_back, viewer_at
from sessions.messages import Command, Refused
from sessions.people import organisation_key
from tests.support.stage import Stage, phase, unwatched, words

KINDS = [
    {"id": "thesis", "title": words("Thesis"), "fields": ["weeks"]},
    {"id": "training", "title": words("Training")},
]
LABELS = {"weeks": words("Weeks")}
BOARD = phase("match", "B", who=["everyone"], rules={"does": ["board"], "kinds": KINDS, "labels": LABELS})
MEETS = {"does": ["interest", "meet"], "slots": 3, "slot_minutes": 10, "change_minutes": 2, "tables": 9}
OFFER = {"side": "offer", "category": "thesis", "title": "A kiln", "text": "Fridays", "weeks": "20"}
MEETING = 10


def staged(*more: dict[str, Any], people: int = 6, **rules: Any) -> Stage:
    """People a, b, c … of different houses; M is open."""
    stage = Stage(*more, phase("match", "M", who=["everyone"], minutes=60, rules={**MEETS, **rules}))
    for name in names(people):
        stage.join(name, organisation=f"house of {name}")
    stage.open("M")
    return stage


def names(people: int) -> list[str]:
    return [chr(ord("a") + number) for number in range(people)]


def match(stage: Stage, name: str = "M") -> Match:
    activity = stage.session.agenda.phases[name].activity
    assert isinstance(activity, Match)
    return activity


def say(stage: Stage, one: str, other: str, answer: str = "yes", where: str = "M") -> None:
    stage.ok("say_interest", one, where, party=other, answer=answer)


def both(stage: Stage, *pairs: Sequence[str], answer: str = "yes") -> None:
    for two in pairs:
        say(stage, two[0], two[1], answer)
        say(stage, two[1], two[0], answer)


def running(*pairs: str, people: int = 6, minutes: float = 2, **rules: Any) -> Stage:
    """The plan of these wishes is published, and the first slot has begun."""
    stage = published(*pairs, people=people, **rules)
    stage.after(3 + minutes)
    return stage


def published(*pairs: str, people: int = 6, **rules: Any) -> Stage:
    """The same, and the first slot begins in five minutes: its bell rings in three."""
    stage = staged(people=people, **rules)
    both(stage, *pairs)
    stage.ok("plan_meetings", "kim", "M")
    stage.ok("publish_plan", "kim", "M", minutes="5")
    return stage


def standing(stage: Stage, slot: int | None = None) -> dict[str, Meeting]:
    found = match(stage).state.meetings.values()
    return {m.id: m for m in found if m.stands and slot in (None, m.slot)}


def of(stage: Stage, person: str, slot: int) -> Meeting | None:
    return next((m for m in standing(stage, slot).values() if person in m.people), None)


def at(stage: Stage, person: str, slot: int) -> Meeting:
    found = of(stage, person, slot)
    assert found is not None, f"{person} has nothing in {slot}"
    return found


def double(stage: Stage) -> list[str]:
    """Tables and people that are booked twice, and pairs that meet twice."""
    found, seen = list[str](), set[tuple[object, ...]]()
    for m in standing(stage).values():
        for booked in (
            (m.slot, m.table),
            *((m.slot, p) for p in m.people),
            *combinations(sorted(m.people), 2),
        ):
            if booked in seen:
                found.append(f"{m.id}: {booked}")
            seen.add(booked)
    return found


def seen(stage: Stage, view: str, scope: str, part: str = "", key: str = "", where: str = "M") -> str:
    shown = match(stage, where).show(view, scope, part, key)
    return "" if shown is None else str(dict(shown.data))


# ---- the board


def test_an_offer_is_posted_changed_and_taken_back() -> None:
    stage = Stage(BOARD, ada="participant", bo="participant")
    stage.open("B")
    card = stage.ok("post_offer", "ada", "B", **OFFER)[0].body["card"]
    assert "A kiln" in seen(stage, "phone", EVERYBODY, "offer", card, "B")
    assert match(stage, "B").outcome().cards[0].fields == {"title": "A kiln", "weeks": "20"}
    assert stage.no("change_offer", "bo", "B", card=card, title="Mine") == "not_yours_offer"
    stage.ok("change_offer", "ada", "B", card=card, title="Two kilns")
    assert "Two kilns" in seen(stage, "phone", EVERYBODY, "offer", card, "B")
    told = stage.do("withdraw_offer", "ada", "B", card=card)
    assert not isinstance(told, Refused)
    assert [gone.subject for gone in told.withdrawn] == [f"card:{card}"]
    assert "kiln" not in seen(stage, "phone", EVERYBODY, "offer", card, "B") + str(
        match(stage, "B").outcome()
    )


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"side": ""}, "no_side"),
        ({"category": "yacht"}, "no_kind"),
        ({"title": " "}, "no_title"),
        ({"title": "x" * 91}, "too_long"),
        ({"text": "x" * 501}, "too_long"),
    ],
)
def test_what_cannot_be_posted_is_refused(wrong: dict[str, str], reason: str) -> None:
    stage = Stage(BOARD, ada="participant")
    stage.open("B")
    assert stage.no("post_offer", "ada", "B", **{**OFFER, **wrong}) == reason
    stage.ok("post_offer", "ada", "B", **OFFER)
    assert stage.no("post_offer", "ada", "B", **OFFER) == "posted"


def test_who_lets_fewer_people_see_what_they_write_takes_their_offers_off_the_board() -> None:
    stage = Stage(BOARD, ada="participant")
    stage.open("B")
    card = stage.ok("post_offer", "ada", "B", **OFFER)[0].body["card"]
    assert seen(stage, "phone", EVERYBODY, "offer", card, "B")
    ada = stage.session.people["ada"]
    ada.facts["consent"], ada.narrowed_seq = "team", stage.session.seq
    assert not seen(stage, "phone", EVERYBODY, "offer", card, "B")


# ---- wishes


def test_nobody_sees_who_wants_to_meet_whom_in_any_view_or_outcome() -> None:
    stage = staged()
    before = everything(stage, "b")
    say(stage, "a", "b")
    say(stage, "a", "c", "no")
    mine = seen(stage, "phone", person_scope("a"), "marks")
    assert "'yes': ['b']" in mine, "there is something to hide"
    assert "'no': ['c']" in mine
    after = everything(stage, "b")
    counted = {key for key in after if after[key] != before[key]}
    assert counted == {("phone", "progress"), ("console", "progress"), ("screen", "progress")}
    assert match(stage).outcome().cards == ()
    said = [event for event in stage.log if event.kind == "interest_said"]
    assert all({*event.body} == event.words for event in said), "nothing of it is proved for ever"
    assert match(stage).withholds("interest_said")


def everything(stage: Stage, person: str) -> dict[tuple[str, str], str]:
    """All that anybody but a is shown: everybody, each role, one person, the wall and the console."""
    activity, found = match(stage), dict[tuple[str, str], str]()
    for view, scope in (
        ("phone", EVERYBODY),
        ("phone", role_scope("participant")),
        ("phone", person_scope(person)),
        ("mine", person_scope(person)),
        ("console", EVERYBODY),
        ("screen", EVERYBODY),
    ):
        for part in ("", *activity.parts):
            for key in names(6) if part == "party" else [""]:
                shown = activity.show(view, scope, part, key)
                name = (view if scope == EVERYBODY else f"{view} {scope}", part + key)
                found[name] = "" if shown is None else str(dict(shown.data))
    return found


def test_what_one_says_changes_nothing_that_somebody_else_is_sent() -> None:
    stage = staged()
    say(stage, "a", "c")
    told = stage.do("say_interest", "a", "M", party="b", answer="yes")
    assert not isinstance(told, Refused)
    marked = {
        ref.scope for ref, seq in stage.session.touched.items() if seq == stage.session.seq and ref.phase
    }
    assert marked == {person_scope("a")}


def test_no_file_for_anybody_outside_the_house_holds_who_wants_to_meet_whom() -> None:
    stage = staged(does=["board", "interest", "meet"])
    stage.ok("post_offer", "a", "M", side="offer", title="A kiln")
    say(stage, "a", "b")
    posted, said = (
        next(event for event in stage.log if event.kind == kind) for kind in ("offer_posted", "interest_said")
    )
    wordless = said._replace(body={"answers": None})
    at_home = viewer_at(stage.session, "session")
    card = posted._replace(body={**posted.body, "title": None, "text": None, "fields": None})
    assert kept_back(stage.session, card, at_home, stage.now) == "", "there is something that leaves"
    for level in LEVELS:
        assert kept_back(stage.session, wordless, viewer_at(stage.session, level), stage.now) != ""


def test_once_both_say_yes_both_hear_of_it_at_once_and_nobody_else() -> None:
    stage = staged()
    say(stage, "a", "b")
    assert "'mutual': []" in seen(stage, "phone", person_scope("b"))
    assert [event.kind for event in stage.ok("say_interest", "b", "M", party="a", answer="yes")] == [
        "interest_said",
        "mutual_found",
    ]
    for one, other in (("a", "b"), ("b", "a")):
        assert f"'mutual': [{{'person': {{'id': '{other}'" in seen(stage, "phone", person_scope(one))
    assert "'mutual': []" in seen(stage, "phone", person_scope("c"))
    stage.ok("take_back_interest", "a", "M", party="b")
    assert "'mutual': []" in seen(stage, "phone", person_scope("b"))


@pytest.mark.parametrize("answers", [("yes", "maybe"), ("maybe", "maybe"), ("yes", "no")])
def test_nothing_but_two_yes_is_mutual(answers: tuple[str, str]) -> None:
    stage = staged()
    say(stage, "a", "b", answers[0])
    say(stage, "b", "a", answers[1])
    assert match(stage).mutual == {}


def test_who_presses_yes_on_all_to_look_has_spent_them() -> None:
    stage = staged(most_yes=2)
    both(stage, "ab", "ac")
    assert stage.no("say_interest", "a", "M", party="d", answer="yes") == "too_many_yes"
    stage.ok("take_back_interest", "a", "M", party="b")
    assert stage.no("say_interest", "a", "M", party="d", answer="yes") == "too_many_yes"
    say(stage, "a", "d", "maybe")


def test_contact_data_are_seen_only_once_both_want_to_meet_and_both_let_the_other() -> None:
    stage = staged()
    assert stage.no("share_contact", "a", "M", party="b") == "not_mutual"
    both(stage, "ab")
    steps = [match(stage).shares_contact("a", "b")]
    for command, by in (("share_contact", "a"), ("share_contact", "b"), ("keep_contact", "a")):
        stage.ok(command, by, "M", party="b" if by == "a" else "a")
        steps.append(match(stage).shares_contact("a", "b"))
    assert steps == [False, False, True, False]
    stage.ok("share_contact", "a", "M", party="b")
    stage.ok("take_back_interest", "b", "M", party="a")
    assert not match(stage).shares_contact("a", "b")


def test_who_has_ticked_it_at_the_check_in_shares_with_mutual_wishes_alone() -> None:
    stage = staged()
    for name in "abc":
        stage.session.people[name].facts["contact_optin"] = True
    both(stage, "ab")
    assert match(stage).shares_contact("a", "b")
    assert not match(stage).shares_contact("a", "c")


def test_two_of_one_house_or_of_one_side_are_not_put_together() -> None:
    stage = Stage(
        phase("match", "M", who=["participant", "host"], rules={**MEETS, "parties": ["participant", "host"]}),
        ann="participant",
        bo="participant",
        hal="host",
    )
    stage.open("M")
    assert stage.no("say_interest", "ann", "M", party="bo", answer="yes") == "not_to_meet"
    say(stage, "ann", "hal")
    for name in ("ann", "hal"):
        stage.session.people[name].organisation = organisation_key("One Ltd")
    assert stage.no("say_interest", "hal", "M", party="ann", answer="yes") == "not_to_meet"
    assert stage.no("say_interest", "kim", "M", party="ann", answer="yes") == "not_allowed"


# ---- the plan


def test_only_staff_sees_a_plan_before_it_is_published_and_all_see_theirs_after() -> None:
    stage = staged()
    both(stage, "ab", "cd")
    assert stage.no("publish_plan", "kim", "M") == "no_plan"
    stage.ok("plan_meetings", "kim", "M")
    assert "'Mm" in seen(stage, "console", EVERYBODY, "floor"), "there is something to hide"
    assert "'Mm" not in seen(stage, "phone", person_scope("a")) + seen(stage, "screen", EVERYBODY, "wall")
    stage.ok("publish_plan", "kim", "M")
    assert "'Mm" in seen(stage, "phone", person_scope("a"))
    assert stage.no("plan_meetings", "kim", "M") == "published"


def test_a_plan_without_anything_prepared_is_drawn_in_the_decision() -> None:
    stage = staged()
    both(stage, "ab", "cd")
    plain = stage.session.decide(Command("plan_meetings", "x", "M", {}, 7), "kim", stage.now)
    assert not isinstance(plain, Refused)
    assert len(plain[0].body["meetings"]) == 2  # type: ignore[union-attr]  # it is an event


def test_what_was_prepared_and_is_not_possible_any_more_is_dropped() -> None:
    stage = staged()
    both(stage, "ab", "cd")
    command = Command("plan_meetings", "x", "M", {}, 7)
    work = stage.session.work(command, "kim")
    assert work is not None
    drawn = work()
    stage.ok("remove_person", "kim", person="a")
    told = stage.session.decide(command._replace(prepared=drawn), "kim", stage.now)
    assert not isinstance(told, Refused)
    assert [row[1] for row in told[0].body["meetings"]] == [["c", "d"]]  # type: ignore[union-attr]  # it is an event


def test_who_has_no_right_has_nothing_prepared() -> None:
    stage = staged()
    both(stage, "ab")
    command = Command("plan_meetings", "x", "M", {}, 7)
    assert [stage.session.work(command, by) is None for by in ("kim", "a")] == [False, True]


def test_who_leaves_between_plan_and_publishing_is_dropped_and_their_partner_meets_somebody_else() -> None:
    stage = staged(slots=1)
    both(stage, "ab", "ac", "bd", answer="yes")
    stage.ok("plan_meetings", "kim", "M")
    drafted = {m.people for m in match(stage).state.draft}
    assert drafted == {("a", "c"), ("b", "d")}
    stage.ok("leave_meetings", "c", "M")
    stage.ok("leave_meetings", "d", "M")
    stage.ok("publish_plan", "kim", "M")
    assert {m.people for m in standing(stage).values()} == {("a", "b")}


def test_three_sit_at_a_table_where_the_format_says_so() -> None:
    stage = staged(group=3, slots=1)
    both(
        stage,
        *("".join(two) for two in combinations("abc", 2)),
        *("".join(two) for two in combinations("def", 2)),
    )
    stage.ok("plan_meetings", "kim", "M")
    assert {m.people for m in match(stage).state.draft} == {("a", "b", "c"), ("d", "e", "f")}


def test_an_offer_that_is_good_for_two_meetings_gets_no_third() -> None:
    stage = staged(does=["board", "interest", "meet"], slots=3)
    stage.ok("post_offer", "a", "M", side="offer", title="Two places", most="2")
    both(stage, "ab", "ac", "ad")
    stage.ok("plan_meetings", "kim", "M")
    assert sum("a" in m.people for m in match(stage).state.draft) == 2


# ---- while people meet


def test_the_clock_begins_each_slot_and_ends_the_last() -> None:
    stage = published("ab", "cd")
    found = []
    for minutes in (3, 11.9, 0.1, 11.9, 0.1, 11.9, 0.1):
        stage.after(minutes)
        found.append((match(stage).state.slot, match(stage).state.over))
    assert found == [(0, False), (0, False), (1, False), (1, False), (2, False), (2, False), (2, True)]


def test_a_slot_is_rung_in_when_everybody_has_to_walk() -> None:
    stage = published("ab")
    state = match(stage).state
    stage.after(2.9)
    assert (state.slot, round(state.starts_at - stage.now)) == (-1, 126)
    stage.after(0.1)
    assert state.slot == 0


def test_who_has_nobody_to_meet_meets_a_stranger_at_the_bell_and_not_before() -> None:
    stage = published("ab")
    assert {m.people for m in standing(stage).values()} == {("a", "b")}
    stage.after(3)
    assert sorted(p for m in standing(stage, 0).values() for p in m.people) == names(6)
    assert [m.why for m in standing(stage, 0).values()].count("fill") == 2
    assert not standing(stage, 1)


def test_a_no_is_never_filled() -> None:
    stage = staged(people=3, slots=1)
    both(stage, "ab")
    say(stage, "c", "a", "no")
    stage.ok("plan_meetings", "kim", "M")
    stage.ok("publish_plan", "kim", "M")
    stage.after(0)
    assert of(stage, "c", 0) is None


def test_an_odd_one_joins_two_who_do_not_mind_and_two_go_on_when_one_of_three_leaves() -> None:
    stage = running("ab", people=3)
    assert at(stage, "c", 0).people == ("a", "b", "c")
    stage.ok("report_absent", "b", "M", meeting="Mm1", person="a")
    assert at(stage, "c", 0).people == ("b", "c")


def test_who_wants_no_third_gets_none() -> None:
    stage = staged(people=3)
    both(stage, "ab")
    stage.ok("say_free", "a", "M", slots=["0", "1", "2"], third="")
    stage.ok("plan_meetings", "kim", "M")
    stage.ok("publish_plan", "kim", "M")
    stage.after(0)
    assert of(stage, "c", 0) is None


def test_a_no_show_is_matched_anew_in_the_same_command() -> None:
    stage = running("ab", "cd", slots=1)
    waits = at(stage, "a", 0)
    stage.after(1)
    events = stage.ok("report_absent", "a", "M", meeting=waits.id)
    assert [event.kind for event in events][:2] == ["meeting_ended", "person_asked"]
    found = at(stage, "a", 0)
    assert found.id != waits.id
    assert found.people[-1] == "a"
    assert "'asked': True" in seen(stage, "phone", person_scope("b"))
    assert stage.ok("report_absent", "a", "M", meeting=waits.id) == ()


def test_whoever_is_missed_keeps_later_meetings_until_the_bell_and_loses_them_without_an_answer() -> None:
    for answers in (True, False):
        stage = running("ab", "ac", "bd", "cd")
        first = at(stage, "a", 0)
        missing = next(p for p in first.people if p != "a")
        later = next(m for m in standing(stage).values() if missing in m.people and m.slot > 0)
        stage.ok("report_absent", "a", "M", meeting=first.id)
        assert later.stands
        if answers:
            stage.ok("i_am_here", missing, "M")
        stage.after(12)
        assert (missing in match(stage).state.absent) is not answers
        assert later.stands is answers


def test_reported_a_second_time_somebody_is_gone_at_once() -> None:
    stage = running("ab", "bc")
    first = at(stage, "b", 0)
    stage.ok("report_absent", next(p for p in first.people if p != "b"), "M", meeting=first.id)
    stage.after(11)
    assert "b" in match(stage).state.absent
    assert all("b" not in m.people for m in standing(stage).values() if m.slot > 0)


def test_they_came_after_all_and_their_meeting_is_held() -> None:
    stage = running("ab", "cd", slots=1)
    was = at(stage, "a", 0)
    stage.ok("report_absent", "a", "M", meeting=was.id)
    stage.ok("they_came", "a", "M", meeting=was.id)
    assert at(stage, "a", 0) is was
    assert at(stage, "b", 0) is was
    assert double(stage) == []
    assert match(stage).state.asked == {}


def test_both_press_that_nobody_came_and_the_meeting_is_held() -> None:
    stage = running("ab", "cd", slots=1)
    was = at(stage, "a", 0)
    stage.ok("report_absent", "a", "M", meeting=was.id)
    stage.ok("report_absent", "b", "M", meeting=was.id)
    assert at(stage, "b", 0) is was
    assert double(stage) == []


def test_after_too_long_everybody_is_placed_anew() -> None:
    stage = running("ab", "cd", slots=1)
    was = at(stage, "a", 0)
    stage.ok("report_absent", "a", "M", meeting=was.id)
    stage.after(3)
    stage.ok("they_came", "a", "M", meeting=was.id)
    assert not was.stands
    assert double(stage) == []


def test_who_leaves_the_event_is_released_by_the_clock_within_seconds() -> None:
    stage = running("ab", "cd", people=5)
    stage.ok("remove_person", "kim", person="b")
    stage.after(0.1)
    assert all("b" not in m.people for m in standing(stage).values())
    assert of(stage, "a", 0) is not None


def test_confirmed_meetings_never_move_whatever_happens_to_others() -> None:
    stage = running("ab", "cd", "ac", "bd", "ef")
    before = {m.id: (m.people, m.slot, m.table) for m in standing(stage).values() if "e" not in m.people}
    stage.ok("leave_meetings", "e", "M")
    stage.join("z", organisation="house of z")
    both(stage, "za", "zf")
    stage.after(12)
    now = {m.id: (m.people[:2], m.slot, m.table) for m in standing(stage).values()}
    assert before
    assert {name: now[name] for name in before} == before


def test_a_late_joiner_with_a_mutual_wish_fills_a_gap_that_both_have_at_once() -> None:
    stage = running("ab")
    stage.join("z", organisation="house of z")
    say(stage, "z", "a")
    told = stage.ok("say_interest", "a", "M", party="z", answer="yes")
    assert [event.kind for event in told] == ["interest_said", "mutual_found", "meetings_added"]
    assert [m.people for m in standing(stage).values() if "z" in m.people] == [("a", "z")]


def test_two_who_cancel_are_not_put_together_again() -> None:
    stage = published("ab", "cd", slots=2)
    meeting = next(m for m in standing(stage).values() if "a" in m.people)
    assert stage.no("cancel_meeting", "c", "M", meeting=meeting.id) == "not_yours"
    assert stage.no("cancel_meeting", "kim", "M", meeting=meeting.id) == "no_reason_why"
    stage.ok("cancel_meeting", "a", "M", meeting=meeting.id)
    stage.after(4)
    assert stage.no("cancel_meeting", "c", "M", meeting=at(stage, "c", 0).id) == "begun"
    stage.after(12)
    assert all({"a", "b"} - set(m.people) for m in standing(stage).values())


def test_a_broken_table_changes_the_table_and_neither_slot_nor_partner() -> None:
    stage = published("ab")
    was = at(stage, "a", 0)
    table, people, slot = was.table, was.people, was.slot
    stage.ok("close_table", "kim", "M", table=table)
    now = at(stage, "a", 0)
    assert (now.people, now.slot) == (people, slot)
    assert now.table != table
    assert stage.no("close_table", "kim", "M", table="99") == "no_such_table"
    stage.ok("open_table", "kim", "M", table=table)
    assert match(stage).state.closed_tables == {}


def test_staff_puts_two_together_by_hand_and_says_so_where_that_replaces_something() -> None:
    stage = published("ab", "cd", slots=1)
    told = {"party": "a", "other": "c", "slot": "0"}
    assert stage.no("pair_people", "kim", "M", **told) == "busy"
    assert stage.no("pair_people", "kim", "M", **{**told, "other": "a"}) == "same_person"
    assert stage.no("pair_people", "kim", "M", **{**told, "slot": "9"}) == "no_slot"
    stage.ok("pair_people", "kim", "M", **told, replace="yes")
    assert at(stage, "a", 0).people == ("a", "c")
    assert double(stage) == []


def test_what_is_still_to_come_is_shifted_and_rung_in_at_once() -> None:
    stage = running("ab")
    stage.ok("shift_slots", "kim", "M", minutes="5")
    stage.after(14)
    assert match(stage).state.slot == 0
    stage.ok("shift_slots", "kim", "M", now="yes")
    stage.after(0)
    assert match(stage).state.slot == 1


def test_a_phase_that_closes_early_releases_what_has_not_begun_and_says_so() -> None:
    stage = running("ab", "ac", "bc")
    assert any(m.slot > 0 for m in standing(stage).values())
    stage.close("M")
    assert {m.slot for m in standing(stage).values()} == {0}
    assert match(stage).state.over


# ---- over many edits


def check(stage: Stage, before: dict[str, tuple[tuple[str, ...], int]], named: set[str]) -> None:
    assert double(stage) == []
    now = standing(stage)
    for name, (people, slot) in before.items():
        kept = name in now and set(people) <= set(now[name].people) and now[name].slot == slot
        assert kept or name in named, f"{name} was moved or lost"


def edit(stage: Stage, rng: Random) -> None:
    """One random thing happens; nothing is booked twice, and nothing moves that it did not name."""
    live = sorted(standing(stage))
    before = {m.id: (m.people, m.slot) for m in standing(stage).values()}
    people = sorted(m.id for m in match(stage).people)
    one, other = rng.sample(people, 2)
    meeting = match(stage).state.meetings[rng.choice(live)] if live else None
    theirs = {m.id for m in standing(stage).values() if one in m.people or other in m.people}
    act = rng.choice(
        ("missed", "here", "cancel", "close", "open", "hand", "wish", "no", "free", "came", "leave", "bell")
    )
    if act == "missed" and meeting is not None:
        person = rng.choice(meeting.people)
        theirs = {m.id for m in standing(stage).values() if person in m.people}
        stage.do("report_absent", "kim", "M", meeting=meeting.id, person=person)
    elif act == "cancel" and meeting is not None:
        theirs = {meeting.id}
        stage.do("cancel_meeting", "kim", "M", meeting=meeting.id, reason="No")
    elif act == "came":
        gone = [m.id for m in match(stage).state.meetings.values() if m.state == "missed"]
        theirs |= {m.id for m in standing(stage).values() if m.why in ("gap", "fill") or len(m.people) > 2}
        stage.do("they_came", "kim", "M", meeting=rng.choice(gone or ["none"]))
    elif act == "close":
        table = rng.choice(match(stage).tables)
        theirs = {m.id for m in standing(stage).values() if m.table == table}
        stage.do("close_table", "kim", "M", table=table)
    elif act == "bell":
        theirs = {m.id for p in match(stage).state.asked for m in standing(stage).values() if p in m.people}
        stage.after(0.5)
    else:
        slots = [str(slot) for slot in rng.sample(range(6), 4)]
        told: dict[str, tuple[str, str, dict[str, Any]]] = {
            "here": ("mark_here", "kim", {"party": one}),
            "open": ("open_table", "kim", {"table": rng.choice(match(stage).tables)}),
            "hand": (
                "pair_people",
                "kim",
                {"party": one, "other": other, "slot": slots[0], "replace": "yes"},
            ),
            "wish": ("say_interest", one, {"party": other, "answer": rng.choice(("yes", "maybe"))}),
            "no": ("say_interest", one, {"party": other, "answer": "no"}),
            "free": ("say_free", one, {"slots": slots, "third": "yes"}),
            "leave": ("leave_meetings", one, {}),
        }
        command, by, fields = told.get(act, ("mark_here", "kim", {"party": one}))
        theirs = theirs if act in ("hand", "leave") else set()
        stage.do(command, by, "M", seed=rng.randrange(1 << 30), **fields)
    check(stage, before, theirs)


def edited(edits: int, seed: int) -> Stage:
    rng = Random(seed)
    stage = staged(people=24, slots=6, tables=13, most_yes=99)
    for one, other in rng.sample(list(combinations(names(24), 2)), 90):
        both(stage, one + other, answer=rng.choice(("yes", "yes", "maybe")))
    stage.ok("plan_meetings", "kim", "M")
    stage.ok("publish_plan", "kim", "M")
    for _ in range(edits):
        edit(stage, rng)
    return stage


def test_random_edits_never_book_twice_move_nothing_they_did_not_name_and_fold_the_same() -> None:
    """Ten thousand of them, over more seeds, found nothing either."""
    with unwatched():
        stage = edited(150, 1)
    assert len(match(stage).state.meetings) > 60
    assert match(stage).state.slot >= 0
    again = stage.replayed().agenda.phases["M"].activity
    assert isinstance(again, Match)
    assert again.state == match(stage).state
    thawed = thaw(freeze(stage.session), stage.session.key_of).agenda.phases["M"].activity
    assert isinstance(thawed, Match)
    assert thawed.state == match(stage).state


def test_a_planted_double_booking_is_found() -> None:
    stage = running("ab", "cd")
    meeting = at(stage, "a", 0)
    match(stage).state.meetings["x"] = Meeting("x", meeting.people, 0, "9")
    assert double(stage)


def test_repairs_fill_nothing_into_a_slot_that_is_nearly_over() -> None:
    stage = running("ab", "cd", people=5)
    stage.after(8)
    assert Floor(match(stage), stage.now, 1).first == 1
    stage.ok("report_absent", "a", "M", meeting=at(stage, "a", 0).id)
    assert of(stage, "a", 0) is None


def idle_slots(people: int, seed: int) -> float:
    """How many slots somebody who is there sits idle, where every fifth does not come and says nothing, and 15 of 100
    come in the second or third slot."""
    rng = Random(seed)
    stage = Stage(
        phase("match", "M", who=["everyone"], minutes=90, rules={**MEETS, "slots": 5, "tables": people // 2})
    )
    ids = [f"p{number:03}" for number in range(people)]
    away, late = set(ids[::5]), {name: 1 + number % 2 for number, name in enumerate(ids[3::7])}
    late = {name: slot for name, slot in late.items() if name not in away}
    for name in ids:
        if name not in late:
            stage.join(name)
    stage.open("M")
    wishes = [two for two in combinations(ids, 2) if rng.random() < 8 / people]
    for two in wishes:
        if not late.keys() & set(two):
            both(stage, two, answer=rng.choice(("yes", "maybe")))
    stage.ok("plan_meetings", "kim", "M")
    stage.ok("publish_plan", "kim", "M")
    idle = 0
    for slot in range(5):
        for name in (name for name, comes in late.items() if comes == slot):
            stage.join(name)
        stage.after(2 if slot else 0)
        waits = [(m, p) for m in list(standing(stage, slot).values()) for p in m.people if p in away]
        for meeting, missing in waits:
            others = [p for p in meeting.people if p not in away]
            if others and meeting.stands and missing in meeting.people:
                stage.ok("report_absent", others[0], "M", meeting=meeting.id, person=missing)
        met = {p for m in standing(stage, slot).values() if len(set(m.people) - away) > 1 for p in m.people}
        idle += sum(name not in met for name in ids if name not in away and late.get(name, 0) <= slot)
        stage.after(10)
    return idle / (people - len(away))


def test_a_fifth_that_does_not_come_costs_whoever_is_there_less_than_a_slot() -> None:
    with unwatched():
        assert idle_slots(40, 1) <= 1.0


# ---- what came of it


def after(*pairs: str) -> Stage:
    """The meetings of M are over, and O asks what came of them."""
    asks = phase(
        "match",
        "O",
        who=["everyone"],
        inputs=["M"],
        rules={"does": ["outcome"], "kinds": KINDS, "labels": LABELS},
    )
    stage = Stage(phase("match", "M", who=["everyone"], rules={**MEETS, "slots": 1}), asks)
    for name in names(4):
        stage.join(name, organisation=f"house of {name}")
    stage.open("M")
    both(stage, *pairs)
    stage.ok("plan_meetings", "kim", "M")
    stage.ok("publish_plan", "kim", "M")
    stage.after(13)
    stage.open("O")
    return stage


@pytest.mark.parametrize(
    ("one", "other", "holds"),
    [
        ("agree", "agree", "agree"),
        ("agree", "talk_more", "talk_more"),
        ("talk_more", "no", "no"),
        ("agree", "", "waiting"),
        ("", "", "waiting"),
        ("did_not_meet", "agree", "disputed"),
        ("did_not_meet", "did_not_meet", "not_held"),
    ],
)
def test_the_weaker_of_two_answers_holds_and_silence_is_no_agreement(
    one: str, other: str, holds: str
) -> None:
    assert joint(one, other) == joint(other, one) == holds
    assert joint(one, other, over=True) == (
        "one_sided" if bool(one) != bool(other) else joint(one, other, over=True)
    )
    assert joint("", "", over=True) == "unanswered"


def test_both_say_what_came_of_a_meeting_and_neither_sees_the_others_answer() -> None:
    stage = after("ab", "cd")
    meeting = at(stage, "a", 0).id
    assert stage.no("say_outcome", "c", "O", meeting=meeting, about="a", answer="agree") == "not_yours"
    stage.ok("say_outcome", "a", "O", meeting=meeting, about="b", answer="no")
    assert "'answer': 'no'" in seen(stage, "phone", person_scope("a"), where="O"), (
        "there is something to hide"
    )
    assert "'no'" not in seen(stage, "phone", person_scope("b"), where="O")
    stage.ok("say_outcome", "b", "O", meeting=meeting, about="a", answer="agree")
    assert "'joint': 'no'" in seen(stage, "phone", person_scope("b"), where="O")
    assert match(stage, "O").outcome().figures["outcomes"] == {"no": 1, "waiting": 1}
    assert match(stage, "O").withholds("outcome_said")


def test_an_agreement_stands_only_when_both_have_confirmed_the_same_terms_and_is_rated_by_side() -> None:
    stage = after("ab", "cd")
    meeting, terms = (
        at(stage, "a", 0).id,
        {"category": "thesis", "step": "Call on Friday", "day": "2030-01-31"},
    )
    assert stage.no("draft_agreement", "a", "O", about="b", **terms) == "not_agreed"
    for one, other in ("ab", "ba"):
        stage.ok("say_outcome", one, "O", meeting=meeting, about=other, answer="agree")
    assert stage.no("draft_agreement", "a", "O", about="b", **{**terms, "day": "2001-01-31"}) == "past_day"
    stage.ok("draft_agreement", "a", "O", about="b", **terms)
    assert match(stage, "O").outcome().figures["agreements"] == 0
    stage.ok("change_terms", "b", "O", agreement="Oa1", **{**terms, "step": "Call on Monday"})
    assert stage.no("confirm_terms", "a", "O", agreement="Oa1", revision="1") == "other_terms"
    assert stage.no("rate_benefit", "a", "O", agreement="Oa1", score="5") == "not_confirmed"
    stage.ok("confirm_terms", "a", "O", agreement="Oa1", revision="2")
    outcome = match(stage, "O").outcome()
    assert outcome.figures["agreements"] == 1
    assert [card.text for card in outcome.cards] == ["Call on Monday"]
    stage.ok("rate_benefit", "a", "O", agreement="Oa1", score="4")
    assert match(stage, "O").state.agreements["Oa1"].ratings == {"house of a": 4}
    assert stage.no("rate_benefit", "c", "O", agreement="Oa1", score="1") == "not_your_agreement"


def test_what_was_said_in_one_phase_counts_in_the_next_and_wishes_stand_in_no_outcome() -> None:
    stage = Stage(
        phase("match", "I", who=["everyone"], rules={"does": ["interest"]}),
        phase("match", "M", who=["everyone"], inputs=["I"], rules={**MEETS, "does": ["meet"]}),
    )
    for name in names(4):
        stage.join(name)
    stage.open("I")
    for one, other in ("ab", "ba", "cd", "dc"):
        say(stage, one, other, where="I")
    assert "'a'" not in str(match(stage, "I").outcome())
    stage.open("M")
    assert stage.no("say_interest", "a", "M", party="c", answer="yes") == "not_here"
    stage.ok("plan_meetings", "kim", "M")
    assert {m.people for m in match(stage).state.draft} == {("a", "b"), ("c", "d")}


# ---- what a format and the facilitator hear


def test_a_format_that_names_no_role_or_leaves_a_field_without_words_is_told() -> None:
    assert list(faults({"does": ["meet"], "parties": ["participant", "host"]}, {})) == []
    assert [fault.key for fault in faults({"parties": ["host"]}, {})] == ["parties"]
    assert "Did you mean host?" in str(next(iter(faults({"parties": ["hots", "guest"]}, {}))))
    assert [fault.key for fault in faults({"kinds": KINDS}, {})] == ["labels"]


def test_it_is_said_beforehand_when_seats_are_too_few_and_afterwards_who_has_none() -> None:
    stage = staged(people=6, slots=1, tables=1)
    both(stage, "ab", "ac", "cd")
    told = {alert.text: dict(alert.params) for alert in match(stage).alerts()}
    assert told["{meetings} meetings are wished by both, and there are {seats}: rounds times tables"] == {
        "meetings": 3,
        "seats": 1,
    }
    stage.ok("plan_meetings", "kim", "M")
    assert match(stage).state.figures["owed"] == 2
    stage.ok("publish_plan", "kim", "M")
    assert [str(fault) for fault in match(stage).came_short()] == [
        "2 of 4 people with a mutual wish have no meeting"
    ]


def test_everybody_is_one_party_with_the_smaller_id_first() -> None:
    assert pair("b", "a") == pair("a", "b") == ("a", "b")
