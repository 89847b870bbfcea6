"""What a format may say of a phase in which teams are formed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sessions.activities.team.mix import Rules
from sessions.format_rules import Choice, Declaration, Fault, Flag, Flow, Rule, Shelves, Whole

RULES: Mapping[str, Rule] = {
    "min_size": Whole(),
    "max_size": Whole(),
    "target_size": Whole(),
    "max_per_organisation": Whole(),
    "min_areas": Whole(least=0),
    "leader": Flag(),
    "wishes": Whole(least=0),
    "forming": Choice(("proposed", "self_join")),
    "begins_entries": Flag(),
}


def flow(rules: Mapping[str, Any]) -> Flow:
    """Teams around the needs or ideas that are handed on; each idea may become its team's entry."""
    return Flow(
        needs=frozenset({"cards"}),
        uses=frozenset({"ranking"}),
        begins_teams=True,
        begins_entries=bool(rules.get("begins_entries")),
    )


def faults(rules: Mapping[str, Any], shelves: Shelves) -> Iterator[Fault]:
    """The sizes are in order, and ideas become entries where people choose them."""
    if rules.get("begins_entries") and rules.get("forming") != "self_join":
        yield Fault(
            'begins_entries needs forming = "self_join": a need is no idea to carry on', {}, "begins_entries"
        )
    usual = Rules()
    least, most = rules.get("min_size", usual.min_size), rules.get("max_size", usual.max_size)
    target = rules.get("target_size", usual.target)
    if not least <= target <= most:
        values = {"least": least, "target": target, "most": most}
        text = "min_size {least}, target_size {target} and max_size {most} must grow in this order"
        yield Fault(text, values, "target_size")


DECLARED = Declaration(RULES, flow, faults)
