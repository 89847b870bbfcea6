"""Signs of life: a beat for every socket now and then, and the end of those that take nothing any more.

One task for all sockets of a session. They come by in the order in which they were opened, so the beats of thousands
are spread over the seconds in which they came.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict

from app.audience.connection import Connection
from app.audience.fanout import Fanout
from app.clock import RaceClock
from app.wire import messages
from app.wire.frame import Frame

TOO_SLOW = 1013
SEND_SECONDS = 20.0
"""How long a transport may be full before its socket is closed as too slow; it may come back."""
LOOK_SECONDS = 1.0


class Heartbeat:
    """The beats of one session. ``every`` is in real seconds."""

    def __init__(self, fanout: Fanout, clock: RaceClock, every: float = 20.0) -> None:
        self.every = every
        self._fanout, self._clock = fanout, clock
        self._due: OrderedDict[Connection, float] = OrderedDict()
        """When each is due, the next first."""
        self._number = 0

    def add(self, connection: Connection) -> None:
        """A socket is open: its first beat comes a while from now."""
        self._due[connection] = asyncio.get_running_loop().time() + self.every

    def remove(self, connection: Connection) -> None:
        """A socket is gone, and whatever belongs to it."""
        self._due.pop(connection, None)

    async def run(self) -> None:
        """Beat until cancelled."""
        while True:
            await asyncio.sleep(min(LOOK_SECONDS, self.every / 4))
            now = asyncio.get_running_loop().time()
            self.beat(now)
            self.disconnect_stuck(now)

    def beat(self, now: float) -> None:
        """Say to every socket that is due that we are there, and what time it is in the race."""
        self._number += 1
        frame = Frame(messages.beat(self._number, self._clock.now()))
        while self._due:
            connection, due = self._due.popitem(last=False)
            if due > now:
                self._due[connection] = due
                self._due.move_to_end(connection, last=False)
                return
            self._due[connection] = now + self.every
            if not connection.transport.full:
                connection.transport.push(frame)

    def disconnect_stuck(self, now: float) -> None:
        """Close what has been full for too long."""
        for connection in [*self._fanout.lagging.full]:
            if now - connection.full_since > SEND_SECONDS:
                connection.transport.close(TOO_SLOW)
