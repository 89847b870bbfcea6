"""Who is connected to a session or waits at its door, as its pages show it."""

from __future__ import annotations

import asyncio
import logging

from app.audience.fanout import Fanout
from app.audience.presence import Presence
from app.drawing.page_context import PageContext
from app.live.at_the_door import AtTheDoor

log = logging.getLogger(__name__)

NOTICE_SECONDS = 2.0
"""Real seconds after which a change of who is connected is shown."""


class Attendance:
    """Of one session. ``settled`` is held while pages are told."""

    def __init__(
        self,
        code: str,
        hall: PageContext,
        fanout: Fanout,
        presence: Presence,
        door: AtTheDoor,
        settled: asyncio.Lock,
    ) -> None:
        self._code, self._hall, self._fanout, self._presence = code, hall, fanout, presence
        self._door, self._settled = door, settled
        self._noticing: asyncio.Task[None] | None = None

    def changed(self) -> None:
        """Somebody has opened or closed a page. It is told late: a page that is being reloaded is not worth a word."""
        if self._noticing is None or self._noticing.done():
            self._noticing = asyncio.create_task(self._notice())

    async def _notice(self) -> None:
        await asyncio.sleep(NOTICE_SECONDS)
        try:
            await self._door.learn_names()
        except Exception:  # the database, most likely: they are shown without
            log.exception("nobody knows who waits at the door")
        async with self._settled:
            own = set(self._fanout.connections.people)
            self._presence.tell(self._code, own, self._door.here)
            self._door.show()
            self._hall.connected = own | self._presence.others(self._code)
            self._hall.presence_version += 1
            self._fanout.tell_outside()

    def close(self) -> None:
        """Tell nobody any more."""
        if self._noticing is not None:
            self._noticing.cancel()
