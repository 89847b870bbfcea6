"""The way out of one socket: frames that are already encoded, and how much of them is still waiting.

Our own uvicorn protocol offers such a transport in the ASGI scope (see protocol.py). Where it is absent, on
another server or in a test client, a ``PlainTransport`` does the same through ``send``, with a task of its own.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Protocol

from app.telemetry.metrics import tally
from app.wire.frame import Frame

EXTENSION = "race.frames"
"""The name in the scope's ``extensions``."""
ROOM = 64 * 1024
"""Bytes that may wait for one socket; with more it is full, and gets nothing but answers until it has drained."""
PATIENCE = 4.0
"""Real seconds that a socket gets to take its last words before it is cut off: fewer than a server that stops waits
for its sockets."""

Receive = Callable[[str | bytes], None]
"""Takes the text of one message of the browser's."""


class Transport(Protocol):
    """What the fan-out writes to."""

    full: bool
    """More than ROOM bytes are waiting."""
    inflates: bool
    """Whether the browser takes deflated frames."""

    def listen(self, receive: Receive, drained: Callable[[], None], recalled: Callable[[], None]) -> None:
        """From now on messages go to ``receive``, and ``drained`` is called when the transport is full no more.

        ``recalled`` is called before anything is written that must not be written past, and when nothing more may be
        written: nobody may use its descriptor then.
        """

    @property
    def descriptor(self) -> int:
        """The file descriptor by which whole frames may be written to it until it is recalled; -1 if there is none
        just now."""

    def finish(self, data: bytes) -> None:
        """Send what the descriptor did not take of a frame."""

    def push(self, frame: Frame) -> None:
        """Send a frame that many sockets share."""

    def reply(self, text: bytes) -> None:
        """Send a short text of this socket's own."""

    def waiting(self) -> int:
        """Bytes that have not left yet."""

    def pause(self) -> None:
        """Take nothing from the browser for now: what it says waits on its side of the network."""

    def resume(self) -> None:
        """Listen again."""

    def close(self, code: int) -> None:
        """Say goodbye with a code; what is still waiting goes first if the other side takes it within PATIENCE."""


class PlainTransport:
    """A transport over ASGI's own ``send``. ``hang_up`` closes the socket with a code. Sizes are in characters here."""

    def __init__(
        self, send: Callable[[str], Awaitable[None]], hang_up: Callable[[int], Awaitable[None]]
    ) -> None:
        self.full = self.inflates = False
        self.descriptor = -1
        self._send, self._hang_up = send, hang_up
        self._texts: deque[str] = deque()
        self._size = 0
        self._code: int | None = None
        self._awake = asyncio.Event()
        self._patience: asyncio.Timeout | None = None
        self._drained: Callable[[], None] = lambda: None

    def listen(self, receive: Receive, drained: Callable[[], None], recalled: Callable[[], None]) -> None:
        """Messages come by ASGI's ``receive`` here, so this one is not needed."""
        self._drained = drained

    def finish(self, data: bytes) -> None:
        """There is nothing to finish."""

    def push(self, frame: Frame) -> None:
        self._put(frame.text)

    def reply(self, text: bytes) -> None:
        self._put(text.decode())

    def _put(self, text: str) -> None:
        if self._code is not None:
            return
        self._texts.append(text)
        self._size += len(text)
        self.full = self.full or self._size > ROOM
        self._awake.set()

    def waiting(self) -> int:
        return self._size

    def pause(self) -> None:
        """Whoever receives for it looks whether it may."""

    def resume(self) -> None:
        """See ``pause``."""

    def close(self, code: int) -> None:
        if self._code is not None:
            return
        tally.closed[code] += 1
        self._code = code
        self._awake.set()
        if self._patience is not None:
            self._patience.reschedule(asyncio.get_running_loop().time() + PATIENCE)

    async def run(self) -> None:
        """Send what is waiting, until the socket is gone, or closed, or has been closed and takes nothing. Whoever
        listens to the socket may stop then."""
        with suppress(Exception):  # whatever it is called on this server, it is gone
            async with asyncio.timeout(None if self._code is None else PATIENCE) as self._patience:
                while self._code is None:
                    await self._awake.wait()
                    self._awake.clear()
                    await self._empty()
                await self._empty()
                await self._hang_up(self._code)
        self._patience = None

    async def _empty(self) -> None:
        while self._texts:
            text = self._texts.popleft()
            await self._send(text)
            self._size -= len(text)
        if self.full:
            self.full = False
            self._drained()
