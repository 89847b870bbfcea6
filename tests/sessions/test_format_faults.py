"""Formats that cannot lie: planted faults are found with phase and remedy, and honest formats have none."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from app.planning import formats
from sessions.activities import activity_class, kinds
from sessions.format_crowd import crowd_findings
from sessions.format_faults import findings
from sessions.format_findings import Finding
from sessions.format_rules import Flow
from tests.support import examples

Data = dict[str, Any]


RACE = formats.read("race48")


def race48() -> Data:
    return deepcopy(RACE)


def row(data: Data, phase: str) -> dict[str, Any]:
    found: dict[str, Any] = next(row for row in data["phase"] if row["id"] == phase)
    return found


def rules(**changed: Any) -> Callable[[Data], None]:
    """A change of one phase's rules; None takes a rule away."""
    phase = changed.pop("phase")

    def change(data: Data) -> None:
        kept = {**row(data, phase)["rules"], **changed}
        row(data, phase)["rules"] = {name: value for name, value in kept.items() if value is not None}

    return change


def says(**changed: Any) -> Callable[[Data], None]:
    """A change of one phase's row; None takes a key away."""
    phase = changed.pop("phase")

    def change(data: Data) -> None:
        row(data, phase).update(changed)
        for key in [key for key, value in changed.items() if value is None]:
            del row(data, phase)[key]

    return change


def after(moved: str, other: str) -> Callable[[Data], None]:
    def change(data: Data) -> None:
        found = row(data, moved)
        data["phase"].remove(found)
        data["phase"].insert(data["phase"].index(row(data, other)) + 1, found)

    return change


def without(phase: str) -> Callable[[Data], None]:
    def change(data: Data) -> None:
        data["phase"].remove(row(data, phase))
        for other in data["phase"]:
            if phase in other.get("inputs", ()):
                other["inputs"] = [name for name in other["inputs"] if name != phase]

    return change


def swedish_form(data: Data) -> None:
    data["forms"]["evening"] = {"fields": [{"id": "a", "type": "text", "label": {"sv": "Vad?"}}]}


def other_key(data: Data) -> None:
    data["colour"] = "red"


def twice(data: Data) -> None:
    row(data, "R10")["id"] = "R12"


PLANTED: dict[str, tuple[Callable[[Data], None], str, str]] = {
    "a misspelled rule": (rules(phase="R04", dotts=3), "R04", "there is no 'dotts' here"),
    "a misspelled method": (rules(phase="R04", method="dot"), "R04", "Did you mean dots?"),
    "a method without its rule": (rules(phase="R04", dots=None), "R04", "method 'dots' needs the rule dots"),
    "more dots on one than there are": (rules(phase="R04", max_per_option=5), "R04", "more than the dots"),
    "ballots of no known kind": (rules(phase="R04", ballots="hidden"), "R04", "open, confidential, secret"),
    "a keep that cannot be read": (rules(phase="R04", keep="the best"), "R04", '"2*teams"'),
    "a keep that is a number": (rules(phase="R04", keep=3), "R04", '"2*teams"'),
    "a word where a number stands": (rules(phase="R05", min_size="three"), "R05", "whole number"),
    "sizes that do not grow": (rules(phase="R05", min_size=9), "R05", "must grow in this order"),
    "a form that is not there": (rules(phase="R01", form="check-in"), "R01", "Did you mean checkin?"),
    "a question that the form does not ask": (rules(phase="R10", fields=["lights"]), "R10", "not 'lights'"),
    "a document that is not there": (rules(phase="R13", documents=["nabcd"]), "R13", "Did you mean nabc?"),
    "a part that the document does not have": (rules(phase="R17", parts=["rigths"]), "R17", "'rigths'"),
    "a rubric that is not there": (rules(phase="R26", rubric="default6"), "R26", "default5"),
    "a tie rule that the rubric does not have": (rules(phase="R26", ties=["neeed"]), "R26", "not 'neeed'"),
    "a topic that nobody knows": (rules(phase="R08", topics=["marekt"]), "R08", "Did you mean market?"),
    "a main field that is none": (rules(phase="R03", main="text"), "R03", "main must be one of the fields"),
    "words for no field": (
        rules(phase="R03", hints={"whom": {"en": "a", "sv": "b", "fi": "c"}}),
        "R03",
        "no field and no column",
    ),
    "owners of cards about nothing": (rules(phase="R15F", target=None), "R15F", 'needs target = "entry"'),
    "a stage without a length": (
        rules(phase="R25", talk_minutes=0, qa_minutes=0, change_minutes=0),
        "R25",
        "a slot needs a length",
    ),
    "an anonymous answer of a team": (rules(phase="R10", anonymous=True), "R10", "anonymously"),
    "an award for a card": (rules(phase="R04", award="best"), "R04", 'needs about = "entries"'),
    "a flag that is a word": (rules(phase="R04", blind="yes"), "R04", "true or false"),
    "a deadline after the end": (
        rules(phase="R13", deadlines=[{"minute": 300, "name": "late"}]),
        "R13",
        "lies after its end",
    ),
    "a deadline without a name": (rules(phase="R13", deadlines=[{"minute": 10}]), "R13", "name is missing"),
    "a misspelled key": (says(phase="R04", input=["R03"]), "R04", "Did you mean inputs?"),
    "a key of the format that nobody reads": (other_key, "", "there is no 'colour' here"),
    "a kind that is not there": (says(phase="R04", kind="votes"), "R04", "unknown activity kind"),
    "an end that is none": (says(phase="R04", ends="stop"), "R04", "ends must be one of"),
    "a prompt that is missing in Finnish": (
        says(phase="R04", prompt={"en": "a", "sv": "b"}),
        "R04",
        "missing in fi",
    ),
    "a form of one language": (swedish_form, "", "forms.evening.fields.a.label is missing in en, fi"),
    "an end that is a list": (says(phase="R04", ends=["stay"]), "R04", "ends must be one of"),
    "rules that are a word": (says(phase="R04", rules="dots"), "R04", "rules must be a table"),
    "a door opened by the word no": (says(phase="R04", public="no"), "R04", "public must be true or false"),
    "half a minute": (says(phase="R04", minutes=2.5), "R04", "minutes must be a whole number"),
    "languages that are a number": (lambda data: data.update(languages=3), "", "languages must be a list"),
    "phases that are words": (lambda data: data.update(phase=["a"]), "", "phase must be a list"),
    "no phase at all": (lambda data: data.pop("phase"), "", "phase is missing"),
    "two phases of one id": (twice, "R12", "the same id"),
    "a role that is none": (says(phase="R04", who=["everybody"]), "", "unknown role"),
    "an input that comes later": (after("R03", "R04"), "R04", "has not been held"),
    "an input that hands on nothing of use": (says(phase="R04", inputs=["R03", "R02"]), "R04", "Take it out"),
    "secret ballots of single teams": (
        rules(phase="R09", ballots="secret"),
        "R09",
        "secret ballots cannot be kept where each team votes on its own",
    ),
    "a vote on nothing": (says(phase="R04", inputs=[]), "R04", "Name R03 in inputs."),
    "ideas that answer to no need": (says(phase="R06", inputs=[]), "R06", "it needs cards"),
    "a running order that nobody hands on": (says(phase="R25", inputs=[]), "R25", "Name R22 or R24"),
    "a jury before there is anything to judge": (without("R09"), "R26", "it is about projects"),
    "teams that are never formed": (without("R05"), "R09", "none are formed before it"),
    "awards of nothing": (says(phase="R28", inputs=[]), "R28", "it needs awards"),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_fault_is_found_where_it_is_and_no_session_may_begin(planted: str) -> None:
    change, phase, words = PLANTED[planted]
    data = race48()
    assert not any(finding.grave for finding in findings(data))
    change(data)
    grave = [finding for finding in findings(data) if finding.grave]
    assert [str(found) for found in grave if found.phase == phase and words in str(found)], grave


LOOKS: dict[str, tuple[Callable[[Data], None], str, str]] = {
    "six hours without a pause": (without("R07"), "R06", "no pause"),
    "a night too short to sleep": (says(phase="R11", minutes=300), "R11", "too short to sleep"),
}


@pytest.mark.parametrize("planted", LOOKS)
def test_what_may_be_meant_is_named_and_hinders_nothing(planted: str) -> None:
    change, phase, words = LOOKS[planted]
    data = race48()
    change(data)
    found = findings(data)
    assert [str(look) for look in found if look.phase == phase and words in str(look)]
    assert not any(finding.grave for finding in found)


def test_a_ranking_that_no_phase_takes_in_is_named() -> None:
    data = race48()
    for phase in ("R05", "R06"):
        row(data, phase)["inputs"] = ["R03"]
    assert [look.phase for look in findings(data) if "uses its result" in str(look)] == ["R04"]


def test_a_side_track_longer_than_what_it_stands_beside_is_named() -> None:
    data = race48()
    row(data, "R27")["minutes"] = 400
    assert [look.phase for look in findings(data) if "beside R26" in str(look)] == ["R27"]


def test_the_race_has_no_fault_and_two_stretches_without_a_pause() -> None:
    assert [(look.phase, look.grave) for look in findings(race48())] == [("R06", False), ("R17", False)]


@pytest.mark.parametrize("name", examples.names())
def test_what_formats_and_examples_say_is_declared(name: str) -> None:
    assert [str(found) for found in findings(examples.example(name).data) if found.grave] == []


@pytest.mark.parametrize("kind", kinds())
def test_a_kind_says_what_it_does_between_others(kind: str) -> None:
    assert isinstance(activity_class(kind).declares.flow({}), Flow)


def test_pitches_that_do_not_fit_are_named_with_the_minutes_that_they_need() -> None:
    crowd = {people: crowd_findings(race48(), people) for people in (10, 53)}
    assert [look.phase for look in crowd[53]] == ["R15", "R25"]
    assert "overflows 75 minutes by 123. It needs 198 minutes" in str(crowd[53][0])
    assert crowd[10] == []


def test_a_format_in_swedish_alone_is_whole() -> None:
    def only_swedish(value: Any) -> Any:
        if isinstance(value, dict):
            if value.keys() == {"en", "sv", "fi"}:
                return {"sv": value["sv"]}
            return {key: only_swedish(inner) for key, inner in value.items()}
        return [only_swedish(inner) for inner in value] if isinstance(value, list) else value

    data = only_swedish(race48())
    assert [finding for finding in findings(data) if finding.grave]
    assert not [finding for finding in findings({**data, "languages": ["sv"]}) if finding.grave]


def test_a_former_name_of_a_kind_is_no_fault() -> None:
    data = race48()
    row(data, "R16").update(kind="plan", rules={**row(data, "R16")["rules"], "mode": "decide"})
    assert not any(finding.grave for finding in findings(data))


def test_a_finding_reads_as_one_sentence_with_place_and_remedy() -> None:
    data = race48()
    row(data, "R04")["inputs"] = []
    finding: Finding = next(found for found in findings(data) if found.grave)
    assert str(finding) == (
        "phase R04: it needs cards to work on, and no input hands on any. Name R03 in inputs."
    )
