"""Drafting teams: a snake draft, then swaps that make tables better. Pure: the same seed draws the same teams."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from math import ceil

from sessions.activities.team.mix import Candidate, Rules, best_leader, cost_of, rules_broken, unheard

WINDOW = 12
"""How many of those who are still free a table looks at, beside the ones who wish for its need."""
PARTNERS = 24
"""With how many others a restless person tries to swap."""
TRIES = 24_000
"""Swaps tried at most, so that a thousand people take well under a second."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A proposed team."""

    need: str
    members: tuple[str, ...]
    leader: str


@dataclass(eq=False)
class _Table:
    need: str
    size: int
    members: list[Candidate] = field(default_factory=list)


def propose(people: Iterable[Candidate], needs: Sequence[str], rules: Rules, seed: int) -> list[Draft]:
    """Teams of nearly equal size for everybody, in the order of the needs' list."""
    chance = random.Random(seed)  # noqa: S311 – a draw that must be repeatable
    pool = sorted(people, key=lambda person: person.id)
    if not pool:
        return []
    tables = _lay(pool, needs, team_count(len(pool), rules))
    _deal(pool, tables, rules, chance)
    _improve(tables, rules, chance)
    return [Draft(t.need, tuple(p.id for p in t.members), best_leader(t.members)) for t in tables]


def team_count(people: int, rules: Rules) -> int:
    """About one team for every ``target`` people, as far as the limits of size allow."""
    most, least = people // max(1, rules.min_size), ceil(people / max(1, rules.max_size))
    return max(1, least, min(round(people / rules.target), most))


def _lay(people: Sequence[Candidate], needs: Sequence[str], count: int) -> list[_Table]:
    base, larger = divmod(len(people), count)
    chosen = choose_needs(people, needs, count)
    return [_Table(need, base + (1 if i < larger else 0)) for i, need in enumerate(chosen)]


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


def _deal(people: Sequence[Candidate], tables: list[_Table], rules: Rules, chance: random.Random) -> None:
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


def _good(person: Candidate, table: _Table, rules: Rules) -> float:
    return -cost_of([*table.members, person], table.need, rules)


def _improve(tables: list[_Table], rules: Rules, chance: random.Random) -> None:
    """Swap people between tables while that makes the two tables together better."""
    tries = TRIES
    better = True
    while better and tries > 0:
        better = False
        for table, person in _restless(tables, rules, chance):
            for other, partner in _partners(person, table, tables, chance):
                tries -= 1
                if tries < 0:
                    return
                if _swap(table, person, other, partner, rules):
                    better = True
                    break


def _restless(tables: list[_Table], rules: Rules, chance: random.Random) -> list[tuple[_Table, Candidate]]:
    """Who would rather sit elsewhere, and everybody at a table that breaks a rule."""
    found = [
        (table, person)
        for table in tables
        for broken in [rules_broken(table.members, rules) > 0 or not any(p.leads for p in table.members)]
        for person in table.members
        if broken or unheard(person, table.need)
    ]
    chance.shuffle(found)
    return found


def _partners(
    person: Candidate, table: _Table, tables: list[_Table], chance: random.Random
) -> list[tuple[_Table, Candidate]]:
    """People at the tables this person wishes for, and some at others."""
    wished = [t for t in tables if t.need in person.wishes and t.need != table.need]
    others = chance.sample(tables, min(len(tables), 6))
    found = [(t, partner) for t in (*wished[:PARTNERS], *others) if t is not table for partner in t.members]
    return chance.sample(found, min(len(found), PARTNERS))


def _swap(table: _Table, person: Candidate, other: _Table, partner: Candidate, rules: Rules) -> bool:
    """Let two people change places if that is better; whether they did."""
    if person not in table.members or partner not in other.members:
        return False
    here = [partner if p is person else p for p in table.members]
    there = [person if p is partner else p for p in other.members]
    before = cost_of(table.members, table.need, rules) + cost_of(other.members, other.need, rules)
    if cost_of(here, table.need, rules) + cost_of(there, other.need, rules) >= before - 1e-9:
        return False
    table.members, other.members = here, there
    return True
