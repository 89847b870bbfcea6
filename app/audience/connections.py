"""The roll: which sockets are open, found by person, by audience, and by what an audience hears."""

from __future__ import annotations

from collections.abc import Collection

from app.audience.connection import Audience, Connection, Cursor
from app.audience.in_step import AudienceSockets

Hearing = dict[str, dict[Audience, None]]
"""By scope, the audiences that hear of it."""


class Connections:
    """The open sockets of one session. Whatever is listed is in the order in which it came, ranks aside."""

    def __init__(self) -> None:
        self._people: dict[str, dict[Connection, None]] = {}
        self._audiences: dict[Audience, AudienceSockets] = {}
        self.hearing: dict[tuple[str, str], Hearing] = {}
        """For each view and language that somebody has open."""

    def __contains__(self, outlet: Connection) -> bool:
        return outlet in self._people.get(outlet.person, ())

    def __len__(self) -> int:
        return sum(map(len, self._people.values()))

    @property
    def people(self) -> Collection[str]:
        """Everybody with an open socket."""
        return self._people.keys()

    @property
    def outlets(self) -> list[Connection]:
        """Every open socket."""
        return [outlet for crowd in self._audiences.values() for outlet in crowd.outlets]

    def of_person(self, person: str) -> Collection[Connection]:
        """Somebody's sockets, the oldest first."""
        return self._people.get(person, {}).keys()

    def audience(self, audience: Audience) -> AudienceSockets:
        """The sockets of an audience."""
        return self._audiences.get(audience) or AudienceSockets()

    def of_view(self, view: str, language: str) -> list[Connection]:
        """The sockets of a view in one language."""
        audiences = (a for a in self._audiences if (a.view, a.language) == (view, language))
        return [outlet for audience in audiences for outlet in self._audiences[audience].outlets]

    def add(self, outlet: Connection) -> None:
        self._people.setdefault(outlet.person, {})[outlet] = None
        audience = outlet.audience
        if audience not in self._audiences:
            self._audiences[audience] = AudienceSockets()
            hearing = self.hearing.setdefault((outlet.view, outlet.language), {})
            for scope in audience.scopes:
                hearing.setdefault(scope, {})[audience] = None
        self._audiences[audience].others[outlet] = None

    def remove(self, outlet: Connection) -> None:
        if outlet not in self:
            return
        outlet.step_out()
        del self._people[outlet.person][outlet]
        if not self._people[outlet.person]:
            del self._people[outlet.person]
        self._leave_audience(outlet, outlet.audience)

    def _leave_audience(self, outlet: Connection, audience: Audience) -> None:
        del self._audiences[audience].others[outlet]
        if self._audiences[audience]:
            return
        del self._audiences[audience]
        hearing = self.hearing[outlet.view, outlet.language]
        for scope in audience.scopes:
            del hearing[scope][audience]
            if not hearing[scope]:
                del hearing[scope]
        if not hearing:
            del self.hearing[outlet.view, outlet.language]

    def rename(self, reader: Cursor, scopes: tuple[str, ...]) -> None:
        """Somebody's place has changed: from now on the page hears of these scopes."""
        known = isinstance(reader, Connection) and reader in self
        if known:
            assert isinstance(reader, Connection)
            self.remove(reader)
        reader.scopes = scopes
        if known:
            assert isinstance(reader, Connection)
            self.add(reader)
