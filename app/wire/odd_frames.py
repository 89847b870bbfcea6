"""How many pings, pongs and pieces of messages a socket may send."""

from __future__ import annotations

ODD, ODD_SECONDS = 200, 10.0
"""Pings, pongs and pieces of messages that a socket may send in so many seconds. They cost as much as a command and are
none, so no pace of commands holds them up; a browser sends one now and then."""


class OddFrames:
    """How many odd frames one socket has sent of late. Times are the loop's, in seconds."""

    __slots__ = ("_count", "_since")

    def __init__(self) -> None:
        self._count, self._since = 0, 0.0

    def are_too_many(self, now: float) -> bool:
        """Whether one more is more than a socket may send."""
        if now - self._since > ODD_SECONDS:
            self._since, self._count = now, 0
        self._count += 1
        return self._count > ODD
