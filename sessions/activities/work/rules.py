"""What a format may say of a phase in which teams write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sessions.format_rules import (
    Amount,
    Declaration,
    Fault,
    Flag,
    Flow,
    Line,
    Named,
    Rows,
    Rule,
    Several,
    Shelves,
    Title,
    Whole,
    unknown,
)

DEADLINE: Mapping[str, Rule] = {
    "minute": Amount(required=True),
    "name": Line(required=True),
    "title": Title(),
    "hard": Flag(),
    "contacts": Whole(least=0),
}
RULES: Mapping[str, Rule] = {
    "documents": Named("documents", several=True),
    "parts": Several(),
    "deadlines": Rows(DEADLINE),
    "grace_minutes": Amount(),
    "submits": Flag(),
    "archives": Flag(),
}


def flow(rules: Mapping[str, Any]) -> Flow:
    """Documents of teams about their entries."""
    minutes = tuple(float(row.get("minute", 0)) for row in rules.get("deadlines", ()))
    return Flow(about_entries=True, deadlines=minutes)


def faults(rules: Mapping[str, Any], shelves: Shelves) -> Iterator[Fault]:
    """Parts are those of the documents."""
    known = [
        part["id"]
        for name in rules.get("documents", ())
        for part in shelves.get("documents", {}).get(name, {}).get("parts", ())
    ]
    for part in rules.get("parts", ()):
        if part not in known:
            yield unknown("parts may hold {known}, not {value!r}", part, known)._replace(key="parts")


DECLARED = Declaration(RULES, flow, faults)
