"""One field, one editor: who holds which field, and until when."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field

HOLD_SECONDS = 120.0
"""Elapsed seconds for which a field is one person's after a hold or a write."""

Place = tuple[str, str]
"""An entry and the key of one of its fields."""


@dataclass(frozen=True, slots=True)
class Hold:
    """A field is one person's until a wall time; nothing happens then, the hold is just over."""

    by: str
    until: float


@dataclass
class Holds:
    """Every hold by its field, and the one field of each person who holds one."""

    by_place: dict[Place, Hold] = field(default_factory=dict)
    of_person: dict[str, Place] = field(default_factory=dict)

    def take(self, person: str, place: Place, at: float) -> list[tuple[str, Place]]:
        """Hold a field from ``at`` (wall time); who has let go of what for that: its last editor, and the person of
        the field before."""
        last, released = self.by_place.get(place), []
        if last is not None and last.by != person:
            released.append((last.by, self.release(last.by)))
        if self.of_person.get(person, place) != place:
            released.append((person, self.release(person)))
        self.of_person[person] = place
        self.by_place[place] = Hold(person, at + HOLD_SECONDS)
        return released

    def release(self, person: str) -> Place:
        """The field that a person who holds one has let go of."""
        place = self.of_person.pop(person)
        self.by_place.pop(place, None)
        return place

    def keep_only(self, entries: Container[str]) -> None:
        """Forget the holds of every other entry."""
        self.by_place = {place: hold for place, hold in self.by_place.items() if place[0] in entries}
        self.of_person = {person: place for person, place in self.of_person.items() if place[0] in entries}
