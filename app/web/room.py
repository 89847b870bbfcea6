"""How many connections this process may hold, and who gives way when there is no room for another.

Never is anybody turned away by address: a venue is one address. Whoever comes anew gets in, and whoever has been of the
least use goes: who takes nothing of what was asked for, else who has asked for nothing the longest.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection
from typing import Protocol

RESERVE = 64
"""Descriptors that are kept for the database and for files."""
LARGEST = 60_000
"""Connections beyond which memory, not descriptors, is what there is too little of."""
PAGES = 0.1
"""Share of the connections that sockets leave to pages and forms: who gets no socket asks now and then."""


class Visit(Protocol):
    """A connection that is no socket."""

    @property
    def takes_nothing(self) -> bool:
        """Whether something waits for it that it does not take."""

    def make_way(self) -> None:
        """Be gone at once."""


class Room:
    """The room of one process. Nothing is counted before ``most`` is set."""

    def __init__(self) -> None:
        self.most = 0
        """Connections of all sorts; 0 for as many as come."""
        self._everybody: Collection[object] = ()
        """The connections there are, sockets and all."""
        self._visits: OrderedDict[Visit, None] = OrderedDict()
        """Who has asked for something latest comes last."""

    def set_by(self, descriptors: int) -> None:
        """As many as so many descriptors allow."""
        self.most = max(RESERVE, min(LARGEST, descriptors - RESERVE))

    def enter(self, visit: Visit, everybody: Collection[object]) -> None:
        """Somebody has come, and is one of everybody who is here now."""
        self._everybody = everybody
        if self.most and len(everybody) > self.most:
            self._make_way()
        self._visits[visit] = None

    def asks(self, visit: Visit) -> None:
        """Somebody who is here asks for something."""
        if visit in self._visits:
            self._visits.move_to_end(visit)

    def leave(self, visit: Visit) -> None:
        """Somebody is gone, or has become a socket."""
        self._visits.pop(visit, None)

    def takes_socket(self) -> bool:
        """Whether there is room for the socket that has just come, beside that for pages."""
        return not self.most or len(self._everybody) - len(self._visits) <= self.most * (1 - PAGES)

    def _make_way(self) -> None:
        idle = next((visit for visit in self._visits if visit.takes_nothing), None)
        visit = idle or next(iter(self._visits), None)
        if visit is not None:
            del self._visits[visit]
            visit.make_way()


room = Room()
"""This process's."""
