"""A transport whose descriptor is lent to others between its own writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def nobody() -> None:
    """What is called where nobody needs to be told."""


class LentTransport:
    """A transport, which recalls the descriptor before anything is written to it, because what it cannot send at once
    must not be overtaken, and before it is closed."""

    __slots__ = ("get_write_buffer_size", "is_closing", "recalled", "transport")

    def __init__(self) -> None:
        self.recalled: Callable[[], None] = nobody

    def lend(self, transport: Any) -> None:
        """Stand for this transport from now on. What is asked of it for each frame is asked without a detour."""
        self.transport = transport
        self.is_closing: Callable[[], bool] = transport.is_closing
        self.get_write_buffer_size: Callable[[], int] = transport.get_write_buffer_size

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
