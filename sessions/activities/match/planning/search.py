"""The whole plan: who is owed a meeting first, then dearest first, then those left out ask for others' places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random

from sessions.activities.match.planning.chains import eject, place
from sessions.activities.match.planning.plan import Plan
from sessions.activities.match.planning.problem import Pair, Problem

TRIES_EACH, MOST_TRIES = 60, 8000
REPAIR_TRIES = 200
HEAT, COOLING = 1.5, 1.2


def tries_for(people: int) -> int:
    """How often one that is left out asks for a place: a number and not a time, so that a replay draws the same."""
    return min(MOST_TRIES, TRIES_EACH * people)


def plan(problem: Problem, seed: int, fixed: Iterable[tuple[Pair, int]] = (), tries: int = 0) -> Plan:
    """The best plan seen. Without ``tries`` each meeting is placed once, which takes a few milliseconds."""
    rng = Random(seed)  # noqa: S311 – the order of equals is drawn, and a replay draws the same
    made = Plan(problem, fixed)
    order = _order(made, rng)
    _place_all(made, order)
    best = _search(made, order, rng, tries)
    return made if made.slot == best else _again(made, best)


def _order(made: Plan, rng: Random) -> list[Pair]:
    """Every pair, dearest first; of equals whoever has fewer wishes, then as it is drawn."""
    wishes = made.problem.wishes
    drawn = {m: rng.random() for m in sorted(wishes)}
    return sorted(drawn, key=lambda m: (-wishes[m], len(made.of[m[0]]) + len(made.of[m[1]]), drawn[m]))


def _place_all(made: Plan, order: Sequence[Pair]) -> None:
    slots = range(made.problem.slots)
    for node in sorted(made.problem.owed, key=lambda n: (len(made.of[n]), n)):
        if not made.count[node]:
            next((m for m in made.of[node] if m not in made.slot and place(made, m, slots)), None)
    for m in order:
        if m not in made.slot:
            place(made, m, slots)


def _search(made: Plan, order: Sequence[Pair], rng: Random, tries: int) -> dict[Pair, int]:
    """The slots of the best plan that is seen on the way."""
    slots, wishes = range(made.problem.slots), made.problem.wishes
    top, best, done = made.total, dict(made.slot), 0
    while done < tries and len(made.slot) < len(wishes):
        left = [m for m in order if m not in made.slot]
        rng.shuffle(left)
        left.sort(key=lambda m: -wishes[m])
        for m in left:
            if m in made.slot:
                continue
            done += 1
            heat = HEAT * max(0.0, 1 - COOLING * done / tries)
            if not place(made, m, slots):
                eject(made, m, slots, rng, heat)
            made.journal.clear()
            if made.total > top:
                top, best = made.total, dict(made.slot)
    return best


def _again(made: Plan, slots: dict[Pair, int]) -> Plan:
    """The plan as it stood when it was best."""
    best = Plan(made.problem)
    for m, s in slots.items():
        best.put(m, s)
    best.fixed = made.fixed
    return best
