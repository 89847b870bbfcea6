"""Roles that a format has of its own: who is called so acts like one of the product's roles, and is asked by name."""

from __future__ import annotations

from typing import Any

import pytest

from app.drawing.render import Renderer
from app.planning import formats
from sessions.activity import FragmentId
from sessions.audience import EVERYBODY, person_scope, role_scope
from sessions.facts import regroup
from sessions.format import read_format
from sessions.format_faults import findings
from sessions.outcome import Team
from tests.support.dom import Page
from tests.support.examples import needs
from tests.support.look import drawn_by, page
from tests.support.stage import Stage, made_up, phase, words

STARTUP = {"key": "startup", "title": {"en": "Startup", "sv": "Nystartat företag", "fi": "Kasvuyritys"}}
SPEAKER = {"key": "speaker", "title": words("Speaker"), "acts_like": "expert"}
ALONE = {"columns": ["need"], "fields": ["text"], "main": "text", "visible_to": "all"}


def data(*rows: dict[str, Any], roles: Any = (STARTUP, SPEAKER)) -> dict[str, Any]:
    return {**made_up(), "role": list(roles), "phase": list(rows)}


def room(*rows: dict[str, Any]) -> Stage:
    stage = Stage(form=data(*rows))
    for person, role in {"ada": "participant", "sam": "startup", "spe": "speaker"}.items():
        stage.join(person, role)
    return stage


def test_who_has_a_role_of_the_format_has_the_rights_of_the_role_it_acts_like() -> None:
    stage = room(needs(who=["teams"]))
    stage.open("N")
    assert stage.session.people["sam"].role == "participant"
    assert stage.ok("add_card", "sam", "N", situation="No lift", who="All")
    assert stage.no("add_card", "spe", "N", situation="No lift", who="All") == "not_allowed"


def test_a_phase_may_ask_only_those_of_one_role() -> None:
    stage = room(phase("collect", "C", who=["startup"], rules=ALONE))
    stage.open("C")
    assert stage.ok("add_card", "sam", "C", text="We sell lamps")
    assert stage.no("add_card", "ada", "C", text="I do not") == "not_allowed"
    assert stage.session.scopes("sam") == (EVERYBODY, "role:participant+startup", person_scope("sam"))
    form, none = (page(drawn_by(), stage, "phone", person, "en") for person in ("sam", "ada"))
    assert 'value="add_card"' in form
    assert 'value="add_card"' not in none


def test_what_is_shown_to_a_role_is_shown_to_those_who_act_like_it() -> None:
    session = room(needs()).session
    session.mark(FragmentId("N", "", "", role_scope("participant")))
    touched = {
        ref.scope: [r.phase for r, _ in session.touched_since(ref.scope, 0)] for ref in session.touched
    }
    assert touched["role:participant"] == touched["role:participant+startup"] == ["N"]
    assert "role:expert+speaker" not in touched


@pytest.mark.parametrize(
    ("language", "word"), [("en", "Startup"), ("sv", "Nystartat företag"), ("fi", "Kasvuyritys")]
)
def test_everybody_reads_the_role_in_their_language(language: str, word: str) -> None:
    stage = room(needs())
    renderer: Renderer = drawn_by()
    assert word in page(renderer, stage, "people", "kim", language)
    assert word in page(renderer, stage, "mine", "sam", language)


def test_the_facilitator_gives_such_a_role_and_takes_it_back() -> None:
    stage = room(needs())
    stage.ok("grant_role", "kim", person="ada", role="startup")
    assert (stage.session.people["ada"].role, stage.session.people["ada"].part) == ("participant", "startup")
    assert stage.session.undoable is not None
    stage.ok("undo", "kim", decision=str(stage.session.undoable.seq))
    assert (stage.session.people["ada"].role, stage.session.people["ada"].part) == ("participant", "")
    assert stage.no("grant_role", "kim", person="ada", role="wizard") == "nobody"
    assert stage.replayed().people["sam"].called == "startup"


@pytest.mark.parametrize(
    ("role", "fault"),
    [
        ({**STARTUP, "key": "juror"}, "role juror: that name cannot be a format's own"),
        ({**STARTUP, "key": "team lead"}, "role team lead: that name cannot be a format's own"),
        ({**STARTUP, "acts_like": "process_leader"}, "role startup: acts_like"),
        ({**STARTUP, "title": {"en": "Startup"}}, "role startup: title is missing in sv, fi"),
        ({**STARTUP, "colour": "red"}, "role startup: "),
    ],
)
def test_a_role_that_cannot_be_is_a_fault_with_its_name(role: dict[str, Any], fault: str) -> None:
    found = findings(data(needs(), roles=[role]))
    assert any(str(finding).startswith(fault) and finding.grave for finding in found), found
    assert findings(data(needs())) == []


def test_formats_without_roles_of_their_own_have_none() -> None:
    assert read_format(formats.take("race48")).roles == {}


def test_who_leads_a_team_under_a_name_of_the_format_leads_it_again_when_another_role_is_taken_back() -> None:
    stage = room(needs())
    list(regroup(stage.session, Team("t1", 1, "Red", ("ada", "sam"), leader="sam")))
    sam = stage.session.people["sam"]
    assert (sam.role, sam.part) == ("process_leader", "startup")
    stage.ok("grant_role", "kim", person="sam", role="juror")
    assert (sam.role, sam.part) == ("juror", "")
    assert stage.session.undoable is not None
    stage.ok("undo", "kim", decision=str(stage.session.undoable.seq))
    assert (sam.role, sam.part) == ("process_leader", "startup")


@pytest.mark.parametrize(("wish", "waits"), [("participant", False), ("expert", True)])
def test_who_acts_like_what_they_wish_to_be_waits_for_no_other_role(wish: str, waits: bool) -> None:
    stage = room(phase("survey", "S", rules={"form": "checkin", "respondent": "person"}))
    stage.open("S")
    stage.ok("answer", "sam", "S", terms="yes", consent="session", role=wish)
    assert stage.session.people["sam"].facts["wish_role"] == wish
    assert any("wish" in needed.alert.text for needed in stage.session.needed) == waits
    row = Page(page(drawn_by(), stage, "people", "kim", "en")).find("person-sam")
    assert row is not None
    assert row.xpath(".//option[@selected]/@value") == [wish if waits else "startup"]
