"""The demonstration runs by itself until somebody takes over at the console."""

import asyncio
from contextlib import suppress

import pytest

from app.planning import formats
from app.rehearsal.browser.http import Browser
from app.rehearsal.casting import fewest
from app.rehearsal.people.waiting import until
from app.rehearsal.show import show
from app.rehearsal.venue.server import Server
from app.rehearsal.venue.venue import Venue
from sessions.format import read_format
from tests.support.databases import Place

pytestmark = pytest.mark.story


async def test_a_demo_goes_on_by_itself_and_lets_go_when_somebody_takes_over(place: Place) -> None:
    begun: list[Venue] = []
    said: list[str] = []
    demo = asyncio.create_task(
        show(
            Server(place.data, rate=1800.0, url=place.url),
            "race48",
            fewest(read_format(formats.take("race48"))),
            1,
            begun.append,
            said.append,
            pause=(0.05, 0.3),
        )
    )
    try:
        assert await until(lambda: len(said) >= 2 or demo.done(), 60.0)
        assert said[:2] == ["R01  Check-in, consent and profile", "R02  Opening: rules, clock, criteria"]
        await _take_over(begun[0])
        assert await until(lambda: said[-1].startswith("You drive now") or demo.done(), 60.0)
        told = list(said)
        await asyncio.sleep(1.5)  # 45 minutes of the race, in which the demo would press something
        assert said == told
    finally:
        demo.cancel()
        with suppress(asyncio.CancelledError):
            await demo


async def _take_over(venue: Venue) -> None:
    browser = Browser(venue.place)
    await browser.send(f"/enter/{venue.founded.tokens[1]}", {"name": "Somebody"})
    taking = {"command": "take_over", "id": "t1", "phase": ""}
    assert await browser.send(f"/s/{venue.code}/do?view=console", taking) == f"/s/{venue.code}/console"
