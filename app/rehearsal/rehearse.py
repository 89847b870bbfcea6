"""A whole rehearsal: people come in, the race is run, the server is killed on the way, the log is held to account."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

from app.planning import formats
from app.rehearsal.account.outcome import Kill, Outcome
from app.rehearsal.account.settle import hold_to_account
from app.rehearsal.casting import cast_for
from app.rehearsal.facilitator.conductor import Conductor
from app.rehearsal.people.cast import Part
from app.rehearsal.people.company import CROWD
from app.rehearsal.people.waiting import until
from app.rehearsal.venue.postgres import Postgres
from app.rehearsal.venue.server import Server, Service, Victim
from app.rehearsal.venue.servers import Ensemble
from app.rehearsal.venue.venue import Venue, open_venue
from sessions.activities import activity_class
from sessions.format import Format, read_format

REAL_SECONDS = 60.0
"""The race's clock is set so that the format's planned time passes in about this long."""
PER_PERSON = 0.25
"""And so much longer for each person above a hundred."""
LOOKS, LOOKS_IN_A_CROWD = (0.02, 0.12), (0.05, 0.5)
"""Seconds between two looks at the page, from and to."""
UNDER_WAY = 0.1
"""The server is killed when commands of this share of the people are on their way."""
KILL_SECONDS = 0.5
"""After how long one command on its way is enough."""
FOREVER, INSTANT = 86_400.0, 0.002
SLEEPERS, SLEEP = 0.3, (0.3, 2.5)
"""The share of the people whose phone is off for a part of the night, and for how many real seconds."""

Tell = Callable[[int, int, str], None]
"""Phases opened, phases in all, and how it goes."""


@dataclass
class Rehearsal:
    """What to rehearse, in an empty data folder. ``rate`` 0 chooses one."""

    form: str
    participants: int
    seed: int
    data: Path
    rate: float = 0.0
    kills: bool = True
    spoil: str = ""
    """Damages the export before it is looked at, to show that it would be noticed: ``lose`` or ``double``."""
    url: str = ""
    """Of a PostgreSQL that keeps everything instead of the folder."""
    processes: int = 1
    """How many serve together; several share a PostgreSQL, one of their own if there is no ``url``."""
    venue: Venue = field(init=False)
    outcome: Outcome = field(init=False)

    async def run(self, tell: Tell) -> Outcome:
        """Hold the whole race; what came of it.

        Raises NoServer, NoPostgres, Unexpected, TooFew and formats.UnknownFormat.
        """
        with self._postgres() as postgres:
            return await self._run(tell, postgres)

    @contextmanager
    def _postgres(self) -> Iterator[Postgres | None]:
        """What several processes share, and what may be made to crash. Raises NoPostgres."""
        if self.processes == 1 or self.url:
            yield None
            return
        postgres = Postgres()
        try:
            postgres.start()
            yield postgres
        finally:
            postgres.close()

    def _service(self, rate: float, postgres: Postgres | None) -> Service:
        if self.processes == 1:
            return Server(self.data, rate, url=self.url)
        return Ensemble(self.data, rate, self.processes, postgres.url() if postgres else self.url, postgres)

    async def _run(self, tell: Tell, postgres: Postgres | None) -> Outcome:
        began = time.perf_counter()
        form = read_format(formats.take(self.form))
        parts = cast_for(form, self.participants, self.seed)
        rate = self.rate or self._fitting_rate(form)
        self.outcome = Outcome(self.participants, self.seed, rate, phases=[spec.id for spec in form.specs])
        looks = LOOKS if self.participants <= CROWD else LOOKS_IN_A_CROWD
        self.venue = await open_venue(self._service(rate, postgres), self.form, self.seed, looks)
        try:
            await self._together(self._race(parts, form, tell))
        finally:
            await self.venue.close()
        tell(len(form.specs), len(form.specs), "exporting, verifying and comparing")
        await asyncio.to_thread(hold_to_account, self.outcome, self.venue, self.spoil)
        self.outcome.seconds = time.perf_counter() - began
        return self.outcome

    def _fitting_rate(self, form: Format) -> float:
        planned = sum(spec.minutes for spec in form.specs if not spec.beside and not spec.apart) * 60.0
        return planned / (REAL_SECONDS + max(0, self.participants - CROWD) * PER_PERSON)

    async def _together(self, race: Coroutine[Any, Any, None]) -> None:
        """Hold the race; end it if one of the people stumbles."""
        task = asyncio.create_task(race)
        while not task.done():
            await asyncio.wait({task, *self.venue.tasks}, return_when=asyncio.FIRST_EXCEPTION, timeout=1.0)
            if not task.done() and (stumbled := self.venue.stumbled()) is not None:
                task.cancel()
                raise stumbled
        await task

    async def _race(self, parts: list[Part], form: Format, tell: Tell) -> None:
        venue, company = self.venue, self.venue.company
        await venue.let_in(parts[0])
        await venue.put_up_screen(venue.founded.tokens[1])
        await asyncio.gather(*map(venue.let_in, parts[1:]))
        await venue.all_here()
        steps = _Steps(self, form, tell)
        conductor = Conductor(venue.facilitator, company, steps.opened)
        await conductor.grant_roles(venue.seats)
        await conductor.conduct()
        self.outcome.problems += [
            f"{phase}: somebody was still busy when it was left" for phase in conductor.late
        ]

    async def kill_in(self, phase: str, victim: Victim) -> None:
        """Let something fall in the middle of a phase, while commands are on their way."""
        company, page = self.venue.company, self.venue.facilitator.person.page
        await until(lambda: f"{phase}-all" in page, FOREVER)
        await until(lambda: company.waiting >= UNDER_WAY * self.participants, KILL_SECONDS, INSTANT)
        await until(lambda: company.waiting > 0, FOREVER, INSTANT)
        waiting, began = company.waiting, time.perf_counter()
        await victim.fall()
        self.outcome.kills.append(Kill(victim.name, phase, waiting, time.perf_counter() - began))


class _Steps:
    """What happens beside the agenda when a phase has opened."""

    def __init__(self, rehearsal: Rehearsal, form: Format, tell: Tell) -> None:
        self.rehearsal, self.tell, self.form = rehearsal, tell, form
        self.nights = [spec.id for spec in form.specs if spec.rules.get("reason") == "night"]
        collecting = [
            spec.id
            for spec in form.specs
            if "add_card" in activity_class(spec.kind).rights and not spec.beside
        ]
        self.kills = {*collecting[-1:], *self.nights[:1]} if rehearsal.kills else set()
        self.chance = random.Random(f"nights {rehearsal.seed}")  # noqa: S311 - a rehearsal is to be repeatable
        self.opened_so_far = 0
        for phase, victim in zip(sorted(self.kills), cycle(rehearsal.venue.server.victims), strict=False):
            rehearsal.venue.tasks.append(asyncio.create_task(rehearsal.kill_in(phase, victim)))

    async def opened(self, phase: str) -> None:
        """A phase of the main track is open, and those beside it."""
        venue = self.rehearsal.venue
        self.opened_so_far += 1 + sum(spec.beside == phase for spec in self.form.specs)
        self.tell(self.opened_so_far, len(self.form.specs), self._how_it_goes(phase))
        if phase in self.nights:
            for seat in venue.seats[1:]:
                if self.chance.random() < SLEEPERS:
                    venue.tasks.append(asyncio.create_task(seat.nap(self.chance.uniform(*SLEEP))))

    def _how_it_goes(self, phase: str) -> str:
        company, clock = self.rehearsal.venue.company, self.rehearsal.venue.server.clock
        minutes = int(clock.now() - clock.origin) // 60
        connected = sum(seat.live_page.connected for seat in self.rehearsal.venue.seats)
        given = sum(len(person.memory.outbox.all) for person in company.people)
        return f"{phase} T+{minutes // 60:02d}:{minutes % 60:02d} · {connected} here · {given} commands"
