"""What a format may say of a phase in which cards are collected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sessions.format_rules import (
    Amount,
    Choice,
    Declaration,
    Fault,
    Flag,
    Flow,
    Line,
    Numbers,
    Rule,
    Several,
    Shelves,
    Texts,
    Whole,
    unknown,
)

RULES: Mapping[str, Rule] = {
    "fields": Several(),
    "main": Line(),
    "headline": Flag(),
    "columns": Several(),
    "labels": Texts(),
    "hints": Texts(),
    "per_person": Whole(),
    "visible_to": Choice(("all", "team", "owner")),
    "terms": Flag(),
    "silent_minutes": Amount(),
    "together": Numbers(),
    "link": Choice(("need",)),
    "target": Choice(("entry",)),
    "goal_per_team": Whole(least=0),
}

STAGES = 4
"""Alone, two, four, all."""


def flow(rules: Mapping[str, Any]) -> Flow:
    """Cards. Those that answer to others need them; those of a team need teams, and those about an entry need some."""
    linked = frozenset({"cards"}) if rules.get("link") else frozenset[str]()
    return Flow(
        gives=frozenset({"cards"}),
        needs=linked,
        uses=linked and frozenset({"ranking"}),
        of_teams=rules.get("visible_to") == "team",
        about_entries=rules.get("target") == "entry",
    )


def faults(rules: Mapping[str, Any], shelves: Shelves) -> Iterator[Fault]:
    """The main field is one of the fields, words are for a field or a column, and an owner has an entry."""
    fields, columns = rules.get("fields", ("text",)), rules.get("columns", ())
    if "main" in rules and rules["main"] not in fields:
        yield unknown(
            "main must be one of the fields: {known}, not {value!r}", rules["main"], fields
        )._replace(key="main")
    for name in ("labels", "hints"):
        for key in rules.get(name, {}):
            if key not in (*fields, *columns):
                text = f"{name} has words for {{value!r}}, which is no field and no column: {{known}}"
                yield unknown(text, key, (*fields, *columns))._replace(key=name)
    if len(rules.get("together", (0,) * STAGES)) != STAGES:
        yield Fault("together takes four numbers: minutes alone, in twos, in fours, and all", {}, "together")
    if rules.get("together") and rules.get("silent_minutes"):
        yield Fault("together begins with everybody on their own, so silent_minutes go", {}, "silent_minutes")
    if rules.get("visible_to") == "owner" and rules.get("target") != "entry":
        yield Fault(
            'visible_to = "owner" needs target = "entry": other cards belong to no entry', {}, "visible_to"
        )


DECLARED = Declaration(RULES, flow, faults)
