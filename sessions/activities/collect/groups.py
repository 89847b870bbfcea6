"""Groups of cards, and the newest cards. Taking in, moving or removing one costs the same however many there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


class Groups:
    """Cards by id, each in one group at most, in the order in which they came into it."""

    def __init__(self) -> None:
        self._groups: dict[str, dict[str, None]] = {}
        self._where: dict[str, str] = {}
        self.total = 0

    def put(self, card: str, group: str | None) -> None:
        """Lay a card into a group, or take it away (None). What is there already stays in its place."""
        before = self._where.get(card)
        if before == group:
            return
        if before is not None:
            del self._groups[before][card], self._where[card]
            self.total -= 1
        if group is not None:
            self._groups.setdefault(group, {})[card] = None
            self._where[card] = group
            self.total += 1

    def __getitem__(self, group: str) -> Sequence[str]:
        return tuple(self._groups.get(group, ()))

    def first(self, group: str, many: int) -> list[str]:
        """The first ``many`` cards of a group."""
        return [card for card, _ in zip(self._groups.get(group, ()), range(many), strict=False)]

    def size(self, group: str) -> int:
        return len(self._groups.get(group, ()))


class Newest:
    """The newest numbers among those that are in, at most ``limit``."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._all: set[int] = set()
        self._newest: set[int] = set()

    def __contains__(self, number: int) -> bool:
        return number in self._newest

    def __iter__(self) -> Iterator[int]:
        """Newest first."""
        return iter(sorted(self._newest, reverse=True))

    def add(self, number: int) -> int | None:
        """Take a number in; the one that falls out for it, or None."""
        if number in self._all:
            return None
        self._all.add(number)
        if len(self._newest) == self._limit and number < min(self._newest):
            return None
        self._newest.add(number)
        return self._drop(min(self._newest)) if len(self._newest) > self._limit else None

    def _drop(self, number: int) -> int:
        self._newest.remove(number)
        return number

    def remove(self, number: int) -> int | None:
        """Take a number out; the one that comes back for it, or None."""
        self._all.discard(number)
        if number not in self._newest:
            return None
        below = min(self._newest)
        self._newest.remove(number)
        if len(self._newest) == len(self._all):
            return None
        back = next((n for n in range(below - 1, 0, -1) if n in self._all), None)
        if back is not None:
            self._newest.add(back)
        return back
