"""Many who want to know something at once are answered together, and nobody from the past."""

import asyncio

import pytest

from app.database.batched_query import MOST, BatchedQuery
from tests.support.patience import SOON, within


async def test_a_crowd_asks_a_handful_of_times_and_nobody_hears_what_was_before() -> None:
    clock, asked = 0, 0

    async def question(keys: list[str]) -> dict[str, int]:
        nonlocal asked
        asked += 1
        now = clock
        await asyncio.sleep(0.01)
        return dict.fromkeys(keys, now)

    together = BatchedQuery(question)

    async def one(after: float) -> None:
        nonlocal clock
        await asyncio.sleep(after)
        clock += 1
        mine = clock
        assert (await together.ask("clock") or 0) >= mine

    await asyncio.gather(*(one(n % 40 / 1000) for n in range(1000)))
    assert clock == 1000
    assert asked <= 12


async def test_everybody_is_told_about_what_they_asked_for() -> None:
    sizes = []

    async def question(keys: list[int]) -> dict[int, int]:
        sizes.append(len(keys))
        await asyncio.sleep(0)
        return {key: key * key for key in keys if key % 2}

    together = BatchedQuery(question)
    many = range(2 * MOST)
    told = await asyncio.gather(*(together.ask(n) for n in many))
    assert told == [n * n if n % 2 else None for n in many]
    assert sum(sizes) == len(many)
    assert max(sizes) == MOST
    assert len(sizes) <= 3


async def test_a_question_that_fails_fails_for_those_who_asked_and_not_for_the_next() -> None:
    broken = True

    async def question(keys: list[str]) -> dict[str, int]:
        await asyncio.sleep(0)
        if broken:
            raise OSError("on purpose")
        return dict.fromkeys(keys, 7)

    together = BatchedQuery(question)
    told = await asyncio.gather(together.ask("a"), together.ask("b"), return_exceptions=True)
    assert [type(one) for one in told] == [OSError, OSError]
    broken = False
    assert await together.ask("a") == 7


async def test_nobody_waits_for_ever_for_a_question_that_is_cut_off() -> None:
    async def question(keys: list[str]) -> dict[str, int]:
        raise asyncio.CancelledError

    together = BatchedQuery(question)
    told = await within(asyncio.gather(together.ask("a"), return_exceptions=True), SOON)
    assert [type(one) for one in told] == [asyncio.CancelledError]


async def test_whoever_stops_waiting_takes_nothing_from_the_others() -> None:
    async def question(keys: list[str]) -> dict[str, int]:
        await asyncio.sleep(0.02)
        return dict.fromkeys(keys, 1)

    together = BatchedQuery(question)
    impatient, patient = asyncio.create_task(together.ask("a")), asyncio.create_task(together.ask("a"))
    await asyncio.sleep(0.005)
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    assert await patient == 1
