"""The roll: which sockets are open, found by person, by audience, and by what an audience hears."""

from __future__ import annotations

from collections.abc import Collection

from app.live.outlet import Audience, Outlet, Reader
from app.live.ranks import Crowd

Hearing = dict[str, dict[Audience, None]]
"""By scope, the audiences that hear of it."""


class Roll:
    """The open sockets of one session. Whatever is listed is in the order in which it came, ranks aside."""

    def __init__(self) -> None:
        self._people: dict[str, dict[Outlet, None]] = {}
        self._audiences: dict[Audience, Crowd] = {}
        self.hearing: dict[tuple[str, str], Hearing] = {}
        """For each view and language that somebody has open."""

    def __contains__(self, outlet: Outlet) -> bool:
        return outlet in self._people.get(outlet.person, ())

    def __len__(self) -> int:
        return sum(map(len, self._people.values()))

    @property
    def people(self) -> Collection[str]:
        """Everybody with an open socket."""
        return self._people.keys()

    @property
    def outlets(self) -> list[Outlet]:
        """Every open socket."""
        return [outlet for crowd in self._audiences.values() for outlet in crowd.outlets]

    def of_person(self, person: str) -> Collection[Outlet]:
        """Somebody's sockets, the oldest first."""
        return self._people.get(person, {}).keys()

    def audience(self, audience: Audience) -> Crowd:
        """The sockets of an audience."""
        return self._audiences.get(audience) or Crowd()

    def of_view(self, view: str, language: str) -> list[Outlet]:
        """The sockets of a view in one language."""
        audiences = (a for a in self._audiences if (a.view, a.language) == (view, language))
        return [outlet for audience in audiences for outlet in self._audiences[audience].outlets]

    def add(self, outlet: Outlet) -> None:
        self._people.setdefault(outlet.person, {})[outlet] = None
        audience = outlet.audience
        if audience not in self._audiences:
            self._audiences[audience] = Crowd()
            hearing = self.hearing.setdefault((outlet.view, outlet.language), {})
            for scope in audience.scopes:
                hearing.setdefault(scope, {})[audience] = None
        self._audiences[audience].others[outlet] = None

    def remove(self, outlet: Outlet) -> None:
        if outlet not in self:
            return
        outlet.step_out()
        del self._people[outlet.person][outlet]
        if not self._people[outlet.person]:
            del self._people[outlet.person]
        self._leave_audience(outlet, outlet.audience)

    def _leave_audience(self, outlet: Outlet, audience: Audience) -> None:
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

    def rename(self, reader: Reader, scopes: tuple[str, ...]) -> None:
        """Somebody's place has changed: from now on the page hears of these scopes."""
        known = isinstance(reader, Outlet) and reader in self
        if known:
            assert isinstance(reader, Outlet)
            self.remove(reader)
        reader.scopes = scopes
        if known:
            assert isinstance(reader, Outlet)
            self.add(reader)
