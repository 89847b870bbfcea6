"""A dry run finds what only shows when people play: phases without anybody, votes that cannot count, broken rules."""

from __future__ import annotations

from typing import Any

import pytest

from app.planning import formats
from app.rehearsal.casting import ROOMY, cast_for
from app.rehearsal.dry.run import dry_run
from sessions.format import read_format
from sessions.format_faults import findings
from sessions.format_findings import Finding
from tests.support.examples import ideas, kept, needs, teams
from tests.support.look import drawn_by
from tests.support.stage import made_up, phase, words

PEOPLE = 12
DOTS = {"method": "dots", "dots": 3, "keep": "3"}


def evening(*rows: dict[str, Any]) -> list[Finding]:
    """What a dry run of a small format finds."""
    return dry_run({**made_up(), "phase": list(rows)}, PEOPLE, drawn_by())


def said(found: list[Finding]) -> list[tuple[str, bool, str]]:
    return [(finding.phase, finding.grave, str(finding.fault)) for finding in found]


def test_a_whole_race_is_played_without_a_word() -> None:
    data = formats.read("race48")
    assert not [finding for finding in findings(data) if finding.grave]
    assert dry_run(data, 20, drawn_by()) == []


def test_a_small_evening_is_played_without_a_word() -> None:
    assert evening(needs(), phase("vote", "V", inputs=["N"], rules=DOTS)) == []


CARDS = {"columns": ["need"], "fields": ["text"], "main": "text", "visible_to": "all", "per_person": 3}
STARTUP = {"key": "startup", "title": words("Startup"), "pass": ["B", "C"]}


@pytest.mark.parametrize("asked", ["everyone", "startup"])
def test_an_evening_that_some_come_to_with_a_pass_is_played_without_a_word(asked: str) -> None:
    rows = [
        phase("collect", name, who=[asked if name == "C" else "everyone"], rules=CARDS) for name in "ABCD"
    ]
    data = {**made_up(), "role": [STARTUP], "phase": rows}
    assert "startup" in {part.role for part in cast_for(read_format(data), ROOMY, 1)}
    assert findings(data) == []
    assert dry_run(data, ROOMY, drawn_by()) == []


def test_a_phase_for_people_who_are_not_there_is_found() -> None:
    found = evening(needs(who=["guest"]), phase("vote", "V", inputs=["N"], rules=DOTS))
    assert said(found) == [
        ("N", False, "with 12 people nobody has anything to do in it"),
        ("V", False, "with 12 people there is nothing to vote on"),
        ("V", False, "with 12 people nobody has anything to do in it"),
    ]
    assert [str(finding.remedy) for finding in found[::2]] == ["Look at who, and at inputs."] * 2


def test_a_quorum_that_nobody_can_reach_is_found() -> None:
    found = evening(needs(), phase("vote", "V", inputs=["N"], rules={**DOTS, "quorum": 40}))
    assert said(found) == [("V", False, "with 12 people 11 ballots are cast, and 40 are needed")]


def test_a_jury_of_too_few_is_found() -> None:
    jury = phase("jury", "J", who=["host"], rules={"rubric": "default5", "min_jurors": 3})
    found = evening(needs(), teams(), ideas(), kept(), jury)
    assert ("J", False, "with 12 people 0 jurors are there, and 3 are needed") in said(found)


def test_more_people_than_come_are_asked_for_first() -> None:
    found = dry_run({**made_up(), "phase": [needs()]}, 2, drawn_by())
    assert said(found) == [("", False, "it takes at least 6 people")]


def test_rules_that_break_are_a_fault_of_the_phase_they_break_in() -> None:
    """Nothing that is declared wrongly comes so far; this is for what nobody has thought of."""
    jury = phase("jury", "J", rules={"rubric": "no such rubric", "min_jurors": 3})
    (found,) = evening(needs(), phase("pause", "P", rules={"reason": "meal"}), jury)
    assert (found.phase, found.grave) == ("J", True)
    assert str(found.fault).startswith("it cannot be played (")
    assert "no such rubric" in str(found.fault)
