"""The running order of a stage, and what has become of each slot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

ALONE = "talk"
"""The id of the slot where there is only one."""
DIRECTIONS = ("up", "down", "end")


@dataclass
class Turn:
    """What has become of one slot. Times are wall times, ``spent`` seconds by part."""

    started_at: float = 0.0
    ended_at: float = 0.0
    calls: int = 0
    """How often it was called without anybody coming."""
    forfeited: bool = False
    spent: dict[str, float] = field(default_factory=dict)

    @property
    def waits(self) -> bool:
        return not self.started_at and not self.forfeited


@dataclass
class RunningOrder:
    """Who is on when. A slot's id is its entry's, that of whoever signed up for it, or ALONE where ``alone`` says that
    there is only one."""

    order: list[str]
    drawn: bool = True
    """False while the order is still to be drawn."""
    alone: bool = False
    turns: dict[str, Turn] = field(default_factory=dict)

    def slots(self, numbers: Mapping[str, int]) -> list[str]:
        """Every slot in its order. ``numbers`` are those of whoever takes part; who is not among them is out, and new
        ones come last."""
        if self.alone:
            return [ALONE]
        known = [slot for slot in self.order if slot in numbers]
        return known + sorted(numbers.keys() - set(known), key=numbers.__getitem__)

    def turn(self, slot: str) -> Turn:
        return self.turns.get(slot) or Turn()

    def kept_turn(self, slot: str) -> Turn:
        """The turn of a slot, to write something down in it."""
        return self.turns.setdefault(slot, Turn())

    def start(self, slot: str, at: float) -> None:
        """A slot is on from a wall time; it may have been on before, and begins anew then."""
        self.turns[slot] = Turn(started_at=at, calls=self.turn(slot).calls)

    def following(self, slots: Iterable[str]) -> str:
        """The slot that comes next in the running order; "" after the last."""
        return next((slot for slot in slots if self.turn(slot).waits), "")

    def drawn_anew(self, slots: Sequence[str], seed: int) -> list[str]:
        """The slots with those that still wait in a drawn order, after all others."""
        waiting = [slot for slot in slots if self.turn(slot).waits]
        others = [slot for slot in slots if not self.turn(slot).waits]
        Random(seed).shuffle(waiting)  # noqa: S311 – a lot drawn in the open, not a secret
        return others + waiting

    def moved(self, slots: Sequence[str], slot: str, to: str) -> list[str]:
        """The slots with one of them moved to the end, or past the nearest that waits above or below it."""
        at, others = slots.index(slot), [other for other in slots if other != slot]
        others.insert(self._place(others, at, to), slot)
        return others

    def _place(self, others: Sequence[str], at: int, to: str) -> int:
        if to == "end":
            return len(others)
        waiting = [place for place, other in enumerate(others) if self.turn(other).waits]
        if to == "up":
            return max((place for place in waiting if place < at), default=at)
        return min((place + 1 for place in waiting if place >= at), default=at)
