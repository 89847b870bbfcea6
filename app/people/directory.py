"""Who is who in one session: names and contact data in memory, by pseudonymous id."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime

from app.database.tables import now
from app.people.rows import COLUMN_OF, Known
from sessions.messages import Erasure, Personal
from sessions.names import name_key

NOTHING: Mapping[str, str] = {}


class Directory:
    """Names by person, kept up to date by whoever writes them. No two people share a shown name."""

    def __init__(self, known: Iterable[Known] = ()) -> None:
        self._fields: dict[str, dict[str, str]] = {}
        self._namesakes: dict[str, list[str]] = {}
        self._since: dict[str, datetime] = {}
        self.catch_up: Callable[[], Awaitable[None]] = _nothing_new
        """Takes in what other processes were told of people: to be awaited before events of theirs are shown."""
        self.on_erased: Callable[[str], None] = lambda person: None
        """To be told of everybody of whom the rows have been emptied, once they have heard so: it locks them out."""
        self.learn(known)

    def learn(self, known: Iterable[Known]) -> None:
        """Take in people as their rows have them now; what does not stand there any more is forgotten."""
        for personal, since in known:
            person, before = personal.person, self.name(personal.person)
            self._fields[person], self._since[person] = dict(personal.fields), since
            self._move(person, before, self.name(person))

    def add(self, person: str, name: str, organisation: str = "") -> None:
        """Somebody has come in."""
        self.update(Personal(person, {"name": name, "organisation": organisation}))

    def take(self, item: Personal | Erasure) -> None:
        """Take in what has just gone to disk."""
        if isinstance(item, Erasure):
            self.erase(item.person)
        else:
            self.update(item)

    def update(self, personal: Personal) -> frozenset[str]:
        """Take in what somebody told. The people whose shown name it changes, or may have."""
        before = self.name(personal.person)
        columns = {COLUMN_OF.get(name, name): value for name, value in personal.fields.items()}
        self._fields.setdefault(personal.person, {}).update(columns)
        self._since.setdefault(personal.person, now())
        self._move(personal.person, before, self.name(personal.person))
        return frozenset(self._called(before) + self._called(self.name(personal.person)))

    def erase(self, person: str) -> None:
        """Keep nothing of somebody but that they were there; their role is shown in the name's place."""
        before = self.name(person)
        self._fields[person] = {"name": ""}
        self._move(person, before, "")

    def _move(self, person: str, before: str, after: str) -> None:
        if name_key(before) == name_key(after):
            return
        if person in self._called(before):
            self._called(before).remove(person)
        if after:
            self._namesakes.setdefault(name_key(after), []).append(person)

    def _called(self, name: str) -> list[str]:
        return self._namesakes.get(name_key(name), [])

    def namesakes(self, name: str) -> list[str]:
        """Everybody whose name is the same to whoever reads it, however it is spelt."""
        return [*self._called(name)]

    def __contains__(self, person: str) -> bool:
        return person in self._fields

    def fields(self, person: str) -> Mapping[str, str]:
        """Everything that somebody told: name, organisation, language, and each contact by its own name."""
        return self._fields.get(person, NOTHING)

    def name(self, person: str) -> str:
        """The name as it was told; "" for who is not known."""
        return self.fields(person).get("name", "")

    def organisation(self, person: str) -> str:
        """The organisation's name as it was told; "" without one."""
        return self.fields(person).get("organisation", "")

    def shown_name(self, person: str) -> str:
        """The name to show: with the organisation where it is shared, numbered where that is shared too."""
        name = self.name(person)
        namesakes = self._called(name)
        if len(namesakes) < 2:
            return name
        label = self._label(person)
        alike = [other for other in namesakes if self._label(other) == label]
        place = sorted(alike, key=lambda other: (self._since[other], other)).index(person) + 1
        return name + label + (f" {place}" if place > 1 else "")

    def _label(self, person: str) -> str:
        organisation = self.organisation(person)
        return f" ({organisation})" if organisation else ""


async def _nothing_new() -> None:
    """No other process is told anything."""
