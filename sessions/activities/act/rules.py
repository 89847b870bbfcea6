"""What a format may say of a phase in which people answer what others brought, and say who does what until when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sessions.activities.act.plan import CHOICES
from sessions.activities.act.sorts import SORTS
from sessions.audience import GROUPS, ROLES
from sessions.format_rules import (
    Choice,
    Declaration,
    Fault,
    Flag,
    Flow,
    Rule,
    Several,
    Shelves,
    Texts,
    Whole,
    unknown,
)

ANSWERERS, WRITERS, CARRIERS, SUPPORTERS = "answerers", "writers", "carriers", "supporters"
BY_ROLE = (ANSWERERS, WRITERS, CARRIERS, SUPPORTERS)
"""The rules that name roles, as a row's ``who`` does."""
ENTRIES = "entries"
RULES: Mapping[str, Rule] = {
    "answers": Several(CHOICES),
    "actions": Several(tuple(SORTS)),
    "about": Choice(("cards", ENTRIES)),
    "sourced": Flag(),
    ANSWERERS: Several(),
    WRITERS: Several(),
    CARRIERS: Several(),
    SUPPORTERS: Several(),
    "areas": Several(),
    "labels": Texts(),
    "support": Flag(),
    "contact": Flag(),
    "due_days": Whole(most=3650),
    "per_person": Whole(),
}


def flow(rules: Mapping[str, Any]) -> Flow:
    """Actions are cards, and so is what was accepted or is to be tried. Answers need something to answer."""
    about_entries = rules.get("about") == ENTRIES
    needed = (rules.get("answers") or rules.get("sourced")) and not about_entries
    return Flow(
        gives=frozenset({"cards"}),
        needs=frozenset({"cards"} if needed else ()),
        uses=frozenset() if about_entries else frozenset({"cards", "ranking"}),
        about_entries=about_entries,
    )


def faults(rules: Mapping[str, Any], shelves: Shelves) -> Iterator[Fault]:
    """There is something to do, by roles that there are, in areas that have a name."""
    if not rules.get("answers") and not rules.get("actions"):
        yield Fault("needs the rule answers or actions: what people do here", {}, "actions")
    for rule in BY_ROLE:
        yield from _unknown_roles(rule, rules.get(rule, ()), shelves)
    for area in rules.get("areas", ()):
        if area not in rules.get("labels", {}):
            yield Fault("the area {area!r} has no words in labels", {"area": area}, "labels")
    if rules.get(SUPPORTERS) and not rules.get("support"):
        yield Fault("supporters answer only where support = true", {}, SUPPORTERS)


def _unknown_roles(rule: str, names: Any, shelves: Shelves) -> Iterator[Fault]:
    rows = shelves.get("role")
    own = [str(row.get("key", "")) for row in rows or () if isinstance(row, Mapping)]
    known = (*GROUPS, *sorted(ROLES), *own)
    for name in names:
        if name not in known:
            fault = unknown(f"{rule} names {{value!r}}, which is no role: {{known}}", name, known)
            yield fault._replace(key=rule)


DECLARED = Declaration(RULES, flow, faults)
