"""Whether somebody who is not in yet comes in, waits, or is turned back; and whether who waits comes in by now."""

from __future__ import annotations

from typing import NamedTuple

from app.live.desk import Desk
from app.live.house import LiveHouse
from app.web.join_limits import MAX_PEOPLE


class Verdict(NamedTuple):
    """Whoever neither waits nor has a fault comes in."""

    waits: bool = False
    fault: str = ""
    seconds: float = 0.0
    """Real seconds after which it may be tried again, where that is known."""


IN, WAITS = Verdict(), Verdict(waits=True)


class Admission:
    """At the door of one session."""

    def __init__(self, house: LiveHouse, desk: Desk) -> None:
        self.house, self.desk, self.session = house, desk, desk.session

    async def of(self, device: str, word: str) -> Verdict:
        """What becomes of somebody with this device, who has brought this word from the room's wall ("": none)."""
        no = self._no_room() or self._too_many(device)
        if no is not None:
            return no
        return IN if await self._lets_in(device, word) else self._waits()

    async def again(self, device: str, word: str) -> Verdict:
        """What becomes of somebody who waits already, and looks again with this device and word."""
        return IN if self._no_room() is None and await self._lets_in(device, word) else WAITS

    async def _lets_in(self, device: str, word: str) -> bool:
        knows = self.house.limits.words.knows(self.desk.code, word)
        if self.session.door == "ask" or (self.session.door == "strict" and not knows):
            return False
        if await self._is_held_back(device):
            return False
        return knows or self._is_in_the_crowd()

    def _is_in_the_crowd(self) -> bool:
        """Whether there is a place for one more of those who have not seen the wall."""
        if self.house.limits.lets_crowd_in(self.desk.code, self.session.expected):
            return True
        self._note_crowded()
        return False

    def _no_room(self) -> Verdict | None:
        if self.session.door == "closed":
            return Verdict(fault="closed")
        if self.house.store_limits.disk.is_low:
            return Verdict(fault="no_space")
        if len(self.desk.hall.connected) >= MAX_PEOPLE:
            return Verdict(fault="full")
        return None

    def _too_many(self, device: str) -> Verdict | None:
        """Whether more come from one device than may, who is counted."""
        seconds = self.house.limits.lets_join(device)
        return Verdict(fault="crowd", seconds=seconds) if seconds else None

    async def _is_held_back(self, device: str) -> bool:
        """Whether the device has spoken for somebody whom staff has removed, or who has a pass for some phases: it does
        not come back by another name, as somebody who may be there."""
        known = map(self.session.people.get, await self.house.people.people_on(self.desk.code, device))
        return any(
            (member.removed and not member.erased) or member.guest_pass is not None
            for member in filter(None, known)
        )

    def _waits(self) -> Verdict:
        return WAITS if self.house.waiting_room.has_room(self.desk) else Verdict(fault="crowd", seconds=30.0)

    def _note_crowded(self) -> None:
        if not self.desk.hall.is_crowded:
            self.desk.hall.is_crowded = True
            self.desk.presence_changed()
