"""One entry's documents while a work phase lasts: who wrote what, and what has been frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sessions.activities.work.fields import Field
from sessions.activities.work.holds import HOLD_SECONDS
from sessions.activities.work.stops import Lack
from sessions.activities.work.written import EMPTY, Contact, Late, Written

if TYPE_CHECKING:
    from sessions.activities.work.snapshots import Snapshot

NEWS_SECONDS = 60.0


@dataclass
class Documents:
    """One entry's documents. ``fields`` are the same for every entry of a phase."""

    entry: str
    fields: Mapping[str, Field]
    written: dict[str, Written] = field(default_factory=dict)
    contacts: dict[str, Contact] = field(default_factory=dict)
    snapshots: list[Snapshot] = field(default_factory=list)
    filled: set[str] = field(default_factory=set)
    """Required fields with something in them."""
    lacks: dict[int, Lack] = field(default_factory=dict)
    """By the number of the deadline."""
    late: Late | None = None
    done_at: float = 0.0
    """When the last required field was filled (wall time); 0 if that was before this phase, or has not been."""
    changed_at: float = 0.0
    """When there was news of it last."""
    submitted_at: float = 0.0

    def __post_init__(self) -> None:
        self.required = sum(1 for f in self.fields.values() if f.required)

    def text(self, key: str) -> str:
        """What stands in a field; "" where nothing does, or the words have been erased."""
        found = self.written.get(key)
        return found.text if found else ""

    def unchanged_by(self, key: str, text: str) -> bool:
        """Whether this text ("" for none) is what stands in a field anyway."""
        found = self.written.get(key, EMPTY)
        return found.text == text and not found.erased

    def carry(self, key: str, text: str | None) -> bool:
        """Bring along what the record says already (None for nothing, "" for erased words); what was written here
        stays. Whether anything changed."""
        found = self.written.get(key)
        if self.written_here(key) or (found.text if found else None) == text:
            return False
        if text is None:
            del self.written[key]
        else:
            self.written[key] = Written(text)
        self._count(key, 0.0)
        return True

    def write(self, key: str, written: Written) -> bool:
        """Put a text in and keep what stood there before this person sat down. Whether it is news for others: the
        progress has changed, somebody has sat down, or the last news is a minute old."""
        found, progress = self.written.get(key), len(self.filled)
        sits = found is not None and found.by == written.by and written.at - found.at < HOLD_SECONDS
        self._put(key, written.in_place_of(found.before if found and sits else found))
        news = not sits or progress != len(self.filled) or written.at - self.changed_at >= NEWS_SECONDS
        self.changed_at = written.at if news else self.changed_at
        return news

    def restore(self, key: str, by: str, at: float) -> None:
        """What stood there before comes back; what it replaces can be had back the same way."""
        found = self.written[key]
        self._put(key, (found.before or EMPTY)._replace(by=by, at=at).in_place_of(found))
        self.changed_at = at

    def _put(self, key: str, written: Written) -> None:
        self.written[key] = written
        self._count(key, written.at)

    def _count(self, key: str, at: float) -> None:
        if self.fields[key].required:
            filled = self.written.get(key, EMPTY).filled
            (self.filled.add if filled else self.filled.discard)(key)
        self.done_at = (self.done_at or at) if self.done else 0.0

    @property
    def done(self) -> bool:
        """Whether every required field is filled."""
        return len(self.filled) == self.required

    @property
    def empty(self) -> list[Field]:
        """Required fields that nothing stands in."""
        return [f for f in self.fields.values() if f.required and f.key not in self.filled]

    def written_here(self, key: str) -> bool:
        """Whether somebody has written in a field in this phase."""
        found = self.written.get(key)
        return found is not None and found.by != ""

    def can_restore(self, key: str) -> bool:
        """Whether another text stood in a field before."""
        found = self.written.get(key)
        return found is not None and found.before is not None and found.before.text != found.text

    def come_late(self, seconds: float, at: float) -> Late:
        """What waits for the facilitator, with the lateness of what came at ``at`` (wall time)."""
        self.late = self.late or Late()
        self.late.seconds, self.late.at = seconds, at
        return self.late

    def content(self, title: str, texts: Mapping[str, str] | None = None) -> dict[str, Any]:
        """What a snapshot holds, as plain JSON; ``texts`` are laid over what is written."""
        stand = {key: text for key in self.fields if (text := (texts or {}).get(key, self.text(key)))}
        contacts = [{"who": c.who, "date": c.date, "said": c.said} for c in self.contacts.values()]
        return {"entry": self.entry, "title": title, "texts": stand, "contacts": contacts}
