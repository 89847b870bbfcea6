"""Connections that are behind their audience, each of which is caught up by itself."""

from __future__ import annotations

import asyncio
from collections import deque

from app.audience.connection import BEHIND, FULL, IN_STEP, UNDRAWN, Connection


class Lagging:
    """Who is behind, in the order in which they are caught up: those who have room, and beside them those who have
    none and those whose view could not be drawn."""

    def __init__(self) -> None:
        self._turns: deque[Connection] = deque()
        self.full: set[Connection] = set()
        self._undrawn: list[Connection] = []

    def __bool__(self) -> bool:
        """Whether anybody can be caught up now."""
        return bool(self._turns)

    def fall_behind(self, connection: Connection, published: int) -> None:
        """From now on a connection is caught up by itself. It has been told everything up to ``published``."""
        connection.leave_group()
        if connection.standing is IN_STEP:
            connection.stands_at(published)
            self.wait(connection)

    def wait(self, connection: Connection) -> None:
        """Catch up a connection in its turn, which comes when it has room."""
        if not connection.transport.full:
            connection.standing = BEHIND
            self._turns.append(connection)
            return
        connection.standing = FULL
        if connection not in self.full:
            self.full.add(connection)
            connection.full_since = asyncio.get_running_loop().time()

    def found_room(self, connection: Connection) -> None:
        """What waited for a connection has left."""
        if connection in self.full:
            self.full.discard(connection)
            self._take_turn(connection, FULL)

    def wait_for_drawing(self, connection: Connection) -> None:
        """The connection's view could not be drawn: it stays behind until somebody tries again."""
        connection.standing = UNDRAWN
        self._undrawn.append(connection)

    def try_again(self) -> None:
        """Something has changed, so what could not be drawn may be drawn now."""
        undrawn, self._undrawn = self._undrawn, []
        for connection in undrawn:
            self._take_turn(connection, UNDRAWN)

    def _take_turn(self, connection: Connection, standing: object) -> None:
        if connection.standing is standing:
            connection.standing = BEHIND
            self._turns.append(connection)

    def forget(self, connection: Connection) -> None:
        """A connection is gone. Where it has a turn, that passes."""
        self.full.discard(connection)

    def next(self) -> Connection:
        """Whose turn it is; there is one."""
        return self._turns.popleft()
