"""Whether texts are deflated on their way to and from browsers, and how: RFC 7692, permessage-deflate.

This is the one place that says so; ``serve`` tells uvicorn, and ``RaceProtocol`` goes by uvicorn's setting. It is on
because pushed fragments shrink to a third or less and a hall's Wi-Fi is what everybody shares. Browsers that offer it
(all do) then deflate what they send as well, down to the shortest command: RFC 7692 knows no way to agree to it in one
direction only, so what comes in is inflated on the short way too (see protocol.py).

It is agreed to without context takeover only, either way. So each message stands by itself: one deflated frame is right
for every socket (see frame.py), a message may take the short way or the long way whatever way the one before it took,
and nothing is kept for a socket between two messages, where a window would be 32 KiB for each direction.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Any

from websockets.extensions.permessage_deflate import PerMessageDeflate, ServerPerMessageDeflateFactory

ON = True
OFFER = ServerPerMessageDeflateFactory(server_no_context_takeover=True, client_no_context_takeover=True)
"""What the server agrees to. A client may ask for smaller windows than the largest."""
LEVEL = 6
LARGEST_WINDOW = zlib.MAX_WBITS
TAIL = b"\x00\x00\xff\xff"
"""What ends a flushed block of deflated data, and is left out of a message (RFC 7692, 7.2.1)."""


def agreed(extensions: Iterable[Any]) -> PerMessageDeflate | None:
    """What has been agreed on with one socket; None where nothing is deflated."""
    return next((known for known in extensions if isinstance(known, PerMessageDeflate)), None)


def takes_shared(deflating: PerMessageDeflate | None) -> bool:
    """Whether a socket can inflate what ``deflate`` makes: its window must be the largest, as it is unless it has asked
    for another."""
    return deflating is not None and deflating.local_max_window_bits == LARGEST_WINDOW


def window_of(deflating: PerMessageDeflate | None) -> int:
    """The bits of the window in which a socket deflates what it sends; 0 where it does not."""
    return 0 if deflating is None else deflating.remote_max_window_bits


def deflate(text: bytes) -> bytes:
    """The payload of a whole message, for every socket that takes it."""
    deflater = zlib.compressobj(LEVEL, zlib.DEFLATED, -LARGEST_WINDOW)
    return (deflater.compress(text) + deflater.flush(zlib.Z_SYNC_FLUSH))[: -len(TAIL)]


def inflate(payload: bytes, window: int, most: int) -> bytes | None:
    """The text of a whole message; None if it is no deflated data, or inflates to more than ``most`` bytes. Never are
    more than ``most`` and one bytes inflated, however small the payload is."""
    try:
        text = zlib.decompressobj(-window).decompress(payload + TAIL, most + 1)
    except zlib.error:
        return None
    return text if len(text) <= most else None
