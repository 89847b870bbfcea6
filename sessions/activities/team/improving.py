"""Swapping people between drafted tables while that makes them better. Pure, as drafting is (see building.py)."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from sessions.activities.team.mix import Candidate, Rules, cost_of, rules_broken, unheard

PARTNERS = 24
"""With how many others a restless person tries to swap."""
TRIES = 24_000
"""Swaps tried at most, so that a thousand people take well under a second."""


@dataclass(eq=False)
class DraftTable:
    """A team while it is drafted, with room for ``size`` people."""

    need: str
    size: int
    members: list[Candidate] = field(default_factory=list)


def improve(tables: list[DraftTable], rules: Rules, chance: random.Random) -> None:
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


def _restless(
    tables: list[DraftTable], rules: Rules, chance: random.Random
) -> list[tuple[DraftTable, Candidate]]:
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
    person: Candidate, table: DraftTable, tables: list[DraftTable], chance: random.Random
) -> list[tuple[DraftTable, Candidate]]:
    """People at the tables this person wishes for, and some at others."""
    wished = [t for t in tables if t.need in person.wishes and t.need != table.need]
    others = chance.sample(tables, min(len(tables), 6))
    found = [(t, partner) for t in (*wished[:PARTNERS], *others) if t is not table for partner in t.members]
    return chance.sample(found, min(len(found), PARTNERS))


def _swap(table: DraftTable, person: Candidate, other: DraftTable, partner: Candidate, rules: Rules) -> bool:
    """Let two people change places if that is better; whether they did."""
    if person not in table.members or partner not in other.members:
        return False
    seated = [partner if p is person else p for p in table.members]
    there = [person if p is partner else p for p in other.members]
    before = cost_of(table.members, table.need, rules) + cost_of(other.members, other.need, rules)
    if cost_of(seated, table.need, rules) + cost_of(there, other.need, rules) >= before - 1e-9:
        return False
    table.members, other.members = seated, there
    return True
