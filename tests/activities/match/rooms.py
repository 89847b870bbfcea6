"""Random rooms: some people are wanted by many, a third of them is away in two slots."""

from __future__ import annotations

from random import Random

from sessions.activities.match.planning.plan import Plan
from sessions.activities.match.planning.problem import OWED, Pair, Problem, pair

WORTHS = (10, 4, 2)


def room(people: int, pairs: int, slots: int, tables: int, seed: int, skew: float = 0.5) -> Problem:
    """So many people with so many pairs that may meet; the same seed gives the same room."""
    rng = Random(seed)
    ids = [f"p{number:03}" for number in range(people)]
    wishes: dict[Pair, int] = {}
    wanted = [1 / (1 + number) ** skew for number in range(people)]
    while len(wishes) < pairs:
        one, other = rng.randrange(people), rng.choices(range(people), wanted)[0]
        if one != other:
            wishes.setdefault(pair(ids[one], ids[other]), rng.choice(WORTHS))
    there = {}
    for each in ids:
        free = set(rng.sample(range(slots), rng.choice([slots, slots, slots - 2])))
        there[each] = [int(slot in free) for slot in range(slots)]
    return Problem(slots, [tables] * slots, there, wishes, owed(wishes))


def owed(wishes: dict[Pair, int]) -> frozenset[str]:
    """Who has two mutual yes or more."""
    count: dict[str, int] = {}
    for meeting, value in wishes.items():
        for person in meeting if value == WORTHS[0] else ():
            count[person] = count.get(person, 0) + 1
    return frozenset(person for person, n in count.items() if n >= 2)


def faults(plan: Plan) -> list[str]:
    """Where somebody has more meetings in a slot than they can have, or a slot more than it has tables."""
    problem, seats, used = plan.problem, dict[tuple[str, int], int](), [0] * plan.problem.slots
    for meeting, slot in plan.slot.items():
        used[slot] += plan.takes_table(meeting)
        for node in meeting:
            seats[node, slot] = seats.get((node, slot), 0) + 1
    double = [f"{node} in {slot}" for (node, slot), n in seats.items() if n > problem.room[node][slot]]
    return double + [f"slot {slot}" for slot, n in enumerate(used) if n > problem.tables[slot]]


def worth_of(plan: Plan) -> tuple[int, int]:
    """What its meetings are worth, and how many who are owed one have one."""
    served = sum(plan.count[person] > 0 for person in plan.problem.owed)
    return plan.total - OWED * served, served
