"""Which sockets are open, found by person, by audience, and by what an audience hears."""

from __future__ import annotations

from collections.abc import Collection

from app.audience.connection import Audience, Connection, Cursor
from app.audience.in_step import AudienceSockets

Hearing = dict[str, dict[Audience, None]]
"""By scope, the audiences that hear of it."""


class Connections:
    """The open sockets of one session. Whatever is listed is in the order in which it came, groups aside."""

    def __init__(self) -> None:
        self._people: dict[str, dict[Connection, None]] = {}
        self._audiences: dict[Audience, AudienceSockets] = {}
        self.hearing: dict[tuple[str, str], Hearing] = {}
        """For each view and language that somebody has open."""

    def __contains__(self, connection: Connection) -> bool:
        return connection in self._people.get(connection.person, ())

    def __len__(self) -> int:
        return sum(map(len, self._people.values()))

    @property
    def people(self) -> Collection[str]:
        """Everybody with an open socket."""
        return self._people.keys()

    @property
    def all(self) -> list[Connection]:
        """Every open socket."""
        return [connection for sockets in self._audiences.values() for connection in sockets.connections]

    def of_person(self, person: str) -> Collection[Connection]:
        """Somebody's sockets, the oldest first."""
        return self._people.get(person, {}).keys()

    def audience(self, audience: Audience) -> AudienceSockets:
        """The sockets of an audience."""
        return self._audiences.get(audience) or AudienceSockets()

    def of_view(self, view: str, language: str) -> list[Connection]:
        """The sockets of a view in one language."""
        audiences = (a for a in self._audiences if (a.view, a.language) == (view, language))
        return [connection for audience in audiences for connection in self._audiences[audience].connections]

    def add(self, connection: Connection) -> None:
        self._people.setdefault(connection.person, {})[connection] = None
        audience = connection.audience
        if audience not in self._audiences:
            self._audiences[audience] = AudienceSockets()
            hearing = self.hearing.setdefault((connection.view, connection.language), {})
            for scope in audience.scopes:
                hearing.setdefault(scope, {})[audience] = None
        self._audiences[audience].others[connection] = None

    def remove(self, connection: Connection) -> None:
        if connection not in self:
            return
        connection.leave_group()
        del self._people[connection.person][connection]
        if not self._people[connection.person]:
            del self._people[connection.person]
        self._leave_audience(connection, connection.audience)

    def _leave_audience(self, connection: Connection, audience: Audience) -> None:
        del self._audiences[audience].others[connection]
        if self._audiences[audience]:
            return
        del self._audiences[audience]
        hearing = self.hearing[connection.view, connection.language]
        for scope in audience.scopes:
            del hearing[scope][audience]
            if not hearing[scope]:
                del hearing[scope]
        if not hearing:
            del self.hearing[connection.view, connection.language]

    def rename(self, page: Cursor, scopes: tuple[str, ...]) -> None:
        """Somebody's place has changed: from now on the page hears of these scopes."""
        known = isinstance(page, Connection) and page in self
        if known:
            assert isinstance(page, Connection)
            self.remove(page)
        page.scopes = scopes
        if known:
            assert isinstance(page, Connection)
            self.add(page)
