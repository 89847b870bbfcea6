"""The application's side of one socket: frames written to its descriptor, past every queue, while nothing waits."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress

from app.wire.frame import TEXT, Frame, framed
from app.wire.lent_transport import LentTransport, nobody
from app.wire.transport import ROOM, Receive


class SocketTransport:
    """The ``Transport`` of a socket of ``RaceProtocol``, which makes it and shuts it.

    ``goodbye`` closes the socket with a code, ``resumed`` takes up what came while it was paused. They are forgotten
    when it is shut: they are methods of who holds this, and nobody looks for circles (see serve).
    """

    # What is looked at for each frame lies side by side: thousands get one at once, and uvicorn's fifty attributes are
    # in a dictionary of each socket, all over the memory.
    __slots__ = (
        *("full", "inflates", "is_closing", "is_shut", "paused", "receive", "_descriptor", "_waiting"),
        *("_drained", "_goodbye", "_lent", "_resumed"),
    )

    def __init__(
        self, lent: LentTransport, goodbye: Callable[[int], None], resumed: Callable[[], None]
    ) -> None:
        self.full = self.inflates = self.paused = False
        self.receive: Receive | None = None
        """Who takes its messages; None before anybody listens and after the goodbye."""
        self._lent, self._goodbye, self._resumed = lent, goodbye, resumed
        self._drained: Callable[[], None] = nobody
        self.is_shut = False
        """As it is after a goodbye, whichever side has said it."""
        self._descriptor = -1
        """What to write to; none before it listens, where TLS comes in between, and after a goodbye. When the
        connection is lost the number may be another's."""

    # ---- what the application calls

    def listen(self, receive: Receive, drained: Callable[[], None], recalled: Callable[[], None]) -> None:
        if not self.is_open():  # it left while it was being let in
            return
        self.receive, self._drained, self._lent.recalled = receive, drained, recalled
        self._lent.set_write_buffer_limits(high=ROOM)
        if self._lent.get_extra_info("sslcontext") is None:
            self._descriptor = self._lent.get_extra_info("socket").fileno()

    @property
    def descriptor(self) -> int:
        return -1 if self._descriptor < 0 or self.is_closing() or self._waiting() else self._descriptor

    def push(self, frame: Frame) -> None:
        self.write(frame.deflated if self.inflates else frame.plain)

    def reply(self, text: bytes) -> None:
        self.write(framed(TEXT, text))

    def write(self, data: bytes) -> None:
        """Send whole frames by the socket itself, as long as nothing waits before them: so the thread that writes to
        the disk can go on meanwhile, which a transport of uvloop does not let it. The transport gets what is left."""
        descriptor, sent = self.descriptor, 0
        if descriptor >= 0:
            with suppress(OSError):  # it is full, or broken: the transport finds out
                sent = os.write(descriptor, data)
        if sent < len(data):
            self.finish(data[sent:])

    def finish(self, data: bytes) -> None:
        if self.is_open():
            self._lent.write(data)

    def waiting(self) -> int:
        return self._waiting()

    def pause(self) -> None:
        self.paused = True
        self._lent.pause_reading()

    def resume(self) -> None:
        self.paused = False
        self._resumed()

    def close(self, code: int) -> None:
        if self.is_open():
            self._goodbye(code)

    # ---- what the protocol calls

    def connect(self) -> None:
        """There is a transport to lend now."""
        self.is_closing, self._waiting = self._lent.is_closing, self._lent.get_write_buffer_size

    def is_open(self) -> bool:
        """Whether anything may still be written."""
        return not (self.is_shut or self.is_closing())

    def found_room(self) -> None:
        """What waited has left."""
        self.full = False
        self._drained()

    def shut(self) -> None:
        """Nothing is written any more but by the protocol, and nothing received."""
        self.is_shut, self._descriptor, self.receive = True, -1, None
        self._lent.recalled()
        self._lent.recalled = nobody

    def forget(self) -> None:
        """The connection is gone, and nobody is told of anything any more."""
        self.shut()
        self._drained = self._resumed = nobody
        self._goodbye = _nothing


def _nothing(code: int) -> None:
    """There is nobody to say goodbye to."""
