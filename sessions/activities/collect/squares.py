"""How many cards fit on the projector, and groups of small squares for those that do not.

Measures are in ``u``, a hundredth of the picture's height, as in the style sheet.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import count
from math import ceil
from typing import Any, NamedTuple

from sessions.activities.collect.piles import height
from sessions.messages import Text

GROUPS_WITH_WORDS = 5
LETTERS_ACROSS = 88
"""Letters of a line from one side of the picture to the other."""
GROUPS = 12
COLUMNS, ROWS = 16, 3
"""Squares across and down in the smallest group; larger ones keep its shape."""
ACROSS, DOWN = 12.5, 16.0
"""A square with the gap beside it and below it."""
SQUARES = 240
"""A group of more cards than this is drawn with one square for ten of them."""


class GroupSeen(NamedTuple):
    """Cards that lie together: a group with its ``title``, a column with its ``label``, or neither."""

    key: str
    title: str
    label: Text | None


def words_fit(groups: Sequence[Sequence[str]]) -> bool:
    """Whether the words of all groups fit side by side, each group in a pile of its own."""
    letters = LETTERS_ACROSS // len(groups)
    return len(groups) <= GROUPS_WITH_WORDS and all(_high(group, letters) <= 54 for group in groups)


def _high(texts: Sequence[str], letters: int) -> float:
    return sum(height(text, letters) for text in texts)


def newest_that_fit(texts: Sequence[str]) -> int:
    """How many of the newest cards fit in full, at least one."""
    room, fitting = 66.0, 0
    for text in texts:
        room -= ceil(len(text) / 25) * 4.2 + 8.5
        fitting += room >= 0
    return max(1, fitting)


def draw(groups: Sequence[GroupSeen], sizes: Mapping[str, int], fresh: Collection[str]) -> dict[str, Any]:
    """At most twelve groups, the largest first, and what the rest come to. One square is ``unit`` cards."""
    ordered = sorted(groups, key=lambda group: -sizes[group.key])
    shown = ordered if len(ordered) <= GROUPS else ordered[: GROUPS - 1]
    largest = max(sizes.values())
    unit = 1 if largest <= SQUARES else 10
    across = _across(ceil(largest / unit))
    drawn = [_drawn(g, sizes[g.key], g.key in fresh and unit == 1, unit, across) for g in shown]
    rest = [sizes[group.key] for group in ordered[len(shown) :]]
    size = (across * ACROSS, across * ROWS / COLUMNS * DOWN)
    return {"groups": drawn, "unit": unit, "size": size, "rest": sum(rest), "rest_groups": len(rest)}


def _across(squares: int) -> int:
    """How many squares stand side by side in the largest group."""
    return next(across for across in count(COLUMNS) if across * (across * ROWS // COLUMNS) >= squares)


def _drawn(group: GroupSeen, size: int, fresh: bool, unit: int, across: int) -> dict[str, Any]:
    squares = [_square(n, across) for n in range(ceil(size / unit))]
    return {"group": group, "count": size, "path": "".join(squares), "fresh": squares[-1] if fresh else ""}


def _square(n: int, across: int) -> str:
    row, column = divmod(n, across)
    return f"M{1 + column * ACROSS:g} {1 + row * DOWN:g}h10v13h-10z"
