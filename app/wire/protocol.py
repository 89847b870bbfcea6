"""uvicorn's WebSocket protocol with a short way in and out, named to uvicorn by its path.

It offers itself as a ``Transport`` in the scope of every socket. Out: frames that many sockets share are written as
they are, without a task, a queue or an encoding for each. In: whole, masked text frames are unmasked and handed on at
once; every other frame takes uvicorn's own way, whole. And it lets go of a browser that takes nothing any more. It
leans on uvicorn's ``transport``, ``queue``, ``conn`` and closing state, which tests/wire/test_protocol.py holds to;
without it the application works all the same (see transport.py).
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.extensions.permessage_deflate import PerMessageDeflate, ServerPerMessageDeflateFactory
from websockets.frames import Frame as Pong
from websockets.frames import Opcode
from websockets.server import ServerProtocol

try:
    from websockets.speedups import apply_mask
except ImportError:  # a platform for which it has no compiled part
    from websockets.utils import apply_mask

from app.telemetry.metrics import tally
from app.wire.frame import TEXT, Frame, framed
from app.wire.transport import EXTENSION, PATIENCE, ROOM, Said

MASKED, LENGTH = 0x80, 0x7F
LONG, LONGEST = 126, 127
"""What stands for a payload's length where it takes 16 or 64 bits."""
MASK = 4
"""Bytes of the mask, which stands before the payload."""
FIN, CONTROL, OPCODE, CLOSE = 0x80, 0x08, 0x0F, 0x08
PING, PONG = 0x89, 0x8A
"""The first bytes of whole pings and pongs."""
WORD = 4
"""Bytes in our pings, by which their answers are known."""
NOT_ALLOWED, GONE = 1008, 1011
"""The codes of who sends too much that is odd, and of who does not answer our pings."""
ODD, ODD_SECONDS = 200, 10.0
"""Pings, pongs and pieces of messages that a socket may send in so many seconds. They cost as much as a command and are
none, so no pace of commands holds them up; a browser sends one now and then."""


def _nobody() -> None: ...


class LentTransport:
    """A transport, which recalls the descriptor before anything is written to it, because what it cannot send at once
    must not be overtaken, and before it is closed."""

    __slots__ = ("recalled", "transport")

    def __init__(self) -> None:
        self.recalled: Callable[[], None] = _nobody
        self.transport: Any = None

    def write(self, data: bytes) -> None:
        self.recalled()
        self.transport.write(data)

    def close(self) -> None:
        self.recalled()
        self.transport.close()

    def abort(self) -> None:
        self.recalled()
        self.transport.abort()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.transport, name)


class RaceProtocol(WebSocketsSansIOProtocol):
    """One socket. See Line for the methods that the application calls."""

    # What is looked at for each frame lies side by side: thousands get one at once, and uvicorn's fifty attributes are
    # in a dictionary of each socket, all over the memory.
    __slots__ = (
        *("full", "inflates", "_socket", "_buffered", "_is_closing", "_close_sent", "_way"),
        *("_said", "_drained", "_partial", "_paused", "_odd", "_odd_since", "_in_pieces"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.full = False
        self.inflates = False
        """Whether the browser takes deflated frames."""
        self._socket = -1
        """The file descriptor to write to; none before it listens, where TLS comes in between, and after a goodbye.
        When the connection is lost the number may be another's."""
        self._way = LentTransport()
        super().__init__(*args, **kwargs)
        self._forget_parser()
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

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._way.transport = transport
        super().connection_made(cast(asyncio.BaseTransport, self._way))

    def listen(self, said: Said, drained: Callable[[], None], recalled: Callable[[], None]) -> None:
        if not self._is_open():  # it left while it was being let in
            return
        self._said, self._drained = said, drained
        self._way.recalled = recalled
        self.transport.set_write_buffer_limits(high=ROOM)
        self._buffered, self._is_closing = self.transport.get_write_buffer_size, self.transport.is_closing
        if self.transport.get_extra_info("sslcontext") is None:
            self._socket = self.transport.get_extra_info("socket").fileno()
        self.inflates = any(_takes_ours(extension) for extension in self.conn.extensions)

    @property
    def close_sent(self) -> bool:  # uvicorn's own, heard of in time to write nothing after it
        return self._close_sent

    @close_sent.setter
    def close_sent(self, sent: bool) -> None:
        self._close_sent = sent
        self._keep_to_itself()

    def _is_open(self) -> bool:
        """Whether anything may still be written: not after a goodbye, whichever side has said it."""
        return not (self.close_sent or self.disconnected or self.transport.is_closing())

    @property
    def descriptor(self) -> int:
        return -1 if self._socket < 0 or self._is_closing() or self._buffered() else self._socket

    def _keep_to_itself(self) -> None:
        """Nothing is written any more but by the transport."""
        self._socket = -1
        self._way.recalled()
        self._way.recalled = _nobody

    def finish(self, data: bytes) -> None:
        if self._is_open():
            self.transport.write(data)

    def push(self, frame: Frame) -> None:
        self._write(frame.deflated if self.inflates else frame.plain)

    def tell(self, text: bytes) -> None:
        self._write(framed(TEXT, text))

    def _write(self, data: bytes) -> None:
        """To the socket itself, as long as nothing waits before it: so the thread that writes to the disk can go on
        meanwhile, which a transport of uvloop does not let it. The transport gets what is left."""
        descriptor, sent = self.descriptor, 0
        if descriptor >= 0:
            with suppress(OSError):  # it is full, or broken: the transport finds out
                sent = os.write(descriptor, data)
        if sent < len(data):
            self.finish(data[sent:])

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
        if not self._is_open():
            return
        tally.closed[code] += 1
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": ""})
        self.conn.send_close(code)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.close_timer = self.loop.call_later(PATIENCE, self.transport.abort)

    # ---- the network's side: room, and the end

    def pause_writing(self) -> None:
        super().pause_writing()
        self.full = True

    def resume_writing(self) -> None:
        super().resume_writing()
        self.full = False
        if self._drained is not None:
            self._drained()

    def connection_lost(self, exc: Exception | None) -> None:
        self._keep_to_itself()
        super().connection_lost(exc)
        self._said = self._drained = None
        self._forget_parser()
        if hasattr(self, "scope"):
            self.scope["extensions"].clear()

    def _forget_parser(self) -> None:
        """A parser holds the connection that holds it, and so does whatever has gone wrong in it. Nobody looks for such
        circles while phones come and go (see serve), so they are cut when a socket is gone."""
        self.conn.parser.close()
        for error in filter(None, (self.conn.handshake_exc, self.conn.parser_exc)):
            error.__traceback__ = error.__context__ = error.__cause__ = None

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        super().on_task_complete(task)
        if not self.disconnected:  # a transport that is closed waits for ever for somebody to take the rest
            self.loop.call_later(PATIENCE, self.transport.abort)

    def send_keepalive_ping(self) -> None:
        """As uvicorn's, past the parser, which takes its time: thousands are asked every minute."""
        self.ping_timer = None
        if self._is_open():
            self.pending_ping_payload, self.ping_sent_at = secrets.token_bytes(WORD), self.loop.time()
            self._write(framed(PING, self.pending_ping_payload))
            self.pong_timer = self.loop.call_later(self.ping_timeout or PATIENCE, self.keepalive_timeout)

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self.queue.put_nowait({"type": "websocket.disconnect", "code": GONE, "reason": ""})

    def handle_parser_exception(self) -> None:
        if self.conn.close_sent is None:  # it sends nonsense before the handshake is done
            self.transport.abort()
        else:
            super().handle_parser_exception()

    # ---- the network's side: what comes in

    def data_received(self, data: bytes) -> None:
        """After the request uvicorn gets whole frames only, so that it may be passed by between any two of them."""
        if not self.handshake_initiated:
            super().data_received(data)
            return
        data, at = self._partial + data, 0
        self._partial = b""
        while at < len(data) and not (self._paused or self.transport.is_closing()):
            start, end = _payload(data, at)
            if self._is_refused(data, at, end - start):
                super().data_received(data[at:])
                return
            if end > len(data):
                break
            self._take(data, at, start, end)
            at = end
        self._partial = data[at:]

    def _is_refused(self, data: bytes, at: int, length: int) -> bool:
        """Whether uvicorn will close on the frame's head, whatever is in it."""
        unmasked = len(data) > at + 1 and not data[at + 1] & MASKED
        return unmasked or length > (self.config.ws_max_size or length)

    def _take(self, data: bytes, at: int, start: int, end: int) -> None:
        """One whole frame."""
        first = data[at]
        if self.close_sent:
            if first & OPCODE == CLOSE:
                super().data_received(data[at:end])
        elif first == TEXT and self._said is not None and not self._in_pieces:
            self._said(apply_mask(data[start:end], data[start - MASK : start]))
        elif first == PONG and end - start == WORD and not self._too_odd():
            self.handle_pong(Pong(Opcode.PONG, apply_mask(data[start:end], data[start - MASK : start])))
        elif (first & CONTROL or self._in_pieces or not first & FIN) and self._too_odd():
            self._refuse()
        else:
            if not first & CONTROL:
                self._in_pieces = not first & FIN
            super().data_received(data[at:end])

    def _too_odd(self) -> bool:
        now = self.loop.time()
        if now - self._odd_since > ODD_SECONDS:
            self._odd_since, self._odd = now, 0
        self._odd += 1
        return self._odd > ODD

    def _refuse(self) -> None:
        if self.handshake_complete:
            self.close(NOT_ALLOWED)
        else:
            self.transport.abort()

    def send_receive_event_to_app(self) -> None:
        """A message that took the long way: in pieces, deflated, or of bytes."""
        if self._said is None or self.close_sent:
            super().send_receive_event_to_app()
            return
        text, self.frames = b"".join(self.frames), []
        self._said(text if self.curr_msg_data_type == "text" else BYTES)


def _payload(data: bytes, at: int) -> tuple[int, int]:
    """Where the payload of the frame that begins at ``at`` starts and ends: beyond the end of the data where it, or
    what tells its length, has not come yet."""
    start = at + 2 + MASK
    if len(data) < start:
        return start, start
    length = data[at + 1] & LENGTH
    if length == LONG:
        start += 2
        length = int.from_bytes(data[at + 2 : at + 4], "big")
    elif length == LONGEST:
        start += 8
        length = int.from_bytes(data[at + 2 : at + 10], "big") if len(data) >= start else 0
    return start, start + length


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
