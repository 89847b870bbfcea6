"""What stays empty when a slot begins: two who have not said no to each other meet, and who is left over joins two."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from random import Random

from sessions.activities.match.planning.problem import Pair, pair

May = Callable[[str, str], bool]
"""Whether two may be put together to fill a gap."""


def strangers(
    idle: Iterable[str], had: Callable[[str], int], may: May, tables: int, rng: Random
) -> tuple[list[Pair], list[str]]:
    """Pairs of those who have nobody to meet, whoever has had fewest meetings first; and who stays alone."""
    waiting = sorted(idle)
    rng.shuffle(waiting)
    waiting.sort(key=had)
    found: list[Pair] = []
    alone: list[str] = []
    while waiting and len(found) < tables:
        one = waiting.pop(0)
        other = next((each for each in waiting if may(one, each)), None)
        if other is None:
            alone.append(one)
            continue
        waiting.remove(other)
        found.append(pair(one, other))
    return found, [*alone, *waiting]


def third(person: str, meetings: Sequence[tuple[str, Sequence[str]]], may: May) -> str:
    """The meeting of two that somebody may join, by its id; "" if there is none. Never a table of three."""
    for meeting, people in meetings:
        if len(people) == 2 and all(may(person, each) for each in people):
            return meeting
    return ""
