"""uvicorn's WebSocket protocol with a short way in and out, named to uvicorn by its path.

It offers a ``SocketTransport`` in the scope of every socket. Out: frames that many sockets share are written as they
are, without a task, a queue or an encoding for each. In: whole, masked text frames are unmasked, inflated where they
are deflated, and handed on at once (see incoming.py); every other frame takes uvicorn's own way, whole. And it lets go
of a browser that takes nothing any more. It leans on uvicorn's ``transport``, ``queue``, ``conn`` and closing state,
which tests/wire/test_protocol.py holds to; without it the application works all the same (see transport.py).
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from typing import Any, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame as Pong
from websockets.frames import Opcode
from websockets.server import ServerProtocol

from app.telemetry.metrics import tally
from app.wire import deflate
from app.wire.frame import framed
from app.wire.incoming import PING, WORD, FrameReader
from app.wire.lent_transport import LentTransport
from app.wire.socket_transport import SocketTransport
from app.wire.transport import EXTENSION, PATIENCE

NOT_ALLOWED, GONE = 1008, 1011
"""The codes of who sends too much that is odd, and of who does not answer our pings."""
BYTES = b"\x00"
"""What a message of bytes is taken for: no command, whatever it held."""


class RaceProtocol(WebSocketsSansIOProtocol):
    """One socket as uvicorn has it. ``offered`` is what the application has of it."""

    __slots__ = ("_close_sent", "_lent", "_reader", "offered")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._lent = LentTransport()
        self.offered = SocketTransport(self._lent, self._say_goodbye, self._read_on)
        super().__init__(*args, **kwargs)
        self._forget_parser()
        self._reader = FrameReader(self.config.ws_max_size)
        extensions = [deflate.OFFER] if self.config.ws_per_message_deflate else []
        logger = logging.getLogger("uvicorn.error")
        self.conn = ServerProtocol(extensions=extensions, max_size=self.config.ws_max_size, logger=logger)

    # ---- the beginning

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._lent.lend(transport)
        self.offered.connect()
        super().connection_made(cast(asyncio.BaseTransport, self._lent))

    def handle_connect(self, event: Any) -> None:
        super().handle_connect(event)
        deflating = deflate.agreed(self.conn.extensions)
        self._reader.window = deflate.window_of(deflating)
        self.offered.inflates = deflate.takes_shared(deflating)
        if self.handshake_initiated and hasattr(self, "scope"):
            self.scope["extensions"][EXTENSION] = self.offered  # type: ignore[assignment]  # uvicorn knows its own

    # ---- what comes in

    def data_received(self, data: bytes) -> None:
        """After the request uvicorn gets whole frames only, so that it may be passed by between any two of them."""
        if self.handshake_initiated:
            self._reader.read(data, self)
        else:
            super().data_received(data)

    def take_long(self, frames: bytes) -> None:
        super().data_received(frames)

    def take_pong(self, word: bytes) -> None:
        self.handle_pong(Pong(Opcode.PONG, word))

    def refuse_odd(self) -> None:
        if self.handshake_complete:
            self.offered.close(NOT_ALLOWED)
        else:
            self.transport.abort()

    def send_receive_event_to_app(self) -> None:
        """A message that took the long way: in pieces, before anybody listened, or of bytes."""
        receive = self.offered.receive
        if receive is None:
            super().send_receive_event_to_app()
            return
        text, self.frames = b"".join(self.frames), []
        receive(text if self.curr_msg_data_type == "text" else BYTES)

    def _read_on(self) -> None:
        self.transport.resume_reading()
        self.data_received(b"")

    # ---- room

    def pause_writing(self) -> None:
        super().pause_writing()
        self.offered.full = True

    def resume_writing(self) -> None:
        super().resume_writing()
        self.offered.found_room()

    # ---- the end, also of who takes nothing any more

    @property
    def close_sent(self) -> bool:  # uvicorn's own, heard of in time to write nothing after it
        return self._close_sent

    @close_sent.setter
    def close_sent(self, sent: bool) -> None:
        self._close_sent = sent
        if sent:
            self.offered.shut()

    def _say_goodbye(self, code: int) -> None:
        tally.closed[code] += 1
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": ""})
        self.conn.send_close(code)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.close_timer = self.loop.call_later(PATIENCE, self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        self.offered.forget()
        super().connection_lost(exc)
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
        if self.offered.is_open():
            self.pending_ping_payload, self.ping_sent_at = secrets.token_bytes(WORD), self.loop.time()
            self.offered.write(framed(PING, self.pending_ping_payload))
            self.pong_timer = self.loop.call_later(self.ping_timeout or PATIENCE, self.keepalive_timeout)

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self.queue.put_nowait({"type": "websocket.disconnect", "code": GONE, "reason": ""})

    def handle_parser_exception(self) -> None:
        if self.conn.close_sent is None:  # it sends nonsense before the handshake is done
            self.transport.abort()
        else:
            super().handle_parser_exception()
