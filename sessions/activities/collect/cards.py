"""Cards on a wall: what a collecting phase has gathered, and in which piles it lies.

Taking in, moving or removing one card costs the same however many there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field


@dataclass
class Slip:
    """One card as it stands now. ``at`` and ``made`` are wall time in seconds since 1970 UTC.

    ``into`` is the card that stands for this one (a duplicate), ``merged`` are the ones this one stands for;
    ``owner`` is the team whose entry ``target`` was when the card came, ``about`` that entry's title.
    """

    id: str
    number: int
    author: str
    at: float
    fields: dict[str, str]
    column: str = ""
    team: str = ""
    link: str = ""
    target: str = ""
    owner: str = ""
    about: str = ""
    language: str = ""
    made: float = 0.0
    edited_at: float = 0.0
    withdrawn_at: float = 0.0
    hidden: bool = False
    group: str = ""
    into: str = ""
    merged: dict[str, None] = field(default_factory=dict)

    @property
    def withdrawn(self) -> bool:
        return self.withdrawn_at > 0

    @property
    def standing(self) -> bool:
        """Whether it stands for itself: neither withdrawn nor merged into another."""
        return not self.withdrawn and not self.into

    @property
    def shown(self) -> bool:
        """Whether people other than staff and its author may see it."""
        return self.standing and not self.hidden

    @property
    def count(self) -> int:
        return 1 + len(self.merged)


class Piles:
    """Things that each lie in one pile at most."""

    def __init__(self) -> None:
        self._piles: dict[str, dict[str, None]] = {}
        self._where: dict[str, str] = {}
        self.total = 0

    def put(self, thing: str, pile: str | None) -> None:
        """Lay a thing on a pile, or take it away (None). What lies there already stays in its place."""
        before = self._where.get(thing)
        if before == pile:
            return
        if before is not None:
            del self._piles[before][thing], self._where[thing]
            self.total -= 1
        if pile is not None:
            self._piles.setdefault(pile, {})[thing] = None
            self._where[thing] = pile
            self.total += 1

    def __getitem__(self, pile: str) -> Sequence[str]:
        return tuple(self._piles.get(pile, ()))

    def first(self, pile: str, many: int) -> list[str]:
        """The first ``many`` things on a pile."""
        return [thing for thing, _ in zip(self._piles.get(pile, ()), range(many), strict=False)]

    def size(self, pile: str) -> int:
        return len(self._piles.get(pile, ()))


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


class Wall:
    """All cards of a phase: on the trays as staff sorts them, on the piles as the others see them."""

    def __init__(self, newest: int) -> None:
        self.cards: dict[str, Slip] = {}
        self.titles: dict[str, str] = {}
        """Groups by id."""
        self.trays = Piles()
        self.piles = Piles()
        self.newest = Newest(newest)
        self._id_of: dict[int, str] = {}

    def settle(self, slip: Slip) -> list[str]:
        """Put a card where it belongs now; ids of other cards that come into or drop out of the newest."""
        self.cards[slip.id] = slip
        self._id_of[slip.number] = slip.id
        self.trays.put(slip.id, slip.group if slip.standing else None)
        self.piles.put(slip.id, pile_of(slip) if slip.shown else None)
        other = self.newest.add(slip.number) if slip.shown else self.newest.remove(slip.number)
        return [] if other is None else [self._id_of[other]]

    def merge(self, into: Slip, slip: Slip) -> None:
        slip.into = into.id
        into.merged[slip.id] = None

    def part(self, slip: Slip) -> None:
        """A card stands for itself again."""
        del self.cards[slip.into].merged[slip.id]
        slip.into = ""

    def behind(self, slip: Slip) -> list[Slip]:
        """The card and those it stands for."""
        return [slip, *(self.cards[card] for card in slip.merged)]

    @property
    def groups(self) -> list[str]:
        """Ids of the groups that hold cards, in the order they were made."""
        return [group for group in self.titles if self.trays.size(group)]

    @property
    def latest(self) -> list[Slip]:
        """The newest cards that others may see, newest first."""
        return [self.cards[self._id_of[number]] for number in self.newest]

    def on(self, pile: str) -> list[Slip]:
        """The cards that others see on a pile, oldest first."""
        return [self.cards[card] for card in self.in_order(self.piles[pile])]

    def in_order(self, cards: Iterable[str]) -> list[str]:
        """Ids in the order in which the cards were written."""
        return sorted(cards, key=lambda card: self.cards[card].number)


def pile_of(slip: Slip) -> str:
    """Where a card lies on the wall: in its group, or in its column."""
    return slip.group or column_pile(slip.column)


def column_pile(column: str) -> str:
    return f"/{column}"
