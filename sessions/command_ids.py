"""Which commands were accepted already: the newest by heart, all older ones as marks in a sieve of one size.

A session that has taken a million commands does not hold a million ids. Of the old ones it knows only that there may
have been such an id, and then the log is asked; it never takes an old id for a new one.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

BY_HEART = 50_000
"""So many of the newest ids are known by heart at least, twice as many at most."""
SIEVE_BITS = 1 << 25
"""4 MB. With a million ids in the sieve one new id in 5,000 looks like an old one, which costs a question."""
_MASK = SIEVE_BITS - 1


class CommandIds:
    """Ids of accepted commands and the seq of their last event."""

    def __init__(self) -> None:
        self._newest: dict[str, int] = {}
        self._older: dict[str, int] = {}
        """On its way into the sieve, one id with each new one, so that no command has to wait for all of them. The
        oldest is last, where a dictionary gives it away."""
        self._sieve = bytearray()

    def __setitem__(self, command: str, seq: int) -> None:
        if command not in self._newest:
            self._make_room()
        self._newest[command] = seq

    def _make_room(self) -> None:
        if self._older:
            self._forget(self._older.popitem()[0])
        if len(self._newest) == BY_HEART:
            self._older, self._newest = dict(reversed(self._newest.items())), {}

    def _forget(self, command: str) -> None:
        if not self._sieve:
            self._sieve = bytearray(SIEVE_BITS // 8)
        for place in _places(command):
            self._sieve[place >> 3] |= 1 << (place & 7)

    def get(self, command: str) -> int | None:
        """The seq of a command's last event, as far as it is known by heart."""
        seq = self._newest.get(command)
        return self._older.get(command) if seq is None else seq

    def __getitem__(self, command: str) -> int:
        seq = self.get(command)
        if seq is None:
            raise KeyError(command)
        return seq

    def __len__(self) -> int:
        """How many are known by heart."""
        return len(self._newest) + len(self._older)

    def forgotten(self, commands: Iterable[str]) -> list[str]:
        """Those that may have been accepted long ago: the log knows. What is not among them and not known by heart
        is new."""
        if not self._sieve:
            return []
        return [command for command in commands if self.get(command) is None and self._sieved(command)]

    def _sieved(self, command: str) -> bool:
        return all(self._sieve[place >> 3] >> (place & 7) & 1 for place in _places(command))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CommandIds) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]  # it changes


def _places(command: str) -> tuple[int, int, int, int]:
    """An id's four bits in the sieve: the same in every process, which hash() would not give."""
    name = command.encode()
    first, other = zlib.crc32(name), zlib.crc32(name[::-1])
    return first & _MASK, first >> 7, other & _MASK, other >> 7
