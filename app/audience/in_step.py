"""The sockets of one audience, most of them in groups that are written to in one loop.

The sockets of a group have heard all the same, so one loop writes to all of them, past every object of theirs: of
thousands there is hardly anything in the processor's memory, and to fetch what belongs to each takes longer than the
loop. How far a socket has been told is said by its group as long as it is in one. It leaves for anything of its own,
and comes back with the first frame that it and the others get alike.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from app.wire.frame import Frame

if TYPE_CHECKING:
    from app.audience.connection import Connection

SLICE = 400
"""Sockets in a group, and sockets that are written to before others get their turn."""


class InStepGroup:
    """Sockets that know everything up to ``seq``, by the descriptors that their transports have lent."""

    __slots__ = ("_sockets", "inflates", "places", "seq")

    def __init__(self, sockets: AudienceSockets, inflates: bool, seq: int) -> None:
        self._sockets, self.inflates, self.seq = sockets, inflates, seq
        self.places: dict[int, Connection] = {}

    def leave(self, descriptor: int) -> None:
        """Write to a socket no more."""
        connection = self.places.pop(descriptor)
        self._sockets.others[connection] = None
        if not self.places:
            self._sockets.groups.remove(self)

    def write(self, frame: Frame, seq: int) -> int:
        """Send a frame to all, who know everything up to ``seq`` then; how many that is."""
        written, self.seq = len(self.places), seq
        data = frame.deflated if self.inflates else frame.plain
        for descriptor, sent in _unfinished(self.places, data):
            self.places[descriptor].transport.finish(data[sent:])
        return written


def _unfinished(descriptors: Iterable[int], data: bytes) -> list[tuple[int, int]]:
    """Write to all of them; which have not taken it all, and how many bytes they took."""
    write, size, unfinished = os.write, len(data), []
    for descriptor in descriptors:
        try:
            sent = write(descriptor, data)
        except OSError:  # it is full, or broken: its transport finds out
            sent = 0
        if sent != size:
            unfinished.append((descriptor, sent))
    return unfinished


class AudienceSockets:
    """All open sockets of one audience."""

    def __init__(self) -> None:
        self.groups: list[InStepGroup] = []
        self.others: dict[Connection, None] = {}
        """Who waits for something of its own, has no room, has heard nothing yet, or has no descriptor to lend."""

    def __bool__(self) -> bool:
        return bool(self.others or self.groups)

    @property
    def connections(self) -> list[Connection]:
        """Everybody, those in groups first."""
        return [connection for group in self.groups for connection in group.places.values()] + [*self.others]

    def join_group(self, connection: Connection) -> None:
        """Somebody of the others has heard what the groups have heard."""
        descriptor, seq = connection.transport.descriptor, connection.shared
        if descriptor < 0 or connection not in self.others:
            return
        inflates = connection.transport.inflates
        group = next((group for group in reversed(self.groups) if _has_room(group, inflates, seq)), None)
        if group is None:
            group = InStepGroup(self, inflates, seq)
            self.groups.append(group)
        del self.others[connection]
        group.places[descriptor] = connection
        connection.group, connection.descriptor = group, descriptor


def _has_room(group: InStepGroup, inflates: bool, seq: int) -> bool:
    return len(group.places) < SLICE and group.inflates == inflates and group.seq == seq
