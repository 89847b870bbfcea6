"""One answer for each organisation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sessions.activities.survey import Survey
from sessions.people import organisation_key
from tests.support.stage import Stage, made_up, phase

FORM = {
    "fields": [
        {"id": "org", "type": "organisation", "label": {"en": "Organisation"}, "fact": "organisation"},
        {"id": "many", "type": "number", "label": {"en": "People"}, "low": 0, "high": 99, "required": True},
    ],
}
OF = {"ann": "Norrdata", "bo": "Norrdata", "cia": "Sågen", "dan": "", "eve": "Norr Data"}


def hall() -> Stage:
    """A survey S that each organisation answers once; Dan has named none."""
    rules = {"form": "needs", "respondent": "organisation"}
    rows = [phase("survey", "S", rules=rules), phase("pause", "X", rules={"reason": "meal"})]
    stage = Stage(form={**made_up(), "forms": {"needs": FORM}, "phase": rows})
    for person, name in OF.items():
        stage.join(person, organisation=organisation_key(name))
    stage.open("S")
    return stage


def survey(stage: Stage) -> Survey:
    activity = stage.session.agenda.phases["S"].activity
    assert isinstance(activity, Survey)
    return activity


def own(stage: Stage, person: str) -> Mapping[str, Any]:
    fragment = survey(stage).show("phone", f"person:{person}")
    assert fragment is not None
    found: Mapping[str, Any] = fragment.data["own"]
    return found


def counts(stage: Stage) -> dict[str, int]:
    return {who: given.choices["many"] for who, given in survey(stage).counted.items()}


def test_the_first_answer_is_the_organisations_and_a_colleague_is_told() -> None:
    stage = hall()
    stage.ok("answer", "ann", "S", many="3")
    assert own(stage, "bo")["colleague"] == "ann"
    assert own(stage, "cia")["colleague"] == ""
    assert stage.no("answer", "bo", "S", many="4") == "organisation_answered"
    assert counts(stage) == {"ann": 3}


def test_a_colleague_may_answer_instead_and_takes_it_over_for_good() -> None:
    stage = hall()
    stage.ok("answer", "ann", "S", many="3")
    stage.after(1)
    stage.ok("answer", "bo", "S", many="4", instead="yes")
    assert counts(stage) == {"bo": 4}
    assert survey(stage).show("console", "all", "row", "ann") is None
    assert survey(stage).outcome().figures["n"] == 1
    stage.after(1)
    assert stage.no("answer", "ann", "S", many="5") == "organisation_answered"


def test_whoever_has_named_none_names_it_in_the_answer_or_is_told_to() -> None:
    stage = hall()
    stage.ok("answer", "cia", "S", many="7")
    assert stage.no("answer", "dan", "S", many="1") == "no_organisation"
    assert stage.no("answer", "dan", "S", many="1", org="Sågen") == "organisation_answered"
    stage.ok("answer", "dan", "S", many="1", org="Fabriken")
    assert counts(stage) == {"cia": 7, "dan": 1}


def test_two_names_that_are_one_organisation_have_one_answer() -> None:
    stage = hall()
    stage.ok("answer", "ann", "S", many="3")
    stage.after(1)
    stage.ok("answer", "eve", "S", many="9")
    assert counts(stage) == {"ann": 3, "eve": 9}
    same = {"organisation": organisation_key("Norr Data"), "into": organisation_key("Norrdata")}
    stage.ok("unite_organisations", "kim", **same)
    assert counts(stage) == {"eve": 9}
    assert (survey(stage).outcome().figures["n"], survey(stage).outcome().figures["of"]) == (1, 3)
    stage.ok("part_organisation", "kim", organisation=same["organisation"])
    assert counts(stage) == {"ann": 3, "eve": 9}


def test_a_draft_is_each_persons_own() -> None:
    stage = hall()
    stage.ok("answer", "ann", "S", many="3")
    stage.ok("answer", "bo", "S", many="4", final="no")
    assert counts(stage) == {"ann": 3}
