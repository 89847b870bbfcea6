"""One entry's documents while a work phase lasts: who wrote what, who is writing, and what has been frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sessions.activities.work.document import Field, digest

HOLD_SECONDS = 120.0
"""Elapsed seconds for which a field is one person's after a hold or a write."""
NEWS_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in a field. ``by`` "" means that it was brought along from an earlier phase. ``at`` is wall time."""

    text: str
    by: str = ""
    at: float = 0.0
    before: Written | None = None
    """What stood there before this person's sitting: one step back, no further."""


@dataclass(frozen=True, slots=True)
class Hold:
    """A field is one person's until a wall time; nothing happens then, the hold is just over."""

    by: str
    until: float


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody the team has talked to: a role and an organisation, never a name. ``date`` is year-month-day."""

    id: str
    who: str
    date: str
    said: str
    by: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A frozen version: the entry's number of it, what it held and when (wall time)."""

    number: int
    name: str
    sha256: str
    at: float
    content: Mapping[str, Any]


@dataclass
class Late:
    """What came after the deadline and waits for the facilitator. ``seconds`` is how late the last of it was."""

    texts: dict[str, Written] = field(default_factory=dict)
    submitted: bool = False
    seconds: float = 0.0
    at: float = 0.0


@dataclass
class Lack:
    """What an entry lacked when a deadline passed: fields, contacts, or that it was not submitted at all."""

    fields: int = 0
    contacts: int = 0
    unsubmitted: bool = False
    waived: str = ""
    """The facilitator's reason for letting it pass."""


@dataclass
class Paper:
    """One entry's documents. ``fields`` are the same for every entry of a phase."""

    entry: str
    fields: Mapping[str, Field]
    written: dict[str, Written] = field(default_factory=dict)
    holds: dict[str, Hold] = field(default_factory=dict)
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
        found = self.written.get(key)
        return found.text if found else ""

    def carry(self, key: str, text: str | None) -> bool:
        """Bring along what the record says already (None for nothing); what was written here stays. Whether anything
        changed."""
        found = self.written.get(key)
        if self.written_here(key) or (found.text if found else None) == text:
            return False
        if text is None:
            del self.written[key]
        else:
            self.written[key] = Written(text)
        self._count(key, 0.0)
        return True

    def write(self, key: str, text: str, by: str, at: float) -> bool:
        """Put a text in and keep what stood there before this person sat down. Whether it is news for others: the
        progress has changed, somebody has sat down, or the last news is a minute old."""
        found, progress = self.written.get(key), len(self.filled)
        sits = found is not None and found.by == by and at - found.at < HOLD_SECONDS
        self._put(key, Written(text, by, at, found.before if found and sits else found))
        news = not sits or progress != len(self.filled) or at - self.changed_at >= NEWS_SECONDS
        self.changed_at = at if news else self.changed_at
        return news

    def restore(self, key: str, by: str, at: float) -> None:
        """What stood there before comes back; what it replaces can be had back the same way."""
        found = self.written[key]
        before = found.before or Written("")
        self._put(key, Written(before.text, by, at, Written(found.text, found.by, found.at)))
        self.changed_at = at

    def _put(self, key: str, written: Written) -> None:
        self.written[key] = Written(written.text, written.by, written.at, _one_step(written.before))
        self._count(key, written.at)

    def _count(self, key: str, at: float) -> None:
        if self.fields[key].required:
            (self.filled.add if self._holds(key) else self.filled.discard)(key)
        self.done_at = (self.done_at or at) if self.done else 0.0

    def _holds(self, key: str) -> bool:
        """Whether something stands in a field. What the record says does so even when its words are erased."""
        found = self.written.get(key)
        return found is not None and (found.text != "" or found.by == "")

    @property
    def done(self) -> bool:
        return len(self.filled) == self.required

    @property
    def empty(self) -> list[Field]:
        """Required fields that nothing stands in."""
        return [f for f in self.fields.values() if f.required and f.key not in self.filled]

    def written_here(self, key: str) -> bool:
        found = self.written.get(key)
        return found is not None and found.by != ""

    def can_restore(self, key: str) -> bool:
        found = self.written.get(key)
        return found is not None and found.before is not None and found.before.text != found.text

    def content(self, title: str, texts: Mapping[str, str] | None = None) -> dict[str, Any]:
        """What a snapshot holds, as plain JSON; ``texts`` are laid over what is written."""
        stand = {key: text for key in self.fields if (text := (texts or {}).get(key, self.text(key)))}
        contacts = [{"who": c.who, "date": c.date, "said": c.said} for c in self.contacts.values()]
        return {"entry": self.entry, "title": title, "texts": stand, "contacts": contacts}

    def freeze(self, number: int, name: str, at: float, title: str) -> Snapshot:
        content = self.content(title)
        snapshot = Snapshot(number, name, digest(content), at, content)
        self.snapshots.append(snapshot)
        return snapshot


def _one_step(before: Written | None) -> Written | None:
    return Written(before.text, before.by, before.at) if before else None
