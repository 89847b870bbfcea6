"""Once a day the server takes away by itself what is kept no longer: contact data and names, where settings say for how
many months; and, always, who waited at a door for a day and never came in."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta

from app.clock import RaceClock
from app.database import Database
from app.database.tables import now
from app.live.desks import Desks
from app.live.waiting import WaitingRoom
from app.streams.outsiders import DAYS, known_since, outsiders
from app.streams.retention import DAY_SECONDS, Kept, forget_due
from app.streams.task_outcomes import Later
from app.streams.tasks import Task

log = logging.getLogger(__name__)

RETAIN = "retain"
"""The kind of the task, of which there is one."""
KEPT_SECONDS = DAYS * DAY_SECONDS
"""Race seconds for which whoever has not come in is kept."""


def daily(at: float) -> Task:
    """The task, due at ``at`` by the product's clock. Put again on a later day it is renewed, also where it had been
    given up."""
    return Task(f"{RETAIN}/daily", RETAIN, "", int(at // DAY_SECONDS), at)


class Retaining:
    """Does this task. ``months`` says for how many something is kept, 0 for ever."""

    def __init__(
        self,
        database: Database,
        desks: Desks,
        waiting_room: WaitingRoom,
        clock: RaceClock,
        months: Mapping[Kept, int],
    ) -> None:
        self._database, self._desks, self._clock = database, desks, clock
        self._waiting_room, self._months = waiting_room, months

    async def __call__(self, task: Task) -> Later:
        """Take away what is due; until tomorrow, or until somebody has been at a door for a day."""
        for kept, months in self._months.items():
            if months:
                await self._forget(kept, months)
        return Later(min(await self._forget_outsiders(), self._clock.now() + DAY_SECONDS))

    async def _forget(self, kept: Kept, months: int) -> None:
        for due in await forget_due(self._database, kept, self._clock.now(), months):
            log.info(
                "%s: %s of %d people, %d months old, taken away", due.code, kept.called, due.people, months
            )
            desk = self._desks.opened(due.code)
            if desk is not None:
                await self._desks.people.learn_anew(due.code, desk.directory)

    async def _forget_outsiders(self) -> float:
        """When the next of those who are left has been there for too long, by the product's clock."""
        before = now() - timedelta(seconds=self._clock.real_seconds(KEPT_SECONDS))
        found = await self._database.read(outsiders)
        for code, people in known_since(before, found).items():
            await self._turn_away(code, people)
        left = (each.since.timestamp() for known in found.values() for each in known if each.since > before)
        return min(map(self._clock.at, left), default=float("inf")) + KEPT_SECONDS

    async def _turn_away(self, code: str, people: list[str]) -> None:
        desk = self._desks.opened(code)
        if desk is not None:
            await self._waiting_room.turn_away(desk, people)
        else:
            await self._desks.people.turn_away(code, people, self._desks.journal.erasing(people))
