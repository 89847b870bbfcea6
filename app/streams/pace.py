"""Much that is to be written, at a pace at which whoever is live does not notice."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic
from typing import TypeVar

Row = TypeVar("Row")

SHARE = 0.25
"""At most this share of the time is spent on writing: the pace follows the disk, and everybody else's load on it."""
TOGETHER = 4
"""Rows in one piece of work: whoever waits behind it waits for a millisecond or so."""


async def paced(
    rows: Sequence[Row],
    write: Callable[[Sequence[Row]], Awaitable[object]],
    share: float = SHARE,
    together: int = TOGETHER,
) -> None:
    """Have rows written in order, a few at a time, with pauses between. Raises what ``write`` raises: the rows before
    are written then, and the ones after are not. So each row has a command id of its own, and a second time is
    harmless."""
    for start in range(0, len(rows), together):
        begun = monotonic()
        await write(rows[start : start + together])
        await asyncio.sleep((monotonic() - begun) * (1 / share - 1))
