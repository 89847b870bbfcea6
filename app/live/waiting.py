"""People who stand at the door of a session until staff lets them in. Nothing of them is in the log yet: their rows and
the cookie that their browser was given speak for the wait, and by asking now and then they keep their place."""

from __future__ import annotations

import time
from collections.abc import Iterable

from app.live.coming_in import enter
from app.live.desk import Desk
from app.people.store import People
from sessions.messages import Personal, Refused

MOST_WAITING = 300
"""People who may wait at one door: more than staff can look at."""
GONE_SECONDS = 30 * 60.0
"""Real seconds after which whoever has not asked again is taken for gone."""


class WaitingRoom:
    """At the doors of all sessions of this process."""

    def __init__(self, people: People) -> None:
        self._people = people

    def has_room(self, desk: Desk) -> bool:
        return len(desk.hall.waiting) < MOST_WAITING

    async def wait(self, desk: Desk, person: str) -> None:
        """Somebody waits, or waits still."""
        if person not in desk.hall.waiting and not self.has_room(desk):
            return
        if person not in desk.directory:
            await desk.directory.catch_up()  # they asked at another process first
        if desk.door.ask(person, desk.now()):
            desk.presence_changed()

    def leave(self, desk: Desk, person: str) -> None:
        """Somebody waits no more."""
        if desk.door.leave(person):
            desk.presence_changed()

    async def let_in(self, desk: Desk, person: str) -> bool:
        """Somebody who waits is in, as what they have said of themselves; False if the session does not take them.
        Raises WriteError where that cannot be stored now."""
        if await self._people.is_erased(desk.code, person):  # they have gone away, at another process
            self.leave(desk, person)
            return False
        if person not in desk.directory:
            await desk.directory.catch_up()  # they asked at another process
        known = desk.directory.fields(person)
        organisation, language = known.get("organisation", ""), known.get("language", "")
        answer = await enter(desk, self._people, person, "participant", organisation, language)
        self.leave(desk, person)
        return not isinstance(answer, Refused)

    async def turn_away(self, desk: Desk, people: Iterable[str]) -> None:
        """People who wait are not let in, or have gone: nothing is left of them, also in a copy that comes back. Of
        whoever has come in meanwhile, here or at another process, everything stays."""
        waiting = [*people]
        for person in waiting:
            self.leave(desk, person)
        if waiting and desk.journal.shared:
            await desk.catch_up()
        outside = [person for person in waiting if person not in desk.session.people]
        if outside:
            await self._people.turn_away(desk.code, outside, desk.journal.erasing(outside))
        for person in outside:
            desk.directory.erase(person)
        desk.door.show()

    def leave_those_in(self, desk: Desk) -> None:
        """Whoever is in the session waits no more, wherever they were let in."""
        for person in {*desk.door.here, *desk.hall.waiting}:
            if person in desk.session.people:
                self.leave(desk, person)

    def gone(self, desk: Desk) -> list[str]:
        """Who has not asked for so long, here or at another process, that nobody is there."""
        return desk.door.gone(time.monotonic() - GONE_SECONDS)


def known_as(desk: Desk, person: str, name: str, organisation: str, language: str) -> None:
    """Show somebody to staff by what they told at the door, as soon as that is on disk."""
    fields = {"name": name, "organisation": organisation, "language": language}
    desk.directory.update(Personal(person, fields))
