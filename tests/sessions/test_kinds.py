"""What every activity kind keeps, whichever kinds there are: nobody keeps a list of them here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, fields

import pytest

from app.drawing.render import FragmentRenderer, Renderer
from app.settings import Settings
from sessions.activities import kinds
from sessions.format import LANGUAGES
from sessions.people import Member
from sessions.views import may_see
from tests.drawing.test_fragments import VIEWS, room
from tests.support.crowd import Crowd
from tests.support.look import hall_of, page
from tests.support.stage import Stage, race48

ACTIONS = 60
PREPARED = ("R01", "R03", "R04", "R05", "R06")
"""Phases that are run at random before, so that a kind finds cards, teams and the like."""


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer(Settings().templates)


def row_of(kind: str) -> str:
    """The race's last phase of a kind that opens by itself: it builds on most."""
    rows = [row for row in race48()["phase"] if row["kind"] == kind and not row.get("beside")]
    return str(rows[-1]["id"])


def enter(stage: Stage, phase: str) -> None:
    stage.do("take_over", "kim")
    stage.do("open_phase", "kim", phase)


@pytest.fixture(scope="module", params=kinds())
def played(request: pytest.FixtureRequest, renderer: Renderer) -> tuple[Stage, str]:
    """A race in which a phase of the kind is open and full of what people sent."""
    stage, target = room(), row_of(request.param)
    crowd = Crowd(stage, renderer, seed=5)
    for phase in (*PREPARED, target):
        enter(stage, phase)
        for _ in range(ACTIONS if phase == target else 25):
            crowd.act()
    return stage, target


def readers(stage: Stage) -> Iterator[tuple[str, Member]]:
    for member in stage.session.people.values():
        yield from ((view, member) for view in VIEWS if may_see(stage.session, member.id, view))


@pytest.mark.parametrize("kind", kinds())
def test_it_is_shown_empty_in_every_view_and_language(kind: str, renderer: Renderer) -> None:
    stage = room()
    enter(stage, row_of(kind))
    pages = {
        (view, member.id): [page(renderer, stage, view, member.id, lang) for lang in LANGUAGES]
        for view, member in readers(stage)
    }
    pane = f'<section class="pane" data-kind="{kind}"'
    assert [pane in html for who in (("console", "kim"), ("screen", "sc")) for html in pages[who]] == [
        True
    ] * 6


def test_it_is_shown_full_in_every_view_and_language(played: tuple[Stage, str], renderer: Renderer) -> None:
    stage, _ = played
    for view, member in readers(stage):
        for language in LANGUAGES:
            assert "</html>" in page(renderer, stage, view, member.id, language)


def test_its_commands_and_events_survive_json(played: tuple[Stage, str]) -> None:
    stage, phase = played
    again = stage.replayed()
    assert again.touched == stage.session.touched
    assert again.outcome(phase) == stage.session.outcome(phase)


def test_its_outcome_serialises(played: tuple[Stage, str]) -> None:
    stage, phase = played
    plain = asdict(stage.session.outcome(phase))
    assert {*json.loads(json.dumps(plain))} == {field.name for field in fields(stage.session.outcome(phase))}


def test_who_is_not_listed_is_refused_every_command(played: tuple[Stage, str]) -> None:
    stage, phase = played
    activity = stage.session.agenda.phases[phase].activity
    assert activity is not None
    stage.join("ob", "observer")
    told = {name: stage.do(name, "ob", phase) for name in activity.rights}
    assert [name for name, no in told.items() if getattr(no, "reason", "") != "not_allowed"] == []


def test_a_command_of_another_kind_is_refused(played: tuple[Stage, str]) -> None:
    stage, phase = played
    assert stage.no("make_tea", "a0", phase) == "unknown_command"


def test_what_is_mine_or_my_teams_stands_in_nobody_elses_page(
    played: tuple[Stage, str], renderer: Renderer
) -> None:
    stage, phase = played
    people = [m for m in stage.session.people.values() if m.role in ("participant", "process_leader")]
    for view in ("phone", "mine", "team"):
        seen = {m.id: own_markup(stage, renderer, view, m, phase) for m in people}
        for member in people:
            html = page(renderer, stage, view, member.id, "en")
            mine = seen[member.id]
            assert all(part in html for part in mine), "there is nothing to hide"
            others = {part for other in people for part in seen[other.id] if other.team != member.team}
            assert [part for part in others - mine if part in html] == []


def own_markup(stage: Stage, renderer: Renderer, view: str, member: Member, phase: str) -> set[str]:
    """The panes that only this person or this person's team may see."""
    found = set()
    for scope in stage.session.scopes(member.id)[2:]:
        pane = FragmentRenderer(renderer, hall_of(stage), view, scope, "en").pane(
            stage.session.agenda.phases[phase]
        )
        if pane:
            found.add(str(pane))
    return found
