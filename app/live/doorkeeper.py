"""What happens at the doors of all sessions by itself: words change, crowds pass, and who has gone is forgotten."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from app.live.desk import Desk
from app.live.desks import Desks
from app.live.waiting import WaitingRoom

log = logging.getLogger(__name__)

LOOK_SECONDS = 10.0


class Doorkeeper:
    """Of one process. ``is_crowded`` says whether a session's door is strict by itself."""

    def __init__(self, desks: Desks, waiting: WaitingRoom, is_crowded: Callable[[str, int], bool]) -> None:
        self._desks, self._waiting, self._is_crowded = desks, waiting, is_crowded

    async def run(self) -> None:
        """Look after the doors, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self.look()
            except Exception:  # the database, most likely: the next look does it
                log.exception("nobody could look after the doors")

    async def look(self) -> None:
        self._desks.change_words()
        for desk in self._desks.open:
            self._see_whether_crowded(desk)
            self._waiting.leave_those_in(desk)
            await self._waiting.turn_away(desk, self._waiting.gone(desk))

    def _see_whether_crowded(self, desk: Desk) -> None:
        if desk.hall.is_crowded and not self._is_crowded(desk.code, desk.session.expected):
            desk.hall.is_crowded = False
            desk.presence_changed()
