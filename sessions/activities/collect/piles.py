"""Cards side by side on the projector, page by page: a card goes onto the lowest pile and stays where it is.

Measures are in ``u``, a hundredth of the picture's height, as in the style sheet; the letters are 3.2 of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

PILES = 5
ROOM = 61.0
"""Height of a pile on a page that says below which cards it shows."""
LETTERS = 17
"""Letters of a line in one of five piles, after what is lost where words end."""
LINE, AROUND = 3.5, 2.2
"""Height of a line, and of what is around the lines of a card."""


def pages(texts: Sequence[str]) -> list[range]:
    """Which cards stand on a page together, the newest page first. The newest is half full at least and moves on when
    half a page has come; the others stay as they are for ever (the last of them may share a half with the newest)."""
    halves = _halves(texts)
    older = [range(halves[at].start, halves[at + 1].stop) for at in range(0, len(halves) - 2, 2)]
    newest = [range(halves[-2:][0].start, len(texts))] if halves else []
    return newest + older[::-1]


def _halves(texts: Sequence[str]) -> list[range]:
    """Cards in the order of their numbers, as many together as fill half a page."""
    found: list[range] = []
    first, heights = 0, [0.0] * PILES
    for at, text in enumerate(texts):
        if min(heights) + height(text) > ROOM / 2 and at > first:
            found.append(range(first, at))
            first, heights = at, [0.0] * PILES
        heights[heights.index(min(heights))] += height(text)
    return [*found, range(first, len(texts))] if texts else []


def piles(texts: Sequence[str]) -> list[list[int]]:
    """The cards of one page by piles, as many piles as cards fill: each card on the pile that is lowest then."""
    many = _many(len(texts))
    found: list[list[int]] = [[] for _ in range(many)]
    heights = [0.0] * many
    for at, text in enumerate(texts):
        lowest = heights.index(min(heights))
        found[lowest].append(at)
        heights[lowest] += height(text)
    return found


def _many(cards: int) -> int:
    """How many piles: a few cards stand wide and large."""
    if cards <= 3:
        return max(cards, 1)
    return 2 if cards == 4 else 3 if cards <= 6 else 4 if cards <= 8 else PILES


def height(text: str, letters: int = LETTERS) -> float:
    """How high a card stands, with the gap below it."""
    return ceil(len(text) / letters) * LINE + AROUND
