"""uvicorn's WebSocket protocol with a short way in and out, named to uvicorn by its path.

It offers itself as a ``Line`` in the scope of every socket. Out: frames that many sockets share are written as they
are, without a task, a queue or an encoding for each. In: whole, masked text frames are unmasked and handed on at once;
every other frame takes uvicorn's own way. It leans on uvicorn's ``transport``, ``queue``, ``conn`` and closing state,
which tests/test_protocol.py holds to; without it the application works all the same (see line.py).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.extensions.permessage_deflate import PerMessageDeflate, ServerPerMessageDeflateFactory
from websockets.server import ServerProtocol

try:
    from websockets.speedups import apply_mask
except ImportError:  # a platform for which it has no compiled part
    from websockets.utils import apply_mask

from app.live.frame import TEXT, Frame, framed
from app.live.line import EXTENSION, ROOM, Said
from app.metrics import tally

MASKED, LENGTH = 0x80, 0x7F
LONG, LONGEST = 126, 127
"""What stands for a payload's length where it takes 16 or 64 bits."""
MASK = 4
"""Bytes of the mask, which stands before the payload."""
FIN, CONTROL = 0x80, 0x08
NOT_ALLOWED = 1008
ODD, ODD_SECONDS = 200, 10.0
"""Pings, pongs and pieces of messages that a socket may send in so many seconds. They cost as much as a command and are
none, so no pace of commands holds them up; a browser sends one now and then."""
PATIENCE = 5.0
"""Seconds that a socket gets to take its last frame before the connection is cut."""


class RaceProtocol(WebSocketsSansIOProtocol):
    """One socket. See Line for the methods that the application calls."""

    full = False
    inflates = False
    """Whether the browser takes deflated frames."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conn = ServerProtocol(
            extensions=[_DEFLATE], max_size=self.config.ws_max_size, logger=logging.getLogger("uvicorn.error")
        )
        self._said: Said | None = None
        self._drained: Callable[[], None] | None = None
        self._partial = b""
        """The beginning of a frame whose rest has not come yet."""
        self._paused = False
        self._odd, self._odd_since = 0, 0.0
        self._in_pieces = False
        """A message of several frames is under way: each of them takes the long way."""

    # ---- the application's side

    def handle_connect(self, event: Any) -> None:
        super().handle_connect(event)
        if self.handshake_initiated and hasattr(self, "scope"):
            self.scope["extensions"][EXTENSION] = self  # type: ignore[assignment]  # uvicorn knows its own

    def listen(self, said: Said, drained: Callable[[], None]) -> None:
        self._said, self._drained = said, drained
        self.transport.set_write_buffer_limits(high=ROOM)
        self.inflates = any(_takes_ours(extension) for extension in self.conn.extensions)

    def push(self, frame: Frame) -> None:
        if not (self.close_sent or self.disconnected):
            self.transport.write(frame.deflated if self.inflates else frame.plain)

    def tell(self, text: bytes) -> None:
        if not (self.close_sent or self.disconnected):
            self.transport.write(framed(TEXT, text))

    def waiting(self) -> int:
        return int(self.transport.get_write_buffer_size())

    def pause(self) -> None:
        self._paused = True
        self.transport.pause_reading()

    def resume(self) -> None:
        self._paused = False
        if not self.disconnected:
            self.transport.resume_reading()
            self.data_received(b"")

    def close(self, code: int) -> None:
        if self.close_sent or self.disconnected:
            return
        tally.closed[code] += 1
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": ""})
        self.conn.send_close(code)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.close_timer = self.loop.call_later(PATIENCE, self.transport.abort)

    # ---- the network's side

    def pause_writing(self) -> None:
        super().pause_writing()
        self.full = True

    def resume_writing(self) -> None:
        super().resume_writing()
        self.full = False
        if self._drained is not None:
            self._drained()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._said = self._drained = None

    def data_received(self, data: bytes) -> None:
        if self._said is None:
            super().data_received(data)
            return
        data = self._partial + data if self._partial else data
        self._partial = b""
        while data and not (self.disconnected or self._paused):
            start, end = self._first_payload(data)
            if end > len(data):
                break
            self._take(data[:end], start)
            data = data[end:]
        self._partial = data

    def _first_payload(self, data: bytes) -> tuple[int, int]:
        """Where the first frame's payload starts and ends: beyond the end of the data where the frame is not whole, at
        it where uvicorn shall refuse the frame."""
        if len(data) < 2 + MASK:
            return 0, 2 + MASK
        length, start = data[1] & LENGTH, 2 + MASK
        if length == LONG:
            length, start = int.from_bytes(data[2:4], "big"), 4 + MASK
        elif length == LONGEST:
            length, start = int.from_bytes(data[2:10], "big"), 10 + MASK
            if len(data) < start:
                return 0, start
        refused = not data[1] & MASKED or length > (self.config.ws_max_size or length)
        return start, len(data) if refused else start + length

    def _take(self, frame: bytes, start: int) -> None:
        """One whole frame, whose payload begins at ``start``."""
        if self._said is not None and self._is_plain_text(frame, start):
            self._said(apply_mask(frame[start:], frame[start - MASK : start]))
            return
        odd = frame[0] & CONTROL or self._in_pieces or not frame[0] & FIN
        if odd and not self.close_sent and self._too_odd():
            self.close(NOT_ALLOWED)
            return
        if not frame[0] & CONTROL:
            self._in_pieces = not frame[0] & FIN
        super().data_received(frame)

    def _too_odd(self) -> bool:
        now = self.loop.time()
        if now - self._odd_since > ODD_SECONDS:
            self._odd_since, self._odd = now, 0
        self._odd += 1
        return self._odd > ODD

    def _is_plain_text(self, frame: bytes, start: int) -> bool:
        """A whole text message by the rules, on an open socket."""
        fits = len(frame) - start <= (self.config.ws_max_size or len(frame))
        return (
            frame[0] == TEXT and frame[1] & MASKED != 0 and fits and not (self._in_pieces or self.close_sent)
        )

    def send_receive_event_to_app(self) -> None:
        """A message that took the long way: in pieces, deflated, or of bytes."""
        if self._said is None or self.close_sent:
            super().send_receive_event_to_app()
            return
        text, self.frames = b"".join(self.frames), []
        self._said(text if self.curr_msg_data_type == "text" else BYTES)


BYTES = b"\x00"
"""What a message of bytes is taken for: no command, whatever it held."""

_DEFLATE = ServerPerMessageDeflateFactory(server_no_context_takeover=True, client_no_context_takeover=True)
"""Agreed to only without context takeover: one deflated frame is then right for everybody."""


def _takes_ours(extension: Any) -> bool:
    return (
        isinstance(extension, PerMessageDeflate)
        and extension.local_no_context_takeover
        and extension.local_max_window_bits == 15
    )
