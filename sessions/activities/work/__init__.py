"""Work: teams write documents about their entries, field by field, until sub-deadlines freeze them.

What the events have come to is in ``state`` and ``documents``, the templates of the documents are in ``fields``;
commands and folds are functions by topic in ``writing``, ``contacts``, ``freezing``, ``submitting`` and ``releasing``;
``views`` says who sees what.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, ClassVar

from sessions.activities.work import (
    alerting,
    contacts,
    freezing,
    handed_on,
    noticing,
    reach,
    releasing,
    snapshots,
    submitting,
    views,
    writing,
)
from sessions.activities.work.events import SHAPES
from sessions.activities.work.fields import read_sections
from sessions.activities.work.rules import DECLARED
from sessions.activities.work.state import WorkState
from sessions.activities.work.stops import read_stops
from sessions.activity import Activity, Change
from sessions.audience import ACTORS, ATTENDING, CLOCK, STAFF, STARTED, Right
from sessions.format_rules import Declaration
from sessions.messages import Text
from sessions.outcome import Inputs, Outcome
from sessions.shared_texts import SharedText

if TYPE_CHECKING:
    from sessions.activities.work.documents import Documents
    from sessions.entry import Entry


class Work(Activity):
    """Rules: ``documents`` and ``parts`` (fields.py), ``deadlines`` (stops.py), ``grace_minutes``, ``submits``
    (records are handed in here), ``archives`` (owners approve them here)."""

    called: ClassVar[Text] = {"en": "Team work", "sv": "Lagarbete", "fi": "Tiimityö"}
    declares: ClassVar[Declaration] = DECLARED
    rights: ClassVar[Mapping[str, Right]] = {
        "write_field": Right(ACTORS, STARTED),
        "hold_field": Right(ACTORS),
        "release_field": Right(ACTORS, STARTED),
        "restore_field": Right(ACTORS),
        "add_contact": Right(ACTORS),
        "withdraw_contact": Right(ACTORS),
        "submit_record": Right(ACTORS, STARTED),
        "set_disclosure": Right(ACTORS | STAFF, STARTED),
        "set_visibility": Right(ATTENDING),
        "approve_record": Right(ATTENDING),
        "accept_late": Right(STAFF, STARTED),
        "waive": Right(STAFF, STARTED),
        "move_stop": Right(STAFF),
        "freeze": Right(frozenset({CLOCK})),
    }
    events: ClassVar[Mapping[str, type]] = SHAPES
    shared: ClassVar[Mapping[str, SharedText]] = writing.SHARED
    parts: ClassVar[Mapping[str, frozenset[str]]] = views.SHOWN_IN
    decisions: ClassVar[Mapping[str, str]] = {
        "late_accepted": "Late work on record {record} accepted: {reason}",
        "lack_waived": "Record {record} goes on as it is: {reason}",
        "stop_moved": "Deadline “{title}” moved to {moved_at}",
        "record_approved": "Record {record} approved for the archive",
    }

    def prepare(self) -> None:
        form = self.session.format
        assert form is not None
        documents, parts = self.rules.get("documents", ()), self.rules.get("parts", ())
        self.sections = read_sections(form, tuple(documents), tuple(parts))
        self.fields = {field.key: field for section in self.sections for field in section.fields}
        self.submits = bool(self.rules.get("submits"))
        self.archives = bool(self.rules.get("archives"))
        self.grace = float(self.rules.get("grace_minutes", 0)) * 60.0
        """Elapsed seconds."""
        self.state = WorkState(self.fields)
        self._set_stops()
        self.state.take_up(self.session.entries)

    def reopened(self, inputs: Inputs) -> Iterable[Change]:
        if self.phase.opened_at != self.started_at:
            self._set_stops()
        self.state.take_up(self.session.entries)
        return super().reopened(inputs)

    def _set_stops(self) -> None:
        """Sub-deadlines count from the phase's start; one that was put back in the agenda starts anew."""
        self.started_at = self.phase.opened_at
        self.stops = read_stops(self.rules.get("deadlines", ()), self.started_at)

    def running(self) -> list[tuple[Entry, Documents]]:
        """The entries in the race with their documents."""
        return self.state.running(self.session.entries.values())

    # ---- commands and their events

    write_field = writing.write_field
    restore_field = writing.restore_field
    hold_field = writing.hold_field
    release_field = writing.release_field
    field_written = writing.field_written
    field_came_late = writing.field_came_late
    field_restored = writing.field_restored
    field_held = writing.field_held
    field_released = writing.field_released

    add_contact = contacts.add_contact
    withdraw_contact = contacts.withdraw_contact
    contact_added = contacts.contact_added
    contact_withdrawn = contacts.contact_withdrawn

    freeze = freezing.freeze
    move_stop = freezing.move_stop
    stop_reached = freezing.stop_reached
    stop_moved = freezing.stop_moved
    snapshot_taken = snapshots.snapshot_taken
    doubts = snapshots.doubts

    submit_record = submitting.submit_record
    accept_late = submitting.accept_late
    waive = submitting.waive
    record_submitted = submitting.record_submitted
    record_came_late = submitting.record_came_late
    late_accepted = submitting.late_accepted
    lack_waived = submitting.lack_waived

    set_disclosure = releasing.set_disclosure
    set_visibility = releasing.set_visibility
    approve_record = releasing.approve_record
    disclosure_set = releasing.disclosure_set
    visibility_set = releasing.visibility_set
    record_approved = releasing.record_approved

    standing = writing.standing

    # ---- what happens by itself

    deadlines = freezing.deadlines
    closing = freezing.closing
    noticed = noticing.noticed

    alerts = alerting.alerts

    # ---- who sees what, and what is handed on

    show, things = views.show, reach.things

    def outcome(self) -> Outcome:
        return handed_on.outcome([documents for _, documents in self.running()])
