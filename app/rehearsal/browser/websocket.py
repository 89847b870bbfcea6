"""A browser's end of a WebSocket, with as little as a thousand people in one process can do with (RFC 6455). It offers
to deflate as browsers do, and does so if the server agrees (RFC 7692, without context takeover)."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import secrets
from collections.abc import Callable

from app.rehearsal.browser.frames import CLOSE, DEFLATED, FINAL, MASKED, OPCODE, PING, PONG, TEXT, masked
from app.wire.deflate import LARGEST_WINDOW, deflate, inflate

MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
EXTENSION = b"permessage-deflate"
TERMS = (b"client_no_context_takeover", b"server_no_context_takeover")
"""Deflating is not known here but by these."""
LARGEST = 16 * 1024 * 1024
"""Bytes of a pushed text at most."""
NOT_UNDERSTOOD = 1007
NOT_SAID = 1006
"""The code of a connection that ended without a word."""


class Socket(asyncio.Protocol):
    """One connection. ``hear`` gets every text; ``ended`` is done when it is over, with the code that closed it."""

    def __init__(self, request: bytes, key: str, hear: Callable[[str], None]) -> None:
        self._request, self._hear = request, hear
        self._accept = base64.b64encode(
            hashlib.sha1(f"{key}{MAGIC}".encode(), usedforsecurity=False).digest()
        )
        self._buffer = bytearray()
        self._parts: list[bytes] = []
        self._deflated = False
        """Whether the message under way is deflated."""
        self.deflates = False
        """Whether the server has agreed that texts are deflated."""
        self._transport: asyncio.Transport | None = None
        loop = asyncio.get_running_loop()
        self.opened: asyncio.Future[None] = loop.create_future()
        self.ended: asyncio.Future[int] = loop.create_future()
        self._code = NOT_SAID

    # ---- what asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if self.opened.done() or self._shaken_hands():
            while (frame := self._next_frame()) is not None:
                self._take(*frame)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_exception(OSError("the socket was not opened"))
        if not self.ended.done():
            self.ended.set_result(self._code)

    # ---- reading

    def _shaken_hands(self) -> bool:
        head, separator, rest = bytes(self._buffer).partition(b"\r\n\r\n")
        if not separator:
            return False
        if b" 101 " not in head.partition(b"\r\n")[0] or self._accept not in head:
            self.hang_up()
            return False
        self.deflates = EXTENSION in head
        if self.deflates and not all(term in head for term in TERMS):
            self.hang_up()
            return False
        self._buffer = bytearray(rest)
        self.opened.set_result(None)
        return True

    def _next_frame(self) -> tuple[int, bytes] | None:
        """First byte and payload of a frame that has come whole; None if there is none."""
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        first, length, start = buffer[0], buffer[1], 2
        if length > 125:
            start = 4 if length == 126 else 10
            length = int.from_bytes(buffer[2:start], "big")
        if len(buffer) < max(start, start + length):
            return None
        payload = bytes(buffer[start : start + length])
        del buffer[: start + length]
        return first, payload

    def _take(self, first: int, payload: bytes) -> None:
        kind = first & OPCODE
        if kind == PING:
            self._write(PONG, payload)
        elif kind == CLOSE:
            self._code = int.from_bytes(payload[:2], "big") if payload else NOT_SAID
            self.close(self._code)
        elif kind != PONG:
            self._take_part(first, payload)

    def _take_part(self, first: int, payload: bytes) -> None:
        if first & OPCODE == TEXT:  # only a message's first frame says whether it is deflated
            self._deflated = bool(first & DEFLATED)
        self._parts.append(payload)
        if first & FINAL:
            whole, self._parts = b"".join(self._parts), []
            text = inflate(whole, LARGEST_WINDOW, LARGEST) if self._deflated else whole
            if text is None:
                self.close(NOT_UNDERSTOOD)
            else:
                self._hear(text.decode())

    # ---- writing

    def send(self, text: str) -> None:
        """Send a text of at most 65,535 bytes. Where the connection has ended it goes nowhere."""
        payload = text.encode()
        if self.deflates:
            self._write(TEXT | DEFLATED, deflate(payload))
        else:
            self._write(TEXT, payload)

    def _write(self, kind: int, payload: bytes) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        length, mask = len(payload), secrets.token_bytes(4)
        size = bytes([MASKED | length]) if length < 126 else b""
        size = size or bytes([MASKED | 126]) + length.to_bytes(2, "big")
        self._transport.write(bytes([FINAL | kind]) + size + mask + masked(payload, mask))

    def close(self, code: int) -> None:
        """Say goodbye and hang up."""
        self._write(CLOSE, code.to_bytes(2, "big"))
        self.hang_up()

    def hang_up(self) -> None:
        if self._transport is not None:
            self._transport.close()
