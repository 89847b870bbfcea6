"""What is asked of a plan: who is there when, who may meet, and what each meeting is worth.

A node is whoever sits at one table at a time. A pair is written with the smaller id first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Pair = tuple[str, str]
YES, MAYBE, NO = "yes", "maybe", "no"
ANSWERS = (YES, MAYBE, NO)
WORTH: Mapping[Pair, int] = {(YES, YES): 10, (MAYBE, YES): 4, (MAYBE, MAYBE): 2}
"""10 > 4 + 4: no mutual yes gives way to two lesser meetings."""
FILL, MUTUAL = 1, 10
"""Worth of a meeting where nobody said no and not both said something, and where both said yes."""
OWED = 1000
"""Worth of the first meeting of somebody who is owed one. An exchange displaces three meetings at most, so none trades
such a person away."""


def pair(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)


def worth(one: str | None, other: str | None) -> int:
    """What a meeting is worth by what both have said (None: nothing); 0: the plan never puts them together."""
    if NO in (one, other):
        return 0
    return WORTH[min(one, other), max(one, other)] if one and other else FILL


@dataclass(frozen=True, slots=True)
class Problem:
    """``tables`` are those that may be used in each slot; ``room`` says of each node how many meetings it can have in
    each slot (0: not there); ``wishes`` has the worth of each pair that may meet; ``owed`` are nodes whose first
    meeting goes before everything; ``own_table`` are hosts whose meetings take no table from the others; ``most`` is
    how many meetings a node has in all, where that is limited."""

    slots: int
    tables: Sequence[int]
    room: Mapping[str, Sequence[int]]
    wishes: Mapping[Pair, int]
    owed: frozenset[str] = frozenset()
    own_table: frozenset[str] = frozenset()
    most: Mapping[str, int] = field(default_factory=dict)
