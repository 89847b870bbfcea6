"""What a format may say of a phase in which questions are asked and answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sessions.audience import GROUPS, ROLES, roles_named
from sessions.format_rules import Declaration, Fault, Flag, Flow, Rule, Several, Shelves, Whole, unknown

ASKERS, ANSWERERS, MODERATORS = "askers", "answerers", "moderators"
BY_ROLE = (ASKERS, ANSWERERS, MODERATORS)
"""The rules that name roles, as a row's ``who`` does."""
RULES: Mapping[str, Rule] = {
    "moderated": Flag(),
    "anonymous": Flag(),
    ASKERS: Several(),
    ANSWERERS: Several(),
    MODERATORS: Several(),
    "per_person": Whole(),
}


def flow(rules: Mapping[str, Any]) -> Flow:
    """Cards: the questions. Cards of other phases are questions here; those of an earlier round bring their support."""
    return Flow(gives=frozenset({"cards"}), uses=frozenset({"cards", "ranking"}))


def faults(rules: Mapping[str, Any], shelves: Shelves) -> Iterator[Fault]:
    """Whoever asks, answers or moderates has a role that there is."""
    own = _own_roles(shelves)
    known = (*GROUPS, *sorted(ROLES), *own)
    for rule in BY_ROLE:
        for name in rules.get(rule, ()):
            if name not in known:
                fault = unknown(f"{rule} names {{value!r}}, which is no role: {{known}}", name, known)
                yield fault._replace(key=rule)


def _own_roles(shelves: Shelves) -> list[str]:
    rows = shelves.get("role")
    rows = rows if isinstance(rows, list | tuple) else []
    return [str(row.get("key", "")) for row in rows if isinstance(row, Mapping)]


DECLARED = Declaration(RULES, flow, faults)


def roles_in(rules: Mapping[str, Any], rule: str, own: Mapping[str, Any]) -> frozenset[str]:
    """The roles that a rule names, ``own`` ones of the format among them; none where it is not there."""
    return roles_named(rules.get(rule, ()), own)
