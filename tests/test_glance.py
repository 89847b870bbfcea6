"""Many who want to know the same at once are answered together, and nobody from the past."""

import asyncio

import pytest

from app.live.glance import Glance


async def test_a_crowd_asks_a_handful_of_times_and_nobody_hears_what_was_before() -> None:
    clock, asked = 0, 0

    async def question() -> int:
        nonlocal asked
        asked += 1
        now = clock
        await asyncio.sleep(0.01)
        return now

    glance = Glance(question)

    async def one(after: float) -> None:
        nonlocal clock
        await asyncio.sleep(after)
        clock += 1
        mine = clock
        assert await glance.now() >= mine

    await asyncio.gather(*(one(n % 40 / 1000) for n in range(1000)))
    assert clock == 1000
    assert asked <= 12


async def test_a_question_that_fails_fails_for_those_who_asked_and_not_for_the_next() -> None:
    broken = True

    async def question() -> int:
        await asyncio.sleep(0)
        if broken:
            raise OSError("on purpose")
        return 7

    glance = Glance(question)
    told = await asyncio.gather(glance.now(), glance.now(), return_exceptions=True)
    assert [type(one) for one in told] == [OSError, OSError]
    broken = False
    assert await glance.now() == 7


async def test_whoever_stops_waiting_takes_nothing_from_the_others() -> None:
    async def question() -> int:
        await asyncio.sleep(0.02)
        return 1

    glance = Glance(question)
    impatient, patient = asyncio.create_task(glance.now()), asyncio.create_task(glance.now())
    await asyncio.sleep(0.005)
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    assert await patient == 1
