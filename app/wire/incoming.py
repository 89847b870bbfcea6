"""Frames of RFC 6455 in what comes from a browser: where they begin and end, and which way each of them takes."""

from __future__ import annotations

import asyncio
import sys
from typing import Protocol

from app.wire.deflate import inflate
from app.wire.frame import DEFLATED_TEXT, TEXT
from app.wire.odd_frames import OddFrames
from app.wire.socket_transport import SocketTransport

try:
    from websockets.speedups import apply_mask
except ImportError:  # a platform for which it has no compiled part
    from websockets.utils import apply_mask

FIN, CONTROL, OPCODE, CLOSE = 0x80, 0x08, 0x0F, 0x08
PING, PONG = 0x89, 0x8A
"""The first bytes of whole pings and pongs."""
MASKED, LENGTH = 0x80, 0x7F
LONG, LONGEST = 126, 127
"""What stands for a payload's length where it takes 16 or 64 bits."""
WORD = 4
"""Bytes in our pings, by which their answers are known."""
MASK = 4
"""Bytes of the mask, which stands before the payload."""


def payload_span(data: bytes, at: int) -> tuple[int, int]:
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


def is_unmasked(data: bytes, at: int) -> bool:
    """Whether the frame that begins at ``at`` is none of a browser's, as far as has come."""
    return len(data) > at + 1 and not data[at + 1] & MASKED


def unmasked(data: bytes, start: int, end: int) -> bytes:
    """The payload that lies there."""
    return apply_mask(data[start:end], data[start - MASK : start])


class LongWay(Protocol):
    """Who takes the frames for which there is no short way."""

    offered: SocketTransport
    loop: asyncio.AbstractEventLoop

    def take_long(self, frames: bytes) -> None:
        """Parse whole frames, or the head of one on which the socket has to be closed."""

    def take_pong(self, word: bytes) -> None:
        """Somebody has answered a ping."""

    def refuse_odd(self) -> None:
        """End the socket: it sends too many odd frames."""


class FrameReader:
    """What has come by one socket and was not taken yet. It keeps no reference to who takes it: nobody looks for
    circles (see serve)."""

    __slots__ = ("_in_pieces", "_odd", "_partial", "largest", "window")

    def __init__(self, largest: int | None) -> None:
        self.largest = largest or sys.maxsize
        """Bytes of a message at most, inflated."""
        self.window = 0
        """The window in which the browser deflates, in bits; 0 if it does not."""
        self._partial = b""
        """The beginning of a frame whose rest has not come yet."""
        self._in_pieces = False
        """A message of several frames is under way: each of them takes the long way."""
        self._odd = OddFrames()

    def read(self, data: bytes, long_way: LongWay) -> None:
        """Take the frames that are whole now, until the socket is paused or closed."""
        data, at, offered = self._partial + data, 0, long_way.offered
        self._partial = b""
        while at < len(data) and not (offered.paused or offered.is_closing()):
            start, end = payload_span(data, at)
            if end - start > self.largest or is_unmasked(data, at):
                long_way.take_long(data[at:])  # it is closed on the head already, whatever is in it
                return
            if end > len(data):
                break
            self._take(data, at, start, end, long_way)
            at = end
        self._partial = data[at:]

    def _take(self, data: bytes, at: int, start: int, end: int, long_way: LongWay) -> None:
        """One whole frame. What does not inflate, or inflates to too much, takes the long way: that knows with which
        code to close on it."""
        receive, first = long_way.offered.receive, data[at]
        if receive is not None and not self._in_pieces:
            if first == TEXT:
                receive(unmasked(data, start, end))
                return
            if first == DEFLATED_TEXT and self.window:
                text = inflate(unmasked(data, start, end), self.window, self.largest)
                if text is not None:
                    receive(text)
                    return
        self._take_long(data[at:end], start - at, long_way)

    def _take_long(self, frame: bytes, start: int, long_way: LongWay) -> None:
        """A frame for which there is no short way, or not now. Its payload begins at ``start``."""
        first = frame[0]
        if long_way.offered.is_shut:
            if first & OPCODE == CLOSE:
                long_way.take_long(frame)
        elif first == PONG and len(frame) - start == WORD and not self._is_too_odd(long_way):
            long_way.take_pong(unmasked(frame, start, len(frame)))
        elif (first & CONTROL or self._in_pieces or not first & FIN) and self._is_too_odd(long_way):
            long_way.refuse_odd()
        else:
            if not first & CONTROL:
                self._in_pieces = not first & FIN
            long_way.take_long(frame)

    def _is_too_odd(self, long_way: LongWay) -> bool:
        return self._odd.are_too_many(long_way.loop.time())
