"""A demonstration: simulated people run a race at a pace that can be watched, and anybody may take over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from app.rehearsal.casting import cast_for
from app.rehearsal.facilitator.conductor import Conductor
from app.rehearsal.facilitator.console import Deposed
from app.rehearsal.venue.server import Server
from app.rehearsal.venue.venue import Venue, open_venue

PAUSE = (0.5, 6.0)
"""Seconds between two looks at a page, from and to."""
LINKS = ("facilitator", "facilitator", "screen")
"""For the simulated facilitator, and for whoever watches."""

Welcome = Callable[[Venue], None]
Say = Callable[[str], None]


async def show(
    server: Server,
    form: str,
    people: int,
    seed: int,
    welcome: Welcome,
    say: Say,
    pause: tuple[float, float] = PAUSE,
) -> None:
    """Hold a session of a format until cancelled: ``welcome`` hears when it can be joined, ``say`` how it goes."""
    venue = await open_venue(server, form, seed, pause, LINKS)
    parts = cast_for(venue.company.programme, people, seed)
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
        await conductor.grant_roles(venue.seats)
        await conductor.conduct()
        say("The race is over. The records stay; Ctrl-C stops the server.")
        return
    say("You drive now. The simulated people go on taking part; Ctrl-C stops.")
