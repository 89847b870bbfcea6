"""What every activity kind keeps, whichever kinds there are: nobody keeps a list of them here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, fields

import pytest

from app.drawing.render import FragmentRenderer
from app.rehearsal.habits import habits_of
from sessions.activities import activity_class, kinds
from sessions.audience import CLOCK, ROLES
from sessions.format import LANGUAGES
from sessions.people import Member
from tests.support import examples
from tests.support.look import drawn_by, hall_of, page
from tests.support.stage import Stage
from tests.support.viewers import audiences

pytestmark = pytest.mark.timeout(300)
"""Whoever comes first plays the formats for everybody after."""

ROWS = [(kind, name, phase) for kind in kinds() for name, phase in examples.rows_of(kind)]
EVERY_ROW = pytest.mark.parametrize(
    ("kind", "name", "phase"), ROWS, ids=[f"{kind}-{name}-{phase}" for kind, name, phase in ROWS]
)


def played(name: str, phase: str) -> Stage:
    """A session in which a phase is open and full of what people sent. Everybody gets one of their own."""
    return examples.played(name).stage(phase)


def readers(stage: Stage) -> Iterator[tuple[str, Member]]:
    """Somebody for every view that a role may open, with a team and without; the tests give each every language."""
    sorts = set()
    for view, person in audiences(stage):
        member = stage.session.people[person]
        if (sort := (view, member.role, bool(member.team))) not in sorts:
            sorts.add(sort)
            yield view, member


@EVERY_ROW
def test_every_kind_is_played_and_full_of_what_people_sent(kind: str, name: str, phase: str) -> None:
    told = examples.played(name)
    by_people = [event for event in told.events(phase) if event.actor not in ("", CLOCK)]
    assert by_people or not habits_of(kind).heart, "nobody has taken part"
    session = told.stage(phase).session
    before = [p for p in session.agenda if p.started]
    if any("confirm_teams" in activity_class(p.kind).rights for p in before):
        assert session.teams
        assert any(member.team for member in session.people.values())
    if any(p.spec.rules.get("begins_entries") for p in before):
        assert session.entries


@EVERY_ROW
def test_it_is_shown_empty_in_every_view_and_language(kind: str, name: str, phase: str) -> None:
    stage = Stage(form=examples.example(name).data, **{role: role for role in ROLES})
    stage.open(phase)
    pages = {
        (view, member.id): [page(drawn_by(), stage, view, member.id, lang) for lang in LANGUAGES]
        for view, member in readers(stage)
    }
    pane = f'<section class="pane" data-kind="{kind}"'
    assert [pane in html for who in (("console", "kim"), ("screen", "screen")) for html in pages[who]] == [
        True
    ] * 6


@EVERY_ROW
def test_it_is_shown_full_in_every_view_and_language(kind: str, name: str, phase: str) -> None:
    stage = played(name, phase)
    for view, member in readers(stage):
        for language in LANGUAGES:
            assert "</html>" in page(drawn_by(), stage, view, member.id, language)


@EVERY_ROW
def test_its_commands_and_events_survive_json(kind: str, name: str, phase: str) -> None:
    stage = played(name, phase)
    again = stage.replayed()
    assert again.touched == stage.session.touched
    assert again.outcome(phase) == stage.session.outcome(phase)


@EVERY_ROW
def test_its_outcome_serialises(kind: str, name: str, phase: str) -> None:
    outcome = played(name, phase).session.outcome(phase)
    assert {*json.loads(json.dumps(asdict(outcome)))} == {field.name for field in fields(outcome)}


@EVERY_ROW
def test_who_is_not_listed_is_refused_every_command(kind: str, name: str, phase: str) -> None:
    stage = played(name, phase)
    activity = stage.session.agenda.phases[phase].activity
    assert activity is not None
    stage.join("ob", "observer")
    told = {command: stage.do(command, "ob", phase) for command in activity.rights}
    assert [name for name, no in told.items() if getattr(no, "reason", "") != "not_allowed"] == []


@EVERY_ROW
def test_a_command_of_another_kind_is_refused(kind: str, name: str, phase: str) -> None:
    stage = played(name, phase)
    assert stage.no("make_tea", "kim", phase) == "unknown_command"


@EVERY_ROW
def test_what_is_mine_or_my_teams_stands_in_nobody_elses_page(kind: str, name: str, phase: str) -> None:
    stage = played(name, phase)
    people = [m for m in stage.session.people.values() if m.role == "participant" and not m.removed]
    for view in ("phone", "mine", "team"):
        seen = {m.id: own_markup(stage, view, m, phase) for m in people}
        for member in people:
            html = page(drawn_by(), stage, view, member.id, "en")
            mine = seen[member.id]
            assert all(part in html for part in mine), "there is nothing to hide"
            others = {part for other in people for part in seen[other.id] if other.team != member.team}
            assert [part for part in others - mine if part in html] == []


def own_markup(stage: Stage, view: str, member: Member, phase: str) -> set[str]:
    """The panes that only this person or this person's team may see."""
    found = set()
    for scope in stage.session.scopes(member.id)[2:]:
        pane = FragmentRenderer(drawn_by(), hall_of(stage), view, scope, "en").pane(
            stage.session.agenda.phases[phase]
        )
        if pane:
            found.add(str(pane))
    return found
