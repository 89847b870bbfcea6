"""A WebSocket as bare as can be: thousands of them fit into one process, and each can be abused."""

from __future__ import annotations

import asyncio
import socket
import struct
import zlib
from collections.abc import Callable
from contextlib import suppress

from app.wire.deflate import TAIL, deflate

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
DEFLATED = 0x40
"""The bit of a frame's first byte that says that its text is deflated."""
OFFER = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"
"""A header with which browsers say that they deflate, if the server agrees to it."""
AGREED = b"client_no_context_takeover"
CUT = 1006
"""What a line ends with that was not closed by a word, as in a browser."""


class Shut(Exception):
    """The server did not open a socket; the text is its answer's first line."""


class Line(asyncio.Protocol):
    """One connection. ``heard`` gets every text frame, ``ended`` the close code."""

    def __init__(self, heard: Callable[[str], None], ended: Callable[[int], None] | None = None) -> None:
        self.heard, self._ended = heard, ended
        self.code = 0
        """The close code, once it is closed."""
        self.received = 0
        """Bytes that have come."""
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closed = asyncio.Event()
        self._buffer = b""
        self._greeted = False
        self.deflates = False
        """Whether it has offered to deflate, and the server has agreed."""

    # ---- to the server

    def say(self, text: str) -> None:
        """Send a text frame."""
        payload = text.encode()
        self.transport.write(
            masked(TEXT | DEFLATED, deflate(payload)) if self.deflates else masked(TEXT, payload)
        )

    def raw(self, data: bytes) -> None:
        """Send these bytes, whatever they are."""
        self.transport.write(data)

    def close(self, code: int = 1000) -> None:
        """Go, with a word."""
        self.transport.write(masked(CLOSE, struct.pack(">H", code)))
        self.transport.close()

    def abort(self) -> None:
        """Be gone: what was under way is lost. The server hears nothing but a reset."""
        reset(self.transport)

    def stop_reading(self) -> None:
        self.transport.pause_reading()

    def read_on(self) -> None:
        self.transport.resume_reading()

    # ---- from the network

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.received += len(data)
        self._buffer += data
        if self._greeted or self._greet():
            self._frames()

    def _greet(self) -> bool:
        """Whether the server's answer to the handshake is complete; frames follow it."""
        head, end, rest = self._buffer.partition(b"\r\n\r\n")
        if not end:
            return False
        self._greeted, self._buffer, self.deflates = True, rest, AGREED in head
        status = head.split(b"\r\n", 1)[0].decode("latin-1")
        if self.opened.done():
            return True
        if " 101 " in status:
            self.opened.set_result(None)
        else:
            self.opened.set_exception(Shut(status))
        return " 101 " in status

    def _frames(self) -> None:
        data, at = self._buffer, 0
        while (found := frame_at(data, at)) is not None:
            deflated, (opcode, begin, at) = data[at] & DEFLATED, found
            self._frame(opcode, inflated(data[begin:at]) if deflated else data[begin:at])
        self._buffer = data[at:]

    def _frame(self, opcode: int, payload: bytes) -> None:
        if opcode == TEXT:
            self.heard(payload.decode())
        elif opcode == PING:
            self.transport.write(masked(PONG, payload))
        elif opcode == CLOSE:
            self.code = int.from_bytes(payload[:2], "big") or 1005
            self.transport.write(masked(CLOSE, payload[:2]))
            self.transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        self.code = self.code or CUT
        if not self.opened.done():
            self.opened.set_exception(Shut("the connection broke"))
            self.opened.exception()  # whoever waits gets it; nobody else needs to hear of it
        self.closed.set()
        if self._ended is not None:
            self._ended(self.code)


def frame_at(data: bytes, at: int) -> tuple[int, int, int] | None:
    """Opcode, beginning and end of the payload of a server's frame; None if it is not all there."""
    if len(data) < at + 2:
        return None
    size, begin = data[at + 1] & 0x7F, at + 2
    if size == 126:
        size, begin = int.from_bytes(data[at + 2 : at + 4], "big"), at + 4
    elif size == 127:
        size, begin = int.from_bytes(data[at + 2 : at + 10], "big"), at + 10
    return (data[at] & 0x0F, begin, begin + size) if len(data) >= begin + size else None


def inflated(payload: bytes) -> bytes:
    """The text of a server's deflated message, however long it is."""
    return zlib.decompressobj(-zlib.MAX_WBITS).decompress(payload + TAIL)


def masked(opcode: int, payload: bytes) -> bytes:
    """A client's frame. The mask is four zeros, which leaves the payload as it is."""
    size = len(payload)
    if size < 126:
        head = struct.pack(">BB", 0x80 | opcode, 0x80 | size)
    elif size < 65536:
        head = struct.pack(">BBH", 0x80 | opcode, 0x80 | 126, size)
    else:
        head = struct.pack(">BBQ", 0x80 | opcode, 0x80 | 127, size)
    return head + b"\0\0\0\0" + payload


def reset(transport: asyncio.Transport) -> None:
    """Break a connection so that the other end gets a reset."""
    known = transport.get_extra_info("socket")
    with suppress(OSError):
        known.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def handshake(path: str, host: str, cookie: str, *headers: str) -> bytes:
    """What a browser sends to open a socket."""
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {host}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        "Sec-WebSocket-Version: 13",
        *([f"Cookie: {cookie}"] if cookie else []),
        *headers,
    ]
    return "\r\n".join([*lines, "", ""]).encode()
