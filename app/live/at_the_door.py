"""Who stands at the door of one session, as all processes know it together that serve it."""

from __future__ import annotations

import time

from app.audience.presence import Presence
from app.drawing.page_context import PageContext
from app.people.store import Directory


class AtTheDoor:
    """Of one session. What pages show of it stands in ``hall.waiting``."""

    def __init__(self, code: str, hall: PageContext, directory: Directory, presence: Presence) -> None:
        self._code, self._hall, self._directory, self._presence = code, hall, directory, presence
        self.here: dict[str, float] = {}
        """Who waits as this process knows of its own, and since when (race time): the others are told."""
        self._asked: dict[str, float] = {}
        """When somebody asked here last, in real seconds, until they wait no more."""

    def ask(self, person: str, now: float) -> bool:
        """Somebody waits, or waits still, at this race time; whether this process did not know."""
        is_new = person not in self.here
        self._asked[person] = time.monotonic()
        if is_new:
            self.here[person] = min(now, self._presence.waiting(self._code).get(person, now))
        if person not in self._hall.waiting:
            self.show()
        return is_new

    def leave(self, person: str) -> bool:
        """Somebody waits no more; whether they did as this process knew."""
        self._asked.pop(person, None)
        waited = self.here.pop(person, None) is not None
        self.show()
        return waited

    def gone(self, oldest: float) -> list[str]:
        """Who has asked neither here since ``oldest`` (real seconds) nor elsewhere, so that nobody is there.

        Whoever goes on asking elsewhere is kept in mind until the others know of them no more either: of several
        processes that forget somebody at once one has to see to it that nothing of them stays.
        """
        for person in [person for person, at in self._asked.items() if at < oldest]:
            self.here.pop(person, None)
        elsewhere = self._presence.waiting(self._code)
        return [person for person in self._asked if person not in self.here and person not in elsewhere]

    async def learn_names(self) -> None:
        """Take in who people are that have asked elsewhere."""
        if any(person not in self._directory for person in self._presence.waiting(self._code)):
            await self._directory.catch_up()

    def show(self) -> None:
        """Pages show from now on whoever waits anywhere, in the order in which they came."""
        since = dict(self._presence.waiting(self._code))
        for person, at in self.here.items():
            since[person] = min(at, since.get(person, at))
        there = {person: at for person, at in since.items() if self._waits(person)}
        self._hall.waiting = dict(sorted(there.items(), key=lambda item: item[1]))

    def _waits(self, person: str) -> bool:
        """Whether somebody is neither in meanwhile nor turned away."""
        is_erased = person in self._directory and not self._directory.name(person)
        return person not in self._hall.session.people and not is_erased
