"""One message to browsers, encoded once for however many sockets it goes to.

The bytes are RFC 6455's: a text frame, unmasked, in one piece. Where a socket takes deflated messages, the same
deflated bytes are right for every such socket (see deflate.py).
"""

from __future__ import annotations

from functools import cached_property

from app.wire.deflate import deflate

TEXT, DEFLATED_TEXT = 0x81, 0xC1
"""The first byte of a whole text message, plain and deflated (with RSV1)."""
WORTH_DEFLATING = 256
"""Bytes below which deflating saves too little to be worth its time."""


def framed(first: int, payload: bytes) -> bytes:
    """A payload as one frame on the wire."""
    size = len(payload)
    if size < 126:
        return bytes((first, size)) + payload
    if size < 65536:
        return bytes((first, 126)) + size.to_bytes(2, "big") + payload
    return bytes((first, 127)) + size.to_bytes(8, "big") + payload


class Frame:
    """A text for many sockets. Its encodings are made when the first socket asks for them."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def plain(self) -> bytes:
        """The frame as every browser understands it."""
        return framed(TEXT, self.text.encode())

    @cached_property
    def deflated(self) -> bytes:
        """The frame for sockets that inflate each message by itself."""
        payload = self.text.encode()
        if len(payload) < WORTH_DEFLATING:
            return self.plain
        return framed(DEFLATED_TEXT, deflate(payload))
