"""An import leaves the writer to others for most of the time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from app.streams.pace import paced


async def test_every_row_is_written_once_and_in_order_few_at_a_time() -> None:
    written: list[Sequence[int]] = []

    async def write(rows: Sequence[int]) -> None:
        written.append(rows)

    await paced(range(10), write)
    assert [number for rows in written for number in rows] == [*range(10)]
    assert [len(rows) for rows in written] == [4, 4, 2]


async def test_no_more_than_a_share_of_the_time_is_spent_on_it() -> None:
    loop = asyncio.get_running_loop()
    spent = 0.0

    async def write(rows: Sequence[int]) -> None:
        nonlocal spent
        begun = loop.time()
        await asyncio.sleep(0.01)
        spent += loop.time() - begun

    begun = loop.time()
    await paced(range(20), write, share=0.25)
    assert spent / (loop.time() - begun) < 0.27
    begun, spent = loop.time(), 0.0
    await paced(range(20), write, share=1.0)
    assert spent / (loop.time() - begun) > 0.27


async def test_what_cannot_be_written_ends_it() -> None:
    written: list[int] = []

    async def write(rows: Sequence[int]) -> None:
        if 8 in rows:
            raise OSError("the disk is full")
        written.extend(rows)

    with pytest.raises(OSError, match="full"):
        await paced(range(20), write)
    assert written == [*range(8)]
