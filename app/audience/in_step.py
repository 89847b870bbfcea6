"""The sockets of one audience, most of them in ranks.

A rank has heard all the same, so one loop writes to all of it, past every object of theirs: of thousands there is
hardly anything in the processor's memory, and to fetch what belongs to each takes longer than the loop. Where a socket
stands is said by its rank as long as it is in one. It leaves for anything of its own, and comes back with the first
frame that it and the others get alike.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from app.wire.frame import Frame

if TYPE_CHECKING:
    from app.audience.connection import Connection

SLICE = 400
"""Sockets in a rank, and sockets that are written to before others get their turn."""


class InStep:
    """Sockets that know everything up to ``seq``, by the descriptors that their lines have lent."""

    __slots__ = ("_crowd", "inflates", "places", "seq")

    def __init__(self, crowd: AudienceSockets, inflates: bool, seq: int) -> None:
        self._crowd, self.inflates, self.seq = crowd, inflates, seq
        self.places: dict[int, Connection] = {}

    def leave(self, descriptor: int) -> None:
        """A socket goes its own way."""
        outlet = self.places.pop(descriptor)
        self._crowd.others[outlet] = None
        if not self.places:
            self._crowd.ranks.remove(self)

    def write(self, frame: Frame, seq: int) -> int:
        """Send a frame to all, who know everything up to ``seq`` then; how many that is."""
        written, self.seq = len(self.places), seq
        data = frame.deflated if self.inflates else frame.plain
        for descriptor, sent in _unfinished(self.places, data):
            self.places[descriptor].line.finish(data[sent:])
        return written


def _unfinished(descriptors: Iterable[int], data: bytes) -> list[tuple[int, int]]:
    """Write to all of them; which have not taken it all, and how many bytes they took."""
    write, size, unfinished = os.write, len(data), []
    for descriptor in descriptors:
        try:
            sent = write(descriptor, data)
        except OSError:  # it is full, or broken: its line finds out
            sent = 0
        if sent != size:
            unfinished.append((descriptor, sent))
    return unfinished


class AudienceSockets:
    """All open sockets of one audience."""

    def __init__(self) -> None:
        self.ranks: list[InStep] = []
        self.others: dict[Connection, None] = {}
        """Who waits for something of its own, has no room, has heard nothing yet, or has no line that can be lent."""

    def __bool__(self) -> bool:
        return bool(self.others or self.ranks)

    @property
    def outlets(self) -> list[Connection]:
        """Everybody, those in ranks first."""
        return [outlet for rank in self.ranks for outlet in rank.places.values()] + [*self.others]

    def line_up(self, outlet: Connection) -> None:
        """Somebody of the others has heard what the ranks have heard."""
        descriptor, seq = outlet.line.descriptor, outlet.shared
        if descriptor < 0 or outlet not in self.others:
            return
        inflates = outlet.line.inflates
        rank = next((rank for rank in reversed(self.ranks) if _has_room(rank, inflates, seq)), None)
        if rank is None:
            rank = InStep(self, inflates, seq)
            self.ranks.append(rank)
        del self.others[outlet]
        rank.places[descriptor] = outlet
        outlet.rank, outlet.descriptor = rank, descriptor


def _has_room(rank: InStep, inflates: bool, seq: int) -> bool:
    return len(rank.places) < SLICE and rank.inflates == inflates and rank.seq == seq
