"""What a pushed fragment does to a page: the rules of the swap style "upsert", as ``static/race.js`` keeps them.

Who has a page says what stands on it, and does what it is told; how a page is kept is their own matter.
"""

from __future__ import annotations

from enum import Enum, auto


class Step(Enum):
    """``LEAVE`` the page as it is, ``REMOVE`` the fragment and remember its version, ``INSERT`` it into its home, or
    ``REPLACE`` what stands there, in its home's order if it has one."""

    LEAVE = auto()
    REMOVE = auto()
    INSERT = auto()
    REPLACE = auto()


def next_step(
    version: int, home: str, gone: bool, *, standing: int | None, left_at: int, home_is_there: bool
) -> Step:
    """What to do with a pushed fragment. ``standing`` is the version of the same fragment on the page, None if there is
    none, and ``left_at`` that with which it left the page, -1 if it never has. Applied twice, late or with others left
    out the fragments give the same page."""
    if version <= (left_at if standing is None else standing):
        return Step.LEAVE
    if gone or (home and not home_is_there):
        return Step.REMOVE
    if standing is None:
        return Step.INSERT if home else Step.LEAVE
    return Step.REPLACE
