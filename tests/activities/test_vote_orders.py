"""Votes that put options in order, and votes that weigh two things against each other."""

from __future__ import annotations

from typing import Any

import pytest

from app.rehearsal.browser.page import Page
from sessions.activities.vote import Vote
from sessions.activities.vote.lines import matrix
from sessions.format_faults import findings
from tests.activities.test_vote import needs
from tests.support.look import drawn_by, page
from tests.support.stage import Stage, made_up, phase, words

RANK = {"method": "rank", "keep": "1", "dots": None, "max_per_option": None}
AXES = [
    {"id": "x", "title": {"en": "Important", "sv": "Viktigt", "fi": "Tärkeä"}},
    {"id": "y", "title": {"en": "Urgent", "sv": "Bråttom", "fi": "Kiireellinen"}},
]
WEIGHED = {**RANK, "method": "score2d", "criteria": AXES}


def ordered(stage: Stage, by: str, **places: int) -> None:
    stage.ok("cast_ballot", by, "V", **{f"place-{option}": str(place) for option, place in places.items()})


def weighed(stage: Stage, by: str, option: str, x: int, y: int) -> None:
    scores = {f"score-{option}-x": str(x), f"score-{option}-y": str(y)}
    stage.ok("cast_ballot", by, "V", **scores)


def shown(stage: Stage) -> Vote:
    stage.close("V")
    stage.ok("reveal_result", "kim", "V")
    activity = stage.session.agenda.phases["V"].activity
    assert isinstance(activity, Vote)
    return activity


def html(stage: Stage, view: str, person: str, language: str = "en") -> str:
    return page(drawn_by(), stage, view, person, language)


def test_what_stands_before_most_others_in_most_orders_goes_on() -> None:
    stage = needs(**RANK)
    ordered(stage, "ada", Nc1=1, Nc2=2, Nc3=3)
    ordered(stage, "bo", Nc2=1, Nc1=2)
    ordered(stage, "cy", Nc1=1)
    vote = shown(stage)
    assert [(row.option, row.place, row.kept) for row in vote.outcome().ranking] == [
        ("Nc1", 1, True),
        ("Nc2", 2, False),
        ("Nc3", 3, False),
    ]
    assert vote.verify() == []
    assert "wins 83 % of its duels" in html(stage, "phone", "ada")
    assert "vinner 83 % av sina dueller" in html(stage, "phone", "ada", "sv")


def test_a_ballot_shows_the_order_it_was_given_and_takes_the_place_of_an_earlier_one() -> None:
    stage = needs(**RANK)
    ordered(stage, "ada", Nc1=3, Nc2=1)
    ordered(stage, "ada", Nc3=1, Nc2=2)
    loaded = Page()
    loaded.load(html(stage, "phone", "ada"))
    (form,) = [found for found in loaded.forms() if found.command == "cast_ballot"]
    assert sorted(field.name for field in form.fields if field.kind == "number") == [
        "place-Nc1",
        "place-Nc2",
        "place-Nc3",
    ]
    assert 'data-chosen="Nc3 Nc2 Nc2"' in html(stage, "phone", "ada")


@pytest.mark.parametrize(
    ("places", "reason"), [({"Nc1": 0}, "bad_place"), ({"Nc9": 1}, "unknown_option"), ({}, "empty_ballot")]
)
def test_an_order_that_is_none_is_refused(places: dict[str, int], reason: str) -> None:
    stage = needs(**RANK)
    sent = {f"place-{option}": str(place) for option, place in places.items()}
    assert stage.no("cast_ballot", "ada", "V", **sent) == reason


def test_two_scales_make_a_matrix_with_a_table_that_says_the_same() -> None:
    stage = needs(**WEIGHED)
    for person, x, y in (("ada", 5, 1), ("bo", 5, 5), ("cy", 5, 1), ("di", 5, 5)):
        weighed(stage, person, "Nc1", x, y)
    weighed(stage, "kim", "Nc2", 2, 3)
    vote = shown(stage)
    assert [
        (spot["option"], spot["x"], spot["y"], spot["ballots"], spot["divided"]) for spot in matrix(vote)
    ] == [
        ("Nc1", 5, 3, 4, True),
        ("Nc2", 2, 3, 1, False),
    ]
    for view, person in (("phone", "ada"), ("screen", "kim"), ("console", "kim")):
        drawn = html(stage, view, person, "fi")
        assert [word in drawn for word in ("Tärkeä", "mielipiteet jakautuvat")] == [True, True], view


def test_nobody_sees_a_matrix_before_the_result_is_shown() -> None:
    stage = needs(**WEIGHED)
    weighed(stage, "ada", "Nc1", 5, 5)
    stage.close("V")
    for view, person in (("phone", "ada"), ("screen", "kim"), ("console", "kim")):
        assert 'class="matrix"' not in html(stage, view, person), view
    stage.ok("reveal_result", "kim", "V")
    assert 'class="matrix"' in html(stage, "screen", "kim")


@pytest.mark.parametrize(
    ("rules", "fault"),
    [
        ({"method": "rank", "own_excluded": True}, "a ranking puts every option in order"),
        ({"method": "rank", "electorate": "own_team"}, "a ranking puts all options in order"),
        ({"method": "score2d", "criteria": AXES[:1]}, "method 'score2d' weighs two criteria"),
        ({"method": "score2d"}, "method 'score2d' needs the rule criteria"),
    ],
)
def test_what_a_method_cannot_keep_is_a_fault_of_the_format(rules: dict[str, Any], fault: str) -> None:
    write = {"columns": ["need"], "fields": ["text"], "main": "text", "visible_to": "all"}
    rows = [
        phase("collect", "N", rules=write),
        phase("vote", "V", inputs=["N"], rules={"keep": "1", **rules}),
    ]
    found = findings({**made_up(), "title": words("Test"), "phase": rows})
    assert any(fault in str(finding) for finding in found if finding.grave), found


OPTIONS = [
    {"id": "north", "title": {"en": "The north", "sv": "Norr", "fi": "Pohjoinen"}},
    {"id": "south", "title": {"en": "The south", "sv": "Söder", "fi": "Etelä"}},
]


def written(**rules: Any) -> dict[str, Any]:
    return {"method": "approval", "keep": "1", "options": OPTIONS, **rules}


def test_what_a_format_has_written_is_voted_on_in_everybodys_language() -> None:
    stage = Stage(phase("vote", "V", rules=written()), ada="participant", bo="participant")
    stage.open("V")
    assert [word in html(stage, "phone", "ada", "fi") for word in ("Pohjoinen", "Etelä", "The north")] == [
        True,
        True,
        False,
    ]
    stage.ok("cast_ballot", "ada", "V", option="south")
    stage.ok("cast_ballot", "bo", "V", option=["south", "north"])
    assert "Söder" in html(stage, "mine", "ada", "sv")
    vote = shown(stage)
    assert vote.outcome().kept == ("south",)
    assert vote.verify() == []
    for view, person in (("phone", "ada"), ("screen", "kim"), ("console", "kim")):
        assert "Söder" in html(stage, view, person, "sv"), view


@pytest.mark.parametrize(
    ("rules", "fault"),
    [
        ({"begins_entries": True}, "there is no begins_entries"),
        ({"own_excluded": True}, "there is no own_excluded"),
        ({"about": "entries"}, "are no entries"),
        ({"options": [OPTIONS[0], OPTIONS[0]]}, "each of them once"),
        ({"options": [{"id": "a-b", "title": words("A")}]}, "are words"),
        ({"options": [{"id": "a", "title": {"en": "A"}}]}, "missing in sv, fi"),
    ],
)
def test_options_that_a_format_cannot_write_are_a_fault(rules: dict[str, Any], fault: str) -> None:
    whole = findings({**made_up(), "phase": [phase("vote", "V", rules=written())]})
    assert not [finding for finding in whole if finding.grave]
    found = findings({**made_up(), "phase": [phase("vote", "V", rules=written(**rules))]})
    assert any(fault in str(finding) for finding in found if finding.grave), found
