"""What a format may say of a phase on a stage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sessions.activities.pitch.stage_clock import PARTS
from sessions.format_rules import (
    Amount,
    Choice,
    Declaration,
    Fault,
    Flag,
    Flow,
    Named,
    Rule,
    Shelves,
    Whole,
)

RULES: Mapping[str, Rule] = {
    "slots": Choice(("entries", "one", "signups"), required=True),
    **{f"{part}_minutes": Amount(most=600) for part in PARTS},
    "order": Choice(("drawn", "handed")),
    "stop": Choice(("hard", "soft")),
    "rubric": Named("rubrics"),
    "most": Whole(most=200),
    "per_person": Whole(most=20),
    "own_timer": Flag(),
}


def flow(rules: Mapping[str, Any]) -> Flow:
    """A slot for every entry, whose order may be handed on; one talk has the stage alone; what people signed up with
    are cards to what comes after."""
    if rules.get("slots") == "one":
        return Flow()
    if rules.get("slots") == "signups":
        return Flow(gives=frozenset({"cards"}))
    handed = frozenset({"order"}) if rules.get("order") == "handed" else frozenset[str]()
    each = sum(float(rules.get(f"{part}_minutes", 0)) for part in PARTS)
    return Flow(gives=frozenset({"order"}), needs=handed, about_entries=True, minutes_each=each)


def faults(rules: Mapping[str, Any], shelves: Shelves) -> Iterator[Fault]:
    """A slot has a length."""
    if not any(rules.get(f"{part}_minutes") for part in PARTS):
        yield Fault("a slot needs a length: talk_minutes, qa_minutes or change_minutes", {}, "talk_minutes")
    if rules.get("slots") == "signups" and rules.get("order") == "handed":
        yield Fault("whoever signs up is in no order that another phase has handed on", {}, "order")
    for name in ("most", "per_person"):
        if rules.get(name) and rules.get("slots") != "signups":
            yield Fault('{name} needs slots = "signups"', {"name": name}, name)


DECLARED = Declaration(RULES, flow, faults)
