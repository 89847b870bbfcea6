"""A guest's pass is good from one phase to another: before and after they are outside, within they see only that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sessions.format_faults import findings
from sessions.views import may_see
from tests.sessions.test_own_roles import STARTUP
from tests.support.look import drawn_by
from tests.support.stage import Stage, made_up, phase
from tests.support.viewers import Viewer

CARDS = {"columns": ["need"], "fields": ["text"], "main": "text", "visible_to": "all", "per_person": 9}
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
