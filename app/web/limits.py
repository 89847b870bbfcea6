"""How long and how much a request may talk before it is understood, and how long its answer may wait to be taken.

uvicorn waits for ever for a head that trickles in and for an answer that nobody reads, and keeps any number of header
lines; this subclass of its HTTP protocol does neither.

It leans on uvicorn's inner names (pinned, tested). A WebSocket begins here as a request and then has its own protocol.
"""

from __future__ import annotations

import asyncio

from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from app.telemetry.metrics import tally
from app.web.room import room
from app.web.unread import Unread

REQUEST_SECONDS = 30.0
"""Real seconds from the first moment of a connection, or the first byte of a further request, to a request's last byte.
A form of 64 KiB over a bad line of 20 kbit/s takes 26."""
MAX_HEAD = 16 * 1024
"""Bytes of the address and headers together. A browser that has been at twenty sessions brings 3 KiB of cookies."""

LATE = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class TooLarge(Exception):
    """The parser hears of it, and the protocol then calls the request invalid."""


class Intake(HttpToolsProtocol):
    """uvicorn's HTTP protocol with an end to its patience."""

    _patience: asyncio.TimerHandle | None = None
    _head = 0
    """Bytes of the head that is being read."""
    _in_head = True
    _answering: RequestResponseCycle | None = None
    """The request whose answer is being made. ``cycle`` is the one that has come last, which may wait behind it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self._unread = Unread(transport, self._let_go)
        room.enter(self, self.connections)
        self._patience = self.loop.call_later(REQUEST_SECONDS, self._give_up)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._answering = cycle
        super()._start_asgi_task(cycle, app)

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget_answer()
        self._understood()
        self._unread.forget()
        room.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.transport.get_protocol() is not self:
            self._hand_over()
        elif self._in_head:  # the parser keeps a line to itself until it has all of it
            self._head += len(data)
            if self._head > MAX_HEAD and not self.transport.is_closing():
                self.send_400_response("")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        room.asks(self)
        self._head, self._in_head = 0, True
        if self._patience is None:
            self._patience = self.loop.call_later(REQUEST_SECONDS, self._give_up)

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self._weigh(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self._weigh(len(name) + len(value))

    def _weigh(self, size: int) -> None:
        self._head += size
        if self._head > MAX_HEAD:
            raise TooLarge

    def on_headers_complete(self) -> None:
        self._in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._understood()
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        tally.turned_away["not_http"] += 1
        if self._head > MAX_HEAD:
            self.transport.write(LARGE)
            self.transport.close()
        else:
            super().send_400_response(msg)
        self._unread.look()

    # ---- what goes out

    @property
    def takes_nothing(self) -> bool:
        return self._unread.waits

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread.look()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._unread.moved()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._unread.look()

    def make_way(self) -> None:
        tally.turned_away["no_room"] += 1
        self._cut()

    def _let_go(self) -> None:
        tally.turned_away["takes_nothing"] += 1
        self._cut()

    def _cut(self) -> None:
        self._forget_answer()
        self.transport.abort()

    def _forget_answer(self) -> None:
        """Whoever makes it writes nothing more of it; those that wait behind it are not begun."""
        if self._answering is not None:
            self._answering.disconnected = True
            self._answering = None
        self.pipeline.clear()

    # ---- the end

    def _hand_over(self) -> None:
        """It is a socket now and another's. The parser and this protocol hold each other: see serve on circles."""
        self._understood()
        self._unread.forget()
        self._answering = None
        room.leave(self)
        self.parser = None  # type: ignore[assignment]  # as uvicorn does when a connection is lost

    def _understood(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _give_up(self) -> None:
        self._patience = None
        tally.turned_away["too_slow"] += 1
        cycle: RequestResponseCycle | None = self.cycle
        answered = not self._in_head and cycle is not None and cycle.response_started
        if self._head and not answered:  # a browser that connects in advance is not told off
            self.transport.write(LATE)
        self.transport.close()
        self._unread.look()
