"""Drafting teams: a snake draft, then swaps that make tables better. Pure: the same seed draws the same teams."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from math import ceil

from sessions.activities.team.improving import DraftTable, improve
from sessions.activities.team.mix import Candidate, Rules, best_leader, cost_of

WINDOW = 12
"""How many of those who are still free a table looks at, beside the ones who wish for its need."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A proposed team."""

    need: str
    members: tuple[str, ...]
    leader: str


def propose(people: Iterable[Candidate], needs: Sequence[str], rules: Rules, seed: int) -> list[Draft]:
    """Teams of nearly equal size for everybody, in the order of the needs' list."""
    chance = random.Random(seed)  # noqa: S311 – a draw that must be repeatable
    pool = sorted(people, key=lambda person: person.id)
    if not pool:
        return []
    tables = _lay(pool, needs, team_count(len(pool), rules))
    _deal(pool, tables, rules, chance)
    improve(tables, rules, chance)
    return [Draft(t.need, tuple(p.id for p in t.members), best_leader(t.members)) for t in tables]


def team_count(people: int, rules: Rules) -> int:
    """About one team for every ``target`` people, as far as the limits of size allow."""
    most, least = people // max(1, rules.min_size), ceil(people / max(1, rules.max_size))
    return max(1, least, min(round(people / rules.target), most))


def _lay(people: Sequence[Candidate], needs: Sequence[str], count: int) -> list[DraftTable]:
    base, larger = divmod(len(people), count)
    chosen = choose_needs(people, needs, count)
    return [DraftTable(need, base + (1 if i < larger else 0)) for i, need in enumerate(chosen)]


def choose_needs(people: Iterable[Candidate], needs: Sequence[str], count: int) -> list[str]:
    """Which needs get a team: each once while there are more needs than teams, the most wished for first.

    When there are more teams than needs, the others go to the need with most wishes for each team it has.
    """
    if not needs:
        return [""] * count
    demand = Counter(dict.fromkeys(needs, 1.0))
    for person in people:
        demand.update({need: 1 / rank for rank, need in enumerate(person.wishes, 1) if need in demand})
    teams = Counter[str]()
    for _ in range(count):
        free = [need for need in needs if not teams[need]] or needs
        teams[max(free, key=lambda need: demand[need] / (teams[need] + 1))] += 1
    return [need for need in needs for _ in range(teams[need])]


def _deal(people: Sequence[Candidate], tables: list[DraftTable], rules: Rules, chance: random.Random) -> None:
    """The snake draft: tables choose in turn, back and forth, each the person who does it most good."""
    free = _in_order_of_care(people, chance)
    wishers = {table.need: [p for p in free.values() if table.need in p.wishes] for table in tables}
    turn = tables
    while free:
        for table in (table for table in turn if len(table.members) < table.size):
            wanting = (person for person in wishers[table.need] if person.id in free)
            some = chain(islice(wanting, WINDOW), islice(free.values(), WINDOW))
            chosen = max(some, key=lambda person: _good(person, table, rules))
            table.members.append(free.pop(chosen.id))
        turn = turn[::-1]


def _in_order_of_care(people: Sequence[Candidate], chance: random.Random) -> dict[str, Candidate]:
    """Volunteers for leading first, then people of large organisations: they are the hardest to spread."""
    crowd = Counter(person.organisation for person in people if person.organisation)
    shuffled = chance.sample(people, len(people))
    ordered = sorted(shuffled, key=lambda p: (not p.leads, -crowd[p.organisation], p.organisation))
    return {person.id: person for person in ordered}


def _good(person: Candidate, table: DraftTable, rules: Rules) -> float:
    return -cost_of([*table.members, person], table.need, rules)
