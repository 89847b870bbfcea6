"""What a format may say of a phase in which a jury scores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sessions.format_rules import (
    Declaration,
    Fault,
    Flow,
    Line,
    Named,
    Rule,
    Several,
    Shelves,
    Whole,
    unknown,
)

RULES: Mapping[str, Rule] = {
    "rubric": Named("rubrics", required=True),
    "ties": Several(),
    "min_jurors": Whole(),
    "award": Line(),
}


def flow(rules: Mapping[str, Any]) -> Flow:
    """The entries in a running order; a ranking of them."""
    gives = {"ranking", "awards"} if rules.get("award") else {"ranking"}
    return Flow(gives=frozenset(gives), uses=frozenset({"order"}), about_entries=True)


def faults(rules: Mapping[str, Any], shelves: Shelves) -> Iterator[Fault]:
    """Ties are parted by criteria of the rubric, head to head, or by the chair."""
    rubric = shelves.get("rubrics", {}).get(rules.get("rubric"), {})
    known = [*(row["id"] for row in rubric.get("criteria", ())), "head_to_head", "chair"]
    for rule in rules.get("ties", ()):
        if rule not in known:
            yield unknown("ties may hold {known}, not {value!r}", rule, known)._replace(key="ties")


DECLARED = Declaration(RULES, flow, faults)
