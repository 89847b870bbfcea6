"""Groups of three for one slot: each pair that sits together counts, and a pair with a no never does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from math import log
from random import Random

Value = Callable[[str, str], float]
"""What two are worth together; below 0: never at one table."""
TRIES, RUNS = 8000, 3
HEAT, COOLING = 4.0, 1.1
NEAR = 12
"""Of many, so many of the best are looked at as partners."""
MANY = 60
NEVER = -1e6


def trios(nodes: Sequence[str], value: Value, tables: int, seed: int, tries: int = TRIES) -> list[list[str]]:
    """Groups of three of the greatest worth together: the best of some runs."""
    rng = Random(seed)  # noqa: S311 – a replay draws the same
    runs = [_run(sorted(nodes), value, tables, rng, tries) for _ in range(RUNS)]
    return max(runs, key=lambda groups: sum(_worth(value, group) for group in groups))


def _worth(value: Value, group: Sequence[str]) -> float:
    found = [value(one, other) for one, other in combinations(group, 2)]
    return NEVER if min(found, default=0) < 0 else sum(found)


def _run(nodes: list[str], value: Value, tables: int, rng: Random, tries: int) -> list[list[str]]:
    groups, left = _greedy(nodes, value, tables, rng)
    if len(groups) + bool(left) > 1:
        _anneal(groups, left, value, rng, tries)
    return [group for group in groups if _worth(value, group) > 0]


def _greedy(nodes: list[str], value: Value, tables: int, rng: Random) -> tuple[list[list[str]], list[str]]:
    left, groups = list(nodes), list[list[str]]()
    rng.shuffle(left)
    while len(left) >= 3 and len(groups) < tables:
        one = left.pop()
        best = _best_two(one, left, value)
        groups.append([one, *best])
        left = [other for other in left if other not in best]
    return groups, left


def _best_two(one: str, left: list[str], value: Value) -> tuple[str, str]:
    near = left if len(left) < MANY else sorted(left, key=lambda other: -value(one, other))[:NEAR]
    return max(combinations(near, 2), key=lambda two: _worth(value, (one, *two)))


def _anneal(groups: list[list[str]], left: list[str], value: Value, rng: Random, tries: int) -> None:
    """Swap people between groups, and with whoever is left over, for as long as that is better or chance lets it."""
    pools = [*groups, left] if left else groups
    worths = [_worth(value, group) for group in groups] + ([0.0] if left else [])
    for done in range(tries):
        i, j = rng.randrange(len(groups)), rng.randrange(len(pools))
        if i == j:
            continue
        a, b = rng.randrange(3), rng.randrange(len(pools[j]))
        one, other = list(pools[i]), list(pools[j])
        one[a], other[b] = other[b], one[a]
        new = _worth(value, one), _worth(value, other) if j < len(groups) else 0.0
        gain = sum(new) - worths[i] - worths[j]
        if gain >= HEAT * max(0.0, 1 - COOLING * done / tries) * log(rng.random() or 1e-9):
            pools[i][:], pools[j][:] = one, other
            worths[i], worths[j] = new
