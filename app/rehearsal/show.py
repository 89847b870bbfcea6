"""A demonstration: simulated people run a race at a pace that can be watched, and anybody may take over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from app.rehearsal.cast import cast
from app.rehearsal.conduct import Conductor
from app.rehearsal.console import Deposed
from app.rehearsal.server import Server
from app.rehearsal.venue import Venue, open_venue

PAUSE = (0.5, 6.0)
"""Seconds between two looks at a page, from and to."""
LINKS = ("facilitator", "facilitator", "screen")
"""For the simulated facilitator, and for whoever watches."""

FORMAT = "race48"

Welcome = Callable[[Venue], None]
Say = Callable[[str], None]


async def show(
    server: Server, people: int, seed: int, welcome: Welcome, say: Say, pause: tuple[float, float] = PAUSE
) -> None:
    """Run a race until cancelled: ``welcome`` hears when it can be joined, ``say`` how it goes."""
    parts = cast(people, seed)
    venue = await open_venue(server, FORMAT, seed, pause, LINKS)
    try:
        welcome(venue)
        await venue.let_in(parts[0])
        await asyncio.gather(*map(venue.let_in, parts[1:]))
        await venue.all_here()
        await _conduct(venue, say)
        await asyncio.Event().wait()
    finally:
        await venue.close()


async def _conduct(venue: Venue, say: Say) -> None:
    async def opened(phase: str) -> None:
        say(f"{phase}  {venue.company.phase(phase).title['en']}")

    venue.company.unhurried = True
    conductor = Conductor(venue.facilitator, venue.company, opened)
    with suppress(Deposed):
        await conductor.grant_roles()
        await conductor.conduct()
        say("The race is over. The records stay; Ctrl-C stops the server.")
        return
    say("You drive now. The simulated people go on taking part; Ctrl-C stops.")
