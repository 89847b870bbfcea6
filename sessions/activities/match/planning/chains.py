"""Places for a meeting where none is free: others move along a chain over two slots, or give theirs up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import log
from random import Random

from sessions.activities.match.planning.plan import Plan
from sessions.activities.match.planning.problem import Pair

Moves = list[tuple[Pair, int]]
CHEAPEST = 2
"""In so many slots others are asked to give way."""


def place(plan: Plan, meeting: Pair, slots: Sequence[int]) -> bool:
    """Put a meeting where both are free, else by a chain."""
    return plan.direct(meeting, slots) or chain(plan, meeting, slots)


def chain(plan: Plan, meeting: Pair, slots: Sequence[int]) -> bool:
    """Kempe's chain: one is free in s, the other in t; what the other has in s goes to t, what is there to s …"""
    if not plan.may(meeting):
        return False
    one, other = meeting
    room = plan.problem.room
    for s in slots:
        if not (room[other][s] and plan.free(one, s)):
            continue
        for t in slots:
            if t != s and plan.free(other, t) and _swap(plan, meeting, (one, other), (s, t)):
                return True
    return False


def _swap(plan: Plan, meeting: Pair, nodes: Pair, slots: tuple[int, int]) -> bool:
    """Put the meeting into the first of two slots, and swap what stands along the chain between both."""
    moves = _along(plan, nodes, slots)
    if moves is None:
        return False
    mark = len(plan.journal)
    for moved, _ in moves:
        plan.take(moved)
    for moved, to in (*moves, (meeting, slots[0])):
        plan.put(moved, to)
    if all(plan.used[x] <= plan.problem.tables[x] for x in slots):
        return True
    plan.back(mark)
    return False


def _along(plan: Plan, nodes: Pair, slots: tuple[int, int]) -> Moves | None:
    """The moves that free the second of two nodes in the first slot; None where the chain does not end."""
    (first, node), (here, there) = nodes, slots
    moves: Moves = []
    seen = {first}
    while not plan.free(node, here):
        moved = next((m for m in plan.at[node, here] if m not in plan.fixed), None)
        if moved is None or node in seen:
            return None
        seen.add(node)
        node = moved[1] if moved[0] == node else moved[0]
        if node in seen or not plan.problem.room[node][there]:
            return None
        moves.append((moved, there))
        here, there = there, here
    return moves


def eject(plan: Plan, meeting: Pair, slots: Sequence[int], rng: Random, heat: float) -> bool:
    """Put a meeting where others stand; those find other places, and who lost a partner another partner. Kept if the
    plan is worth no less than before, or, by chance, a little less."""
    if not plan.may(meeting):
        return False
    choices = [(cost, rng.random(), s, out) for s in slots for cost, out in _in_the_way(plan, meeting, s)]
    for _, _, s, out in sorted(choices)[:CHEAPEST]:
        mark, before = len(plan.journal), plan.total
        _exchange(plan, meeting, s, out, slots)
        if plan.total - before >= heat * log(rng.random() or 1e-9):
            return True
        plan.back(mark)
    return False


def _exchange(plan: Plan, meeting: Pair, s: int, out: Sequence[Pair], slots: Sequence[int]) -> None:
    for displaced in out:
        plan.take(displaced)
    plan.put(meeting, s)
    for displaced in out:
        place(plan, displaced, slots)
    for node in sorted({node for displaced in out for node in displaced} - set(meeting)):
        next((m for m in plan.of[node] if m not in plan.slot and plan.direct(m, (s,))), None)


def _in_the_way(plan: Plan, meeting: Pair, s: int) -> Iterator[tuple[int, list[Pair]]]:
    """What has to go for a meeting to be in a slot, and what that costs; nothing where it cannot be."""
    out: list[Pair] = []
    for node in meeting:
        if not plan.problem.room[node][s]:
            return
        if not plan.free(node, s):
            found = _cheapest(plan, (m for m in plan.at[node, s] if m not in plan.fixed))
            if not found:
                return
            out += found
    out = list(dict.fromkeys(out))
    if plan.takes_table(meeting) and plan.used[s] - sum(map(plan.takes_table, out)) >= plan.problem.tables[s]:
        found = _cheapest(plan, _movable(plan, s, out))
        if not found:
            return
        out += found
    yield sum(map(plan.weight, out)), out


def _movable(plan: Plan, s: int, out: Sequence[Pair]) -> Iterator[Pair]:
    """Meetings of a slot that hold a table and may go."""
    for m, at in plan.slot.items():
        if at == s and m not in plan.fixed and m not in out and plan.takes_table(m):
            yield m


def _cheapest(plan: Plan, meetings: Iterator[Pair]) -> list[Pair]:
    found = min(((plan.weight(m), m) for m in meetings), default=None)
    return [found[1]] if found else []
