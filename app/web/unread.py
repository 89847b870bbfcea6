"""What was written to one connection and has not been taken: a client that asks and never reads is let go.

uvicorn waits for ever for room to write, and asyncio for ever with closing a connection until the other side has taken
the rest. What is too little to wait for lies with the kernel, and is no business of ours.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

LOOK_SECONDS = 5.0
"""Real seconds between two looks at a connection that has something to take."""
TAKE_SECONDS = 30.0
"""Real seconds for which somebody may take nothing: the kernel reports what it has got rid of in large pieces, and on a
line of 20 kbit/s one of these takes 12."""
RESPONSE_SECONDS = 120.0
"""Real seconds in which everything has to be taken that was asked for."""


class Unread:
    """Looks after one transport for as long as anything waits in it. ``give_up`` is called when it has waited too long;
    it is forgotten when the connection is lost, as nobody looks for circles (see serve)."""

    __slots__ = ("_began", "_give_up", "_left", "_moved_at", "_timer", "_transport")

    def __init__(self, transport: asyncio.Transport, give_up: Callable[[], None]) -> None:
        self._transport, self._give_up = transport, give_up
        self._timer: asyncio.TimerHandle | None = None
        self._left = 0
        self._began = self._moved_at = 0.0

    @property
    def waits(self) -> bool:
        """Whether something has waited to be taken when last looked at."""
        return self._timer is not None

    def look(self) -> None:
        """Something was written: look after it if it does not leave at once."""
        self._left = self._transport.get_write_buffer_size()
        if self._timer is None and self._left:
            self._began = self._moved_at = asyncio.get_running_loop().time()
            self._look_later()

    def moved(self) -> None:
        """Much has been taken."""
        self._moved_at = asyncio.get_running_loop().time()

    def forget(self) -> None:
        """The connection is gone."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._give_up = None, _nothing

    def _look_later(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(LOOK_SECONDS, self._look_again)

    def _look_again(self) -> None:
        self._timer = None
        now, left = asyncio.get_running_loop().time(), self._transport.get_write_buffer_size()
        if not left:
            return
        if left < self._left:
            self._moved_at = now
        self._left = left
        if now - self._moved_at >= TAKE_SECONDS or now - self._began >= RESPONSE_SECONDS:
            self._give_up()
        else:
            self._look_later()


def _nothing() -> None:
    """There is nobody to give up."""
