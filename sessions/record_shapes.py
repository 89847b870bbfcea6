"""Shapes of a record's events.

What people wrote stands in ``texts``, apart from the structure in ``fields``; ``written`` keeps the names of the texts
for ever, so that an erased text is empty and does not fall back to the one before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, TypedDict

from sessions.messages import Event
from sessions.shapes import NO_WORDS, WORDS, Words, words_by_kind

Texts = Annotated[Mapping[str, Any] | None, WORDS]
"""What people wrote, by field; None once it has been erased."""


class Origin(TypedDict):
    """Where facts come from: a session's code, and the seq at which it stood so."""

    session: str
    seq: int


class Following(TypedDict):
    """What the session says of the entry. ``gone`` names what it says no more."""

    origin: Origin
    fields: Mapping[str, Any]
    written: list[str]
    texts: Texts
    gone: list[str]


class RecordBegun(TypedDict):
    """The first event. ``record`` is the record's id, ``entry`` the id of the entry in its session."""

    record: str
    entry: str
    origin: Origin
    fields: Mapping[str, Any]
    written: list[str]
    texts: Texts


class RecordApproved(TypedDict):
    """From here on the record decides for itself. ``session`` is the code of the session that archived it, "" where it
    was approved on the record itself."""

    session: str
    why: Words


class Names(TypedDict):
    """Fields by name: what the session proposes for them is taken or dismissed, or somebody has read them."""

    names: list[str]


class RecordChanged(TypedDict):
    fields: Mapping[str, Any]
    written: list[str]
    texts: Texts


class StatusChanged(TypedDict):
    before: str
    status: str
    why: Words


class RecordMerged(TypedDict):
    """``into`` is the id of the record that stands for both from now on."""

    into: str
    why: Words


class RecordUnmerged(TypedDict):
    why: Words


class Erased(TypedDict):
    """The words of these events are gone, by this event's command."""

    seqs: list[int]
    why: str


SHAPES: Mapping[str, type] = {
    "record_begun": RecordBegun,
    "record_followed": Following,
    "record_proposed": Following,
    "approved": RecordApproved,
    "proposals_taken": Names,
    "proposals_dismissed": Names,
    "record_changed": RecordChanged,
    "reviewed": Names,
    "status_changed": StatusChanged,
    "record_merged": RecordMerged,
    "record_unmerged": RecordUnmerged,
    "erased": Erased,
}
WORDS_OF = words_by_kind(SHAPES)


def record_event(kind: str, **body: Any) -> Event:
    """An event of a record, not yet stamped."""
    return Event(kind, "", body, words=WORDS_OF.get(kind, NO_WORDS))
