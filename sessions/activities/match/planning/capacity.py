"""What can be said beforehand: seats that are too few for what people wish."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sessions.activities.match.planning.problem import MUTUAL, Pair


class Short(NamedTuple):
    """Somebody with more mutual wishes than slots."""

    person: str
    wishes: int
    slots: int


def too_wanted(wishes: Mapping[Pair, int], slots: Mapping[str, int]) -> list[Short]:
    """Those who have fewer slots than mutual wishes, the most wanted first."""
    count: dict[str, int] = {}
    for meeting, value in wishes.items():
        if value >= MUTUAL:
            for person in meeting:
                count[person] = count.get(person, 0) + 1
    short = [Short(p, n, slots.get(p, 0)) for p, n in count.items() if n > slots.get(p, 0)]
    return sorted(short, key=lambda each: (-each.wishes, each.person))
