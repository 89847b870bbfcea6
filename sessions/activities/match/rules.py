"""What a format may say of a phase in which people find each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sessions.audience import GROUPS, ROLES, roles_named
from sessions.format_rules import (
    Amount,
    Declaration,
    Fault,
    Flow,
    Line,
    Rows,
    Rule,
    Several,
    Shelves,
    Texts,
    Title,
    Whole,
    unknown,
)

BOARD, INTEREST, MEET, OUTCOME = "board", "interest", "meet", "outcome"
DOES = (BOARD, INTEREST, MEET, OUTCOME)
USUAL: Mapping[str, float] = {"slots": 5, "slot_minutes": 10, "change_minutes": 2, "tables": 40, "group": 2}
RULES: Mapping[str, Rule] = {
    "does": Several(DOES, required=True),
    "kinds": Rows(
        {"id": Line(required=True), "title": Title(required=True), "fields": Several(or_none=True)}
    ),
    "labels": Texts(),
    "per_person": Whole(),
    "parties": Several(),
    "most_yes": Whole(),
    "slots": Whole(most=24),
    "slot_minutes": Amount(least=1, most=240),
    "change_minutes": Amount(most=60),
    "tables": Whole(most=500),
    "group": Whole(least=2, most=3),
}


def amount(rules: Mapping[str, Any], name: str) -> float:
    """A number that the rules say, or what is usual."""
    return float(rules.get(name, USUAL[name]))


def slots_of(rules: Mapping[str, Any]) -> int:
    return int(amount(rules, "slots"))


def most_yes(rules: Mapping[str, Any]) -> int:
    """How many people somebody may say yes to at once: pressing it on everybody shows who has said it too."""
    return int(rules.get("most_yes", 3 * slots_of(rules)))


def flow(rules: Mapping[str, Any]) -> Flow:
    """Cards: offers and needs, and agreements that stand. Cards of other phases are offers of whoever wrote them."""
    return Flow(gives=frozenset({"cards"}), uses=frozenset({"cards", "ranking"}))


def faults(rules: Mapping[str, Any], shelves: Shelves) -> Iterator[Fault]:
    """Both sides are roles that there are, and the labels are of fields that some kind has."""
    own = _own_roles(shelves)
    known = (*GROUPS, *sorted(ROLES), *own)
    parties = rules.get("parties", ())
    if parties and len(parties) != 2:
        yield Fault("parties names two sides, not {count}", {"count": len(parties)}, "parties")
    for name in parties:
        if name not in known:
            yield unknown("parties names {value!r}, which is no role: {known}", name, known)._replace(
                key="parties"
            )
    named = {name for row in rules.get("kinds", ()) for name in row.get("fields", ())}
    for name in named - set(rules.get("labels", {})):
        yield Fault("labels says nothing of the field {field!r}", {"field": name}, "labels")


def _own_roles(shelves: Shelves) -> list[str]:
    rows = shelves.get("role")
    rows = rows if isinstance(rows, list | tuple) else []
    return [str(row.get("key", "")) for row in rows if isinstance(row, Mapping)]


DECLARED = Declaration(RULES, flow, faults)


def sides(rules: Mapping[str, Any], own: Mapping[str, Any]) -> tuple[frozenset[str], frozenset[str]] | None:
    """The roles on each side, where only one of each may meet; None where everybody may meet everybody."""
    named = rules.get("parties", ())
    if len(named) != 2:
        return None
    return roles_named(named[:1], own), roles_named(named[1:], own)
