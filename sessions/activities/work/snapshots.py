"""Frozen versions of an entry's documents, and the digest that proves what each of them held."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sessions.activities.work.changes import entry_changed
from sessions.activity import Change, Doubt
from sessions.messages import Event
from sessions.outcome import Fact

if TYPE_CHECKING:
    from sessions.activities.work import Work
    from sessions.activities.work.events import SnapshotTaken
    from sessions.entry import Entry


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A frozen version: the entry's number of it, what it held and when (wall time).

    ``sha256`` is of what it held when it was taken, also where words have been erased from ``content`` since.
    """

    number: int
    name: str
    sha256: str
    at: float
    content: Mapping[str, Any]


def digest(content: Any) -> str:
    """SHA-256, in hexadecimal, over canonical JSON: keys sorted, no spaces, UTF-8."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(canonical.encode("utf-8")).hexdigest()


def snapshot(work: Work, entry: Entry, name: str, texts: Mapping[str, str] | None = None) -> Event:
    """The event that freezes an entry with ``texts`` laid over it: it proves what the fold keeps."""
    over = texts or {}
    titles = [text for key, text in over.items() if text and work.fields[key].record == "title"]
    content = work.state.documents[entry.id].content(titles[0] if titles else entry.title, over)
    number = 1 + len(entry.every("snapshot"))
    return work.event("snapshot_taken", entry=entry.id, number=number, sha256=digest(content), name=name)


def doubts(work: Work, event: Event, withheld: bool = False) -> Iterator[Doubt]:
    """Whether a snapshot is of what stood there: its digest, made again."""
    if event.kind != "snapshot_taken":
        return
    body: SnapshotTaken = event.body
    entry = work.session.entries[body["entry"]]
    number = 1 + len(entry.every("snapshot"))
    if digest(work.state.documents[entry.id].content(entry.title)) != body["sha256"]:
        yield Doubt(f"snapshot {body['number']} of {entry.id} is not of what stood there", by_words=True)
    if body["number"] != number:
        yield Doubt(f"snapshot {body['number']} of {entry.id} stands where {number} does")


def snapshot_taken(work: Work, event: Event) -> Iterator[Change]:
    body: SnapshotTaken = event.body
    entry = work.session.entries[body["entry"]]
    number, name, hashed = body["number"], body["name"], body["sha256"]
    documents = work.state.documents[entry.id]
    documents.snapshots.append(Snapshot(number, name, hashed, event.at, documents.content(entry.title)))
    value = {"number": number, "sha256": hashed, "at": event.at, "name": name}
    yield Fact(entry.id, "snapshot", value, key=f"{work.phase.id}.{number}")
    yield from entry_changed(entry)
