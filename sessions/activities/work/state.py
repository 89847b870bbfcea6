"""What a work phase's events have come to: the documents of every entry, and who holds which field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sessions.activities.work.documents import Documents
from sessions.activities.work.fields import Field
from sessions.activities.work.holds import Holds
from sessions.entry import Entry


class WorkState:
    """Documents with the same ``fields`` (by key) for every entry."""

    def __init__(self, fields: Mapping[str, Field]) -> None:
        self.fields = fields
        self.documents: dict[str, Documents] = {}
        """By entry."""
        self.holds = Holds()
        self.last_contact = 0

    def take_up(self, entries: Mapping[str, Entry]) -> None:
        """Every entry gets its documents; those of an entry that is taken back go with it."""
        for gone in [entry for entry in self.documents if entry not in entries]:
            del self.documents[gone]
        self.holds.keep_only(self.documents)
        for entry in entries.values():
            self.carry(entry, self.fields.values())

    def carry(self, entry: Entry, fields: Iterable[Field]) -> list[str]:
        """The keys of the fields that changed because what the record says already stands in them."""
        documents = self.documents.setdefault(entry.id, Documents(entry.id, self.fields))
        return [field.key for field in fields if documents.carry(field.key, record_says(entry, field))]

    def running(self, entries: Iterable[Entry]) -> list[tuple[Entry, Documents]]:
        """Those of some entries that are in the race, with their documents."""
        return [(e, self.documents[e.id]) for e in entries if e.in_race and e.id in self.documents]


def record_says(entry: Entry, field: Field) -> str | None:
    """What the record holds at a field's place; None for nothing, "" for words that have been erased."""
    if field.record == "title":
        return entry.title
    group, _, name = field.record.partition(".")
    return entry.fields.get(group, {}).get(name)
