"""Formats: what makes one wrong, and that ours are right."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sessions.activities import kinds
from sessions.format import FORMER_KINDS, read_format
from tests.support.stage import phase, race48, words

MAIN = {
    "R01": ("survey", 45),
    "R02": ("pitch", 45),
    "R03": ("collect", 75),
    "R04": ("vote", 30),
    "R05": ("team", 45),
    "R06": ("collect", 120),
    "R07": ("pause", 60),
    "R08": ("consult", 180),
    "R09": ("vote", 30),
    "R10": ("survey", 30),
    "R11": ("pause", 480),
    "R12": ("survey", 30),
    "R13": ("work", 240),
    "R14": ("pause", 60),
    "R15": ("pitch", 75),
    "R16": ("decide", 30),
    "R17": ("work", 285),
    "R18": ("pause", 60),
    "R19": ("work", 150),
    "R20": ("survey", 30),
    "R21": ("pause", 480),
    "R22": ("survey", 30),
    "R23": ("work", 90),
    "R24": ("techcheck", 30),
    "R25": ("pitch", 75),
    "R26": ("jury", 30),
    "R28": ("awards", 15),
    "R29": ("own", 30),
    "R30": ("survey", 7 * 24 * 60),
    "R31": ("work", 14 * 24 * 60),
}
"""The main track of the 48-hour race: R27 stands beside R26, R30 and R31 come days after."""
BESIDE = {"R11C": "R11", "R15F": "R15", "R17C": "R17", "R19C": "R19", "R27": "R26"}


def made(*phases: dict[str, Any], **data: Any) -> dict[str, Any]:
    return {"key": "t", "title": words("T"), "phase": list(phases), **data}


def without(row: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != name}


WRONG = {
    "no phase": (made(), "a format needs at least one phase"),
    "no title": (without(made(phase("pause")), "title"), "a format needs 'title'"),
    "no key": (without(made(phase("pause")), "key"), "a format needs 'key'"),
    "half a title": (made(phase("pause"), title={"en": "T"}), "title is missing in sv, fi"),
    "no id": (made(without(phase("pause"), "id")), "phase ?: 'id'"),
    "no minutes": (made(without(phase("pause"), "minutes")), "phase P1: 'minutes'"),
    "minutes in words": (
        made(phase("pause", minutes="ten")),
        "phase P1: invalid literal for int() with base 10: 'ten'",
    ),
    "no time at all": (made(phase("pause", minutes=0)), "phase P1: a phase lasts at least a minute, not 0"),
    "one language": (
        made(phase("pause", title={"en": "T", "sv": ""})),
        "phase P1: title is missing in sv, fi",
    ),
    "no prompt": (made(phase("pause", prompt={"fi": "…"})), "phase P1: prompt is missing in en, sv"),
    "unknown role": (
        made(phase("pause", who=["staff", "wizard"])),
        "phase P1: unknown role or group of roles: wizard",
    ),
    "unknown ending": (
        made(phase("pause", ends="bang")),
        "phase P1: ends must be one of ['close', 'stay'], not 'bang'",
    ),
    "the same id twice": (made(phase("pause"), phase("pause")), "two phases have the same id"),
    "unknown input": (made(phase("pause", inputs=["P7", "P1"])), "phase P1 refers to unknown phases: P7"),
    "unknown neighbour": (made(phase("pause", beside="P9")), "phase P1 refers to unknown phases: P9"),
    "beside itself": (
        made(phase("pause", beside="P1")),
        "phase P1 stands beside P1, which is beside another itself",
    ),
}


@pytest.mark.parametrize(("data", "said"), list(WRONG.values()), ids=list(WRONG))
def test_a_wrong_format_is_refused_with_the_phase_and_what_is_wrong(data: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError) as wrong:  # noqa: PT011 – the whole sentence is compared below
        read_format(data)
    assert str(wrong.value) == said


def test_a_phase_that_says_little_stays_open_to_everyone_on_the_main_track() -> None:
    (spec,) = read_format(made(phase("pause"))).specs
    assert (spec.inputs, spec.beside, spec.channel, spec.later, spec.ends) == ((), "", False, False, "stay")
    assert {"participant", "juror", "facilitator"} <= spec.who
    assert "guest" not in spec.who


def test_the_race_lasts_48_hours() -> None:
    specs = read_format(race48()).specs
    assert sum(spec.minutes for spec in specs if not spec.beside and not spec.later) == 48 * 60


def test_the_race_has_the_phases_of_the_domain_in_their_order() -> None:
    specs = read_format(race48()).specs
    assert {s.id: (s.kind, s.minutes) for s in specs if not s.beside} == MAIN
    assert [s.id for s in specs if not s.beside] == list(MAIN)
    assert {s.id: s.beside for s in specs if s.beside} == BESIDE
    assert [s.id for s in specs if s.later] == ["R30", "R31"]


def test_side_channels_last_as_long_as_what_they_stand_beside() -> None:
    minutes = {spec.id: spec.minutes for spec in read_format(race48()).specs}
    assert {side: minutes[side] for side in BESIDE} == {side: minutes[main] for side, main in BESIDE.items()}


def test_the_clock_closes_votes_and_what_comes_days_later() -> None:
    specs = read_format(race48()).specs
    assert [s.id for s in specs if s.ends == "close"] == ["R04", "R09", "R27", "R30", "R31"]


def test_inputs_come_from_phases_before() -> None:
    seen: set[str] = set()
    for spec in read_format(race48()).specs:
        assert set(spec.inputs) <= seen
        seen.add(spec.id)


def test_every_form_document_and_rubric_that_a_phase_names_is_there() -> None:
    form = read_format(race48())
    named = [(form.form, s.rules["form"]) for s in form.specs if "form" in s.rules]
    named += [(form.document, name) for s in form.specs for name in s.rules.get("documents", ())]
    named += [(form.rubric, s.rules["rubric"]) for s in form.specs if "rubric" in s.rules]
    assert len(named) > 10
    assert [name for find, name in named if not find(name)] == []


@pytest.mark.parametrize(
    ("former", "rules", "kind"),
    [
        ("present", {}, "pitch"),
        ("present", {"mode": "slots"}, "pitch"),
        ("present", {"mode": "techcheck"}, "techcheck"),
        ("present", {"mode": "awards"}, "awards"),
        ("pitch", {"mode": "awards"}, "pitch"),
        ("plan", {}, "decide"),
        ("plan", {"mode": "decide"}, "decide"),
        ("plan", {"mode": "own"}, "own"),
        ("decide", {"mode": "own"}, "decide"),
        ("pause", {}, "pause"),
    ],
)
def test_a_kind_of_an_earlier_release_is_read_as_what_it_is_called_now(
    former: str, rules: dict[str, Any], kind: str
) -> None:
    data = made(phase(former, rules=rules))
    (spec,) = read_format(data).specs
    assert (spec.kind, spec.rules, data["phase"][0]["kind"]) == (kind, rules, former)


def test_what_is_not_on_a_shelf_is_named() -> None:
    form = read_format(made(phase("pause"), forms={"a": {}}))
    assert form.form("a") == {}
    for find, shelf in ((form.form, "forms"), (form.document, "documents"), (form.rubric, "rubrics")):
        with pytest.raises(ValueError, match=f"^the format has no 'b' among its {shelf}$"):
            find("b")


def test_a_format_survives_json() -> None:
    there = read_format(json.loads(json.dumps(race48())))
    assert there.specs == read_format(race48()).specs


def test_former_kinds_are_gone_and_what_they_are_called_now_is_there() -> None:
    assert {name for name, _ in FORMER_KINDS} & set(kinds()) == set()
    assert set(FORMER_KINDS.values()) <= set(kinds())


def test_our_own_formats_use_the_names_of_today() -> None:
    assert {row["kind"] for row in race48()["phase"]} <= set(kinds())
