"""A guest's pass is good from one phase to another: before and after they are outside, within they see only that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from app.archive.readers import parts_of
from sessions.activity import FragmentId
from sessions.audience import EVERYBODY
from sessions.facts import learn, regroup
from sessions.format_faults import findings
from sessions.outcome import Fact, Team
from sessions.record import Record
from sessions.record_commands import MEMBER
from sessions.views import may_see
from tests.sessions.test_own_roles import STARTUP
from tests.support.look import drawn_by, page
from tests.support.stage import Stage, made_up, phase
from tests.support.viewers import Viewer

CARDS = {"columns": ["need"], "fields": ["text"], "main": "text", "visible_to": "all", "per_person": 9}
PEOPLE = FragmentId("", "people", "", EVERYBODY)
GUEST = {**STARTUP, "pass": ["C", "D"]}


def data(**role: Any) -> dict[str, Any]:
    rows = [phase("collect", name, rules=CARDS) for name in "ACDE"]
    channel = phase("collect", "B", rules=CARDS, beside="A", channel=True)
    within = phase("collect", "X", rules=CARDS, beside="C", channel=True)
    return {
        **made_up(),
        "role": [{**GUEST, **role}],
        "phase": [*rows[:1], channel, *rows[1:2], within, *rows[2:]],
    }


def room() -> Stage:
    stage = Stage(form=data(), ada="participant")
    stage.join("sam", "startup")
    return stage


def secret(stage: Stage, phase: str, word: str = "Told") -> str:
    """What somebody writes in a phase, where everybody of the event reads it."""
    text = f"{word} in {phase}"
    stage.ok("add_card", "ada", phase, text=text)
    return text


def test_a_pass_begins_with_its_first_phase_and_ends_with_its_last() -> None:
    stage, inside = room(), []
    for name in "ACDE":
        stage.open(name)
        inside.append(may_see(stage.session, "sam", "phone"))
        assert may_see(stage.session, "ada", "phone")
    assert inside == [False, True, True, False]
    assert stage.no("add_card", "sam", "D", text="Late") == "outside_pass"


def test_a_pass_ends_when_its_last_phase_closes_and_goes_on_when_that_is_opened_again() -> None:
    stage = room()
    stage.open("C")
    stage.close("C")
    assert may_see(stage.session, "sam", "phone")
    stage.open("D")
    stage.close("D")
    assert not may_see(stage.session, "sam", "phone")
    assert stage.session.scopes("sam") == ()
    stage.ok("reopen_phase", "kim", "D")
    assert may_see(stage.session, "sam", "phone")
    assert stage.ok("add_card", "sam", "D", text="One more")


def played(stage: Stage) -> Iterator[tuple[str, str]]:
    """Cards before, within and after the pass; each with its phase."""
    stage.open("A")
    yield "A", secret(stage, "A")
    yield "B", secret(stage, "B")
    stage.open("C")
    yield "X", secret(stage, "X")
    yield "C", secret(stage, "C")


@pytest.mark.parametrize("view", ["phone", "mine", "team"])
def test_within_it_a_guest_sees_nothing_of_other_phases_in_no_page_and_no_push(view: str) -> None:
    stage = room()
    told = dict(played(stage))
    stage.ok("reopen_phase", "kim", "B")
    guest, other = (Viewer(stage, drawn_by(), view, person) for person in ("sam", "ada"))
    pushed: list[str] = []
    take = guest.fanout.missed.take

    def watched(page: Any) -> Any:
        frame = take(page)
        pushed.append(frame.text if frame is not None else "")
        return frame

    guest.fanout.missed.take = watched  # type: ignore[method-assign]  # only looked at, and handed on
    told["late"] = secret(stage, "B", "Told later")
    stage.ok("add_card", "kim", "B", text="Told by staff in B")
    for viewer in (guest, other):
        viewer.catch_up()
        viewer.check()
    seen = guest.page.text() + "".join(pushed)
    assert not [text for name, text in told.items() if name in "AB" or name == "late" if text in seen]
    assert "B-" not in "".join(pushed)
    if view == "phone":
        assert {name for name, text in told.items() if text in other.page.text()} == {"X", "C", "B", "late"}
        assert {name for name, text in told.items() if text in seen} == {"X", "C"}


def test_within_it_a_guest_takes_part_in_its_phases_alone() -> None:
    stage = room()
    dict(played(stage))
    stage.ok("reopen_phase", "kim", "B")
    assert stage.ok("add_card", "sam", "C", text="What we seek")
    assert stage.no("add_card", "sam", "B", text="What we think") == "not_open"
    assert stage.ok("add_card", "ada", "B", text="What we think")


def test_a_page_of_a_guest_is_closed_with_the_pass() -> None:
    stage = room()
    stage.open("D")
    guest = Viewer(stage, drawn_by(), "phone", "sam")
    stage.open("E")
    guest.catch_up()
    assert guest.gone


def test_whoever_gets_another_role_is_there_for_all_of_it() -> None:
    stage = room()
    stage.open("A")
    assert not may_see(stage.session, "sam", "phone")
    stage.ok("grant_role", "kim", person="sam", role="participant")
    assert may_see(stage.session, "sam", "phone")
    assert stage.replayed().scopes("sam") == stage.session.scopes("sam") != ()


@pytest.mark.parametrize(
    ("role", "fault"),
    [
        ({"pass": ["C", "Z"]}, "role startup: its pass must be two phases of the running clock"),
        ({"pass": ["C"]}, "role startup: its pass must be two phases of the running clock"),
        ({"pass": ["X", "D"]}, "role startup: its pass must be two phases of the running clock"),
        ({"pass": ["D", "C"]}, "role startup: its pass ends with C, which comes before D"),
        ({"acts_like": "co_facilitator"}, "role startup: whoever has the console sees all of the event"),
        ({"acts_like": "night_host"}, "role startup: whoever has the console sees all of the event"),
    ],
)
def test_a_pass_that_cannot_be_is_a_fault(role: dict[str, Any], fault: str) -> None:
    assert [str(finding).startswith(fault) for finding in findings(data(**role))] == [True]
    assert findings(data()) == []


# ---- what a team has said


def seated(stage: Stage, *people: str) -> None:
    list(regroup(stage.session, Team("t1", 1, "Red", people, leader=people[0])))


@pytest.mark.parametrize("view", ["phone", "team"])
def test_what_a_team_says_among_itself_is_not_for_guests_with_a_pass_who_had_a_place_in_it(view: str) -> None:
    among = {**CARDS, "visible_to": "team"}
    rows = [phase("collect", name, rules=among if name in "AB" else CARDS) for name in "ACDE"]
    stage = Stage(
        form={**data(), "phase": [*rows[:1], phase("collect", "B", rules=among, beside="A"), *rows[1:]]}
    )
    for person in ("ada", "bo", "sam"):
        stage.join(person, "participant")
    seated(stage, "ada", "bo", "sam")
    stage.open("A")
    stage.ok("grant_role", "kim", person="sam", role="startup")
    first = secret(stage, "A")
    stage.open("C")
    stage.ok("reopen_phase", "kim", "B")
    guest, other = (Viewer(stage, drawn_by(), view, person) for person in ("sam", "bo"))
    later = secret(stage, "B")
    for viewer in (guest, other):
        viewer.catch_up()
        viewer.check()
    assert [text for text in (first, later) if text in guest.page.text()] == []
    assert (later if view == "phone" else first) in other.page.text()


def test_guests_with_a_pass_have_no_place_in_a_team() -> None:
    sizes = {"min_size": 3, "max_size": 8, "target_size": 3, "leader": False}
    teams = phase("team", "T", inputs=["A"], rules=sizes)
    rows = data()["phase"]
    stage = Stage(form={**data(**{"pass": ["A", "D"]}), "phase": [rows[0], teams, *rows[2:]]})
    for person in ("ada", "bo", "cy"):
        stage.join(person, "participant")
    for person in ("sam", "sue", "sid"):
        stage.join(person, "startup")
    secret(opened(stage, "A"), "A")
    stage.open("T")
    assert stage.session.people["sam"].outside is False
    stage.ok("propose_teams", "kim", "T")
    activity: Any = stage.session.agenda.phases["T"].activity
    assert set(activity.seats.seat) == {"ada", "bo", "cy"}
    (table,) = activity.seats.tables
    assert stage.no("place_person", "kim", "T", person="sam", team=table) == "not_for_teams"


def opened(stage: Stage, name: str) -> Stage:
    stage.open(name)
    return stage


# ---- who is counted


def test_who_is_outside_is_not_counted_among_those_who_are_there() -> None:
    stage, everybody = room(), frozenset({"participant"})
    there = []
    for name in "ACE":
        stage.open(name)
        there.append([member.id for member in stage.session.present_people(everybody)])
    assert there == [["ada"], ["ada", "sam"], ["ada"]]


def test_a_phase_beside_a_pass_does_not_wait_for_its_guests() -> None:
    asked = phase("survey", "B", rules={"form": "checkin", "respondent": "person"}, beside="A", channel=True)
    form = data()
    form["phase"][1] = asked
    stage = Stage(form=form, ada="participant")
    stage.join("sam", "startup")
    stage.open("A")
    stage.open("C")
    stage.ok("reopen_phase", "kim", "B")
    assert not stage.session.people["sam"].outside
    survey: Any = stage.session.agenda.phases["B"].activity
    assert survey.asked == ["ada"]
    stage.ok("grant_role", "kim", person="sam", role="participant")
    assert survey.asked == ["ada", "sam"]


@pytest.mark.parametrize("view", ["console", "people", "screen"])
def test_whoever_counts_people_is_shown_another_count_when_a_pass_begins(view: str) -> None:
    stage = Stage(form=data(), ada="participant", wall="screen")
    stage.join("sam", "startup")
    viewer = Viewer(stage, drawn_by(), view, "wall" if view == "screen" else "kim")
    touched = []
    for name in "ACE":
        before = stage.session.seq
        stage.open(name)
        touched.append(stage.session.touched[PEOPLE] > before)
        viewer.catch_up()
        viewer.check()
    assert touched == [False, True, True]


# ---- what was said outside of it


def test_what_was_announced_while_a_guest_was_outside_is_not_for_them() -> None:
    stage = room()
    stage.open("A")
    stage.ok("announce", "kim", text="Before the guests come", minutes="1440")
    stage.open("C")
    guest, other = (Viewer(stage, drawn_by(), "phone", person) for person in ("sam", "ada"))
    stage.ok("announce", "kim", text="Welcome to all", minutes="1440")
    for viewer in (guest, other):
        viewer.catch_up()
        viewer.check()
    assert "Before the guests come" in other.page.text()
    assert "Before the guests come" not in guest.page.text()
    assert "Welcome to all" in guest.page.text()


def test_a_text_that_was_set_aside_in_a_phase_is_shown_only_where_the_pass_opens_that() -> None:
    """Whoever has grouped cards as staff, and is a guest afterwards."""
    stage = Stage(form=data(), co="co_facilitator")
    stage.open("A")
    for text in ("One", "Two"):
        stage.ok("add_card", "kim", "A", text=text)
    cards = [card.id for card in stage.session.outcome("A").cards]
    group = stage.ok("group_cards", "kim", "A", card=cards, title="First")[0].body["group"]
    stage.ok("rename_group", "kim", "A", group=group, title="What stands in A")
    stage.ok("rename_group", "co", "A", group=group, title="Cos title", base="1")
    assert len(stage.session.texts.aside) == 1
    stage.ok("grant_role", "kim", person="co", role="participant")
    assert "Cos title" in page(drawn_by(), stage, "phone", "co", "en")
    stage.ok("grant_role", "kim", person="co", role="startup")
    stage.open("C")
    assert "Cos title" not in page(drawn_by(), stage, "phone", "co", "en")


# ---- its beginning and its end


def test_a_pass_of_one_phase_is_no_fault() -> None:
    assert findings(data(**{"pass": ["C", "C"]})) == []
    assert findings(data(**{"pass": ["C", "Z"]}))


def test_a_pass_ends_with_its_last_phase_that_is_not_skipped() -> None:
    stage = room()
    stage.open("C")
    stage.ok("skip_phase", "kim", "D")
    assert may_see(stage.session, "sam", "phone")
    stage.close("C")
    assert not may_see(stage.session, "sam", "phone")


def test_who_was_removed_while_outside_asks_to_be_let_back_in() -> None:
    stage = room()
    stage.open("A")
    stage.ok("remove_person", "kim", person="sam")
    assert stage.no("add_card", "sam", "A", text="Me again") == "not_joined"
    assert [event.kind for event in stage.ok("ask_in", "sam")] == ["person_asked_in"]


def test_a_guest_with_a_pass_speaks_as_a_member_to_no_record_of_a_team() -> None:
    stage = room()
    stage.join("bo", "participant")
    stage.ok("grant_role", "kim", person="sam", role="participant")
    seated(stage, "ada", "bo", "sam")
    learn(stage.session, "A", Fact("c1", "kept", {"title": "Wonder lamp", "team": "t1", "need": ""}))
    (entry,) = stage.session.entries.values()
    stage.open("C")

    def part(person: str) -> frozenset[str]:
        return parts_of(person, stage.session, entry, Record())

    assert part("sam") == part("bo") == {MEMBER}
    stage.ok("grant_role", "kim", person="sam", role="startup")
    assert not stage.session.people["sam"].outside
    assert part("sam") == frozenset()
    assert part("bo") == {MEMBER}


class Looked(dict[str, Any]):
    """People, and how often somebody went through all of them."""

    times = 0

    def values(self) -> Any:
        self.times += 1
        return super().values()


def test_coming_in_looks_at_nobody_else_where_nobody_has_a_pass() -> None:
    """Else ten thousand who come in cost as much as a hundred million."""
    times = []
    for form in ({**data(), "role": []}, data()):
        stage = Stage(form=form)
        stage.session.people = looked = Looked(stage.session.people)
        stage.join("late")
        times.append(looked.times)
    assert times[0] == 0 < times[1]
