"""How good a table is: the rules for a team's mix, what it costs to miss them, and which of them it breaks.

Broken rules weigh most, then a missing volunteer for leader, then wishes. No rule is given up silently:
``breaches`` names each that a table does not meet, with the numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

BROKEN, LEADERLESS, CROWDED_LEADERS = 100.0, 12.0, 1.0
UNHEARD = 3.0
"""The cost of a member whose wishes are all unmet; the first wish costs nothing, later ones lie between."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a team should be like. ``target`` is the size that the number of teams is reckoned from."""

    min_size: int = 3
    max_size: int = 8
    per_organisation: int = 2
    min_areas: int = 3
    target: int = 5


def mix_of(rules: Mapping[str, Any]) -> Rules:
    """What a phase's rules say of the mix, with the usual numbers where they say nothing."""
    usual = Rules()
    return Rules(
        min_size=rules.get("min_size", usual.min_size),
        max_size=rules.get("max_size", usual.max_size),
        per_organisation=rules.get("max_per_organisation", usual.per_organisation),
        min_areas=rules.get("min_areas", usual.min_areas),
        target=rules.get("target_size", usual.target),
    )


@dataclass(frozen=True, eq=False, slots=True)
class Candidate:
    """Somebody to be placed. ``wishes`` are needs, dearest first; organisation "" belongs to none."""

    id: str
    organisation: str = ""
    areas: frozenset[str] = frozenset()
    leads: bool = False
    wishes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that a team does not meet: ``have`` is how it is, ``limit`` what the rule says.

    ``rule`` is one of ``too_few``, ``too_many`` (people), ``organisation`` (people from one), ``areas`` (of
    competence) and ``leader``.
    """

    rule: str
    have: int
    limit: int


def cost_of(members: Sequence[Candidate], need: str, rules: Rules) -> float:
    leaders = sum(person.leads for person in members)
    led = (leaders - 1) * CROWDED_LEADERS if leaders else LEADERLESS
    return BROKEN * rules_broken(members, rules) + led + sum(unheard(person, need) for person in members)


def rules_broken(members: Sequence[Candidate], rules: Rules) -> int:
    """How far a table is from the rules on mixing; its size is fixed by the deal."""
    organisations: dict[str, int] = {}
    areas: set[str] = set()
    excess = 0
    for person in members:
        areas |= person.areas
        if person.organisation:
            seen = organisations[person.organisation] = organisations.get(person.organisation, 0) + 1
            excess += seen > rules.per_organisation
    return excess + max(0, rules.min_areas - len(areas))


def unheard(person: Candidate, need: str) -> float:
    wishes = person.wishes
    if not wishes:
        return 0.0
    return UNHEARD * wishes.index(need) / len(wishes) if need in wishes else UNHEARD


def best_leader(members: Sequence[Candidate]) -> str:
    """Who leads: somebody who wishes to, else who brings most areas of competence; "" for an empty table."""
    order = sorted(members, key=lambda person: (not person.leads, -len(person.areas), person.id))
    return order[0].id if order else ""


def breaches(members: Sequence[Candidate], leader: str, rules: Rules) -> list[Breach]:
    """Every rule this team does not meet, with the numbers."""
    size, areas = len(members), len(coverage(members))
    largest = max(Counter(p.organisation for p in members if p.organisation).values(), default=0)
    checks = (
        (size < rules.min_size, Breach("too_few", size, rules.min_size)),
        (size > rules.max_size, Breach("too_many", size, rules.max_size)),
        (largest > rules.per_organisation, Breach("organisation", largest, rules.per_organisation)),
        (areas < rules.min_areas, Breach("areas", areas, rules.min_areas)),
        (leader not in {person.id for person in members}, Breach("leader", 0, 1)),
    )
    return [breach for broken, breach in checks if broken]


def coverage(members: Iterable[Candidate]) -> list[str]:
    """The areas of competence a team has, those of most members first."""
    counted = Counter(area for person in members for area in sorted(person.areas))
    return sorted(counted, key=lambda area: (-counted[area], area))
