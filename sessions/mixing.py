"""Numbers that look like chance and are the same for ever, on every Python: those of a library may change."""

from __future__ import annotations

from hashlib import blake2b

_MASK = (1 << 64) - 1


def mix(*parts: object) -> int:
    """A number below 2^64 that follows from the parts alone."""
    return int.from_bytes(blake2b("|".join(map(str, parts)).encode(), digest_size=8).digest())


class Mixer:
    """A row of such numbers (xorshift); ``parts`` say where it begins."""

    def __init__(self, *parts: object) -> None:
        self._at = mix(*parts) or 1

    def below(self, limit: int) -> int:
        """The next number, below a limit."""
        at = self._at
        at ^= at << 13 & _MASK
        at ^= at >> 7
        at ^= at << 17 & _MASK
        self._at = at
        return at % limit

    def shuffle(self, items: list[int]) -> None:
        """Put a list into another order, in place."""
        for last in range(len(items) - 1, 0, -1):
            other = self.below(last + 1)
            items[last], items[other] = items[other], items[last]
