"""Work: teams write documents about their entries, field by field, until sub-deadlines freeze them.

Its commands live in three layers: bench.py (documents and deadlines), writing.py (fields and contacts) and handing.py
(submission, lateness, archive). What it shows is in views.py and progress.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from sessions.activities.work.bench import CONSOLE, owner_of
from sessions.activities.work.handing import Handing
from sessions.activities.work.stops import pending
from sessions.activities.work.views import WorkViews, heard_from
from sessions.activity import EVERY_PANE, Alert, Changed, Fragment, alert
from sessions.audience import ACTORS, ATTENDING, CLOCK, STAFF, STARTED, Right, person_scope, team_scope
from sessions.entry import SIDE_STATES, Entry
from sessions.messages import Text
from sessions.outcome import Fact, Outcome, Team

WARN_SECONDS = 600.0
"""How long before a hard deadline the facilitator hears of records that are not submitted."""


class Work(Handing):
    """Rules: ``documents`` and ``parts`` (document.py), ``deadlines`` (stops.py), ``grace_minutes``, ``submits``
    (records are handed in here), ``archives`` (owners approve them here)."""

    called: ClassVar[Text] = {"en": "Team work", "sv": "Lagarbete", "fi": "Tiimityö"}
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
    parts: ClassVar[Mapping[str, frozenset[str]]] = {
        "field": frozenset({"phone", "team"}),
        "entry": frozenset({"phone", "team"}),
        "line": frozenset({"screen"}),
        "tally": frozenset({"screen"}),
        "table": frozenset({"console"}),
        "late": frozenset({"console"}),
        "lacking": frozenset({"console"}),
    }
    decisions: ClassVar[Mapping[str, str]] = {
        "late_accepted": "Late work on record {record} accepted: {reason}",
        "lack_waived": "Record {record} goes on as it is: {reason}",
        "stop_moved": "Deadline “{title}” moved to {moved_at}",
        "record_approved": "Record {record} approved for the archive",
    }

    def noticed(self, change: Fact | Team, phase: str) -> Iterable[Changed]:
        """Entries may begin, leave, change team or get other words while this phase lasts."""
        if isinstance(change, Team):
            return Changed("line", change.id), *CONSOLE, Changed(scope=team_scope(change.id))
        if change.name in ("kept", "moved_to", "merged_into") or (
            change.name == "status" and change.value in (None, *SIDE_STATES)
        ):
            if self.is_open:
                self.take_up_entries()
            return (EVERY_PANE,)
        entry = self.session.entries.get(change.subject)
        return (
            self._noticed_about_entry(entry, change, phase) if entry else self._noticed_about_person(change)
        )

    def _noticed_about_person(self, change: Fact) -> Iterable[Changed]:
        person = self.session.people.get(change.subject.partition(":")[2])
        if (
            person is not None
            and change.name == "present"
            and not person.present
            and person.id in self.holding
        ):
            return tuple(self.let_go(person.id))
        if person is not None and person.team and change.name == "employer_claim":
            return (Changed(scope=team_scope(person.team)),)
        return ()

    def _noticed_about_entry(self, entry: Entry, change: Fact, phase: str) -> Iterable[Changed]:
        if change.name in ("verdict", "feedback"):
            return self.changed(entry) if phase in heard_from(self) else CONSOLE
        if change.name in ("owner", "next_action", "disclosure", "visibility", "status"):
            return (*self.changed_for_owner(entry), Changed(scope=person_scope(owner_of(entry))))
        if change.name not in ("field", "title") or not self.is_open:
            return self.changed(entry) if change.name == "title" else ()
        place = change.key if change.name == "field" else "title"
        carried = self.carry(entry, [field for field in self.fields.values() if field.record == place])
        return (*(self.field_touch(entry.id, key) for key in carried), *self.changed(entry))

    def alerts(self) -> Iterable[Alert]:
        waiting = sum(1 for paper in self.papers.values() if paper.late)
        if waiting:
            yield alert("Late work waits for your decision: {count}", count=waiting)
        hard = [stop for stop in pending(self.stops) if stop.hard]
        missing = sum(1 for _, paper in self.running() if not paper.submitted_at)
        if self.rules.get("submits") and hard and missing and self.is_open:
            yield alert(
                "Records not submitted: {count}. The deadline is {deadline_at}.",
                hard[0].at - WARN_SECONDS,
                count=missing,
                deadline_at=hard[0].at,
            )

    def outcome(self) -> Outcome:
        papers = [paper for _, paper in self.running()]
        figures = {
            "records": len(papers),
            "filled": sum(len(paper.filled) for paper in papers),
            "required": sum(paper.required for paper in papers),
            "contacts": sum(len(paper.contacts) for paper in papers),
            "submitted": sum(1 for paper in papers if paper.submitted_at),
        }
        return Outcome(figures=figures)

    def show(self, view: str, scope: str, part: str = "", key: str = "") -> Fragment | None:
        return WorkViews(self).show(view, scope, part, key)
