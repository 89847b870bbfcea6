"""Shapes of a work phase's events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NotRequired, TypedDict

from sessions.shapes import Words


class OfField(TypedDict):
    """A field (``document`` and ``field``) of an entry's documents, and nothing else."""

    entry: str
    document: str
    field: str


class FieldWritten(OfField):
    """What stands in a field now.

    ``value`` is a choice's id, a number or a date; ``text`` is what somebody wrote, and ``filled`` says whether that is
    anything, also once it has been erased. Earlier releases had all of them in ``text`` alone.
    """

    value: NotRequired[str]
    text: NotRequired[Words]
    filled: NotRequired[bool]


class FieldCameLate(FieldWritten):
    """``late`` is by how many seconds."""

    late: float


class FieldReleased(TypedDict):
    """Nothing beside the phase: the actor holds one field at most."""


class ContactAdded(TypedDict):
    """``date`` is year-month-day. Who it was stands in a row that can be deleted, under the id of the ``contact``;
    earlier releases wrote ``who``, a role and an organisation, here."""

    entry: str
    contact: str
    who: NotRequired[Words]
    date: str
    said: Words


class ContactWithdrawn(TypedDict):
    entry: str
    contact: str


class Lacking(TypedDict):
    """How many required fields and contacts are missing, or (where records are submitted) whether it was not."""

    fields: NotRequired[int]
    contacts: NotRequired[int]
    unsubmitted: NotRequired[bool]


class StopReached(TypedDict):
    """``stop`` is the deadline's number, ``lacks`` what is missing by entry."""

    stop: int
    lacks: Mapping[str, Lacking]


class StopMoved(TypedDict):
    """``moved_at`` is wall time, seconds since 1970 UTC; ``title`` is the format's."""

    stop: int
    moved_at: float
    title: Mapping[str, str]


class SnapshotTaken(TypedDict):
    """``number`` counts the entry's versions, ``name`` is the deadline's or says what the version was kept for."""

    entry: str
    number: int
    sha256: str
    name: str


class RecordSubmitted(TypedDict):
    entry: str


class RecordCameLate(TypedDict):
    """``late`` is by how many seconds."""

    entry: str
    late: float


class ReasonedRecord(TypedDict):
    """``record`` is the entry's number."""

    entry: str
    record: int
    reason: Words


class LackWaived(ReasonedRecord):
    """``stop`` is the number of the deadline that the record passes as it is."""

    stop: int


class LevelSet(TypedDict):
    """``record`` is the entry's number."""

    entry: str
    record: int
    level: str


SHAPES: Mapping[str, type] = {
    "field_written": FieldWritten,
    "field_came_late": FieldCameLate,
    "field_restored": OfField,
    "field_held": OfField,
    "field_released": FieldReleased,
    "contact_added": ContactAdded,
    "contact_withdrawn": ContactWithdrawn,
    "stop_reached": StopReached,
    "stop_moved": StopMoved,
    "snapshot_taken": SnapshotTaken,
    "record_submitted": RecordSubmitted,
    "record_came_late": RecordCameLate,
    "late_accepted": ReasonedRecord,
    "lack_waived": LackWaived,
    "disclosure_set": LevelSet,
    "visibility_set": LevelSet,
    "record_approved": ReasonedRecord,
}
