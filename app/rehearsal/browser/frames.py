"""Frames of RFC 6455 as a browser writes them."""

from __future__ import annotations

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
FINAL, MASKED, DEFLATED, OPCODE = 0x80, 0x80, 0x40, 0x0F


def masked(payload: bytes, mask: bytes) -> bytes:
    """Every byte XORed with its byte of the mask, all at once as one large number."""
    length = len(payload)
    whole = (mask * (length // 4 + 1))[:length]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(whole, "big")).to_bytes(length, "big")
