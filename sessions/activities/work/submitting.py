"""Records are submitted, and what came too late for that waits for the facilitator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from sessions.activities.work.changes import entry_changed, recorded, summary_changed
from sessions.activities.work.freezing import late_by
from sessions.activities.work.lookup import own_record
from sessions.activities.work.refusals import in_words, nothing_late, unfit_reason
from sessions.activities.work.snapshots import snapshot
from sessions.activity import Change, Changed
from sessions.messages import Command, Decision, Event, Refused, refuse
from sessions.outcome import Fact, ruling

if TYPE_CHECKING:
    from sessions.activities.work import Work
    from sessions.activities.work.events import LackWaived, ReasonedRecord, RecordCameLate, RecordSubmitted
    from sessions.entry import Entry
    from sessions.people import Member


def submit_record(work: Work, command: Command, sender: Member, now: float) -> Decision:
    """Hand a record in, as often as one likes until the deadline; later it waits for the facilitator."""
    found = own_record(work, command, sender)
    if isinstance(found, Refused):
        return found
    entry, documents = found
    no, late = _refuse_submission(work, entry), late_by(work, now)
    if no is not None:
        return no
    if late:
        return [work.event("record_came_late", entry=entry.id, late=late)]
    events = _submission(work, entry)
    last = next((s.sha256 for s in reversed(documents.snapshots) if s.name == "submitted"), "")
    return [] if last == events[-1].body["sha256"] else events


def _refuse_submission(work: Work, entry: Entry) -> Refused | None:
    if not work.submits:
        return refuse("not_here", "Records are not submitted in this phase. Go on writing; nothing is lost.")
    lacks = entry.missing("submitted")
    if not lacks:
        return None
    return refuse(
        "incomplete", "Before it can be submitted this is missing: {missing}.", missing=in_words(lacks)
    )


def _submission(work: Work, entry: Entry, texts: Mapping[str, str] | None = None) -> list[Event]:
    return [work.event("record_submitted", entry=entry.id), snapshot(work, entry, "submitted", texts)]


def record_submitted(work: Work, event: Event) -> Iterator[Change]:
    body: RecordSubmitted = event.body
    work.state.documents[body["entry"]].submitted_at = event.at
    yield Fact(body["entry"], "status", "submitted")


def record_came_late(work: Work, event: Event) -> Iterator[Change]:
    body: RecordCameLate = event.body
    documents = work.state.documents[body["entry"]]
    documents.come_late(body["late"], event.at).submitted = True
    yield summary_changed(work.session.entries[documents.entry])
    yield from (Changed("late"), Changed("table"))


# ---- what came late


def accept_late(work: Work, command: Command, sender: Member, now: float) -> Decision:
    """Staff let late work in (``entry`` may be repeated, after an outage), for a ``reason``."""
    reason, documents = command.text("reason"), work.state.documents
    no = unfit_reason(reason)
    if no is not None:
        return no
    late = [e for e in command.all("entry") if e in documents and documents[e].late]
    if not late:
        return nothing_late()
    return [event for entry in late for event in _accepting(work, work.session.entries[entry], reason)]


def _accepting(work: Work, entry: Entry, reason: str) -> Iterator[Event]:
    late = work.state.documents[entry.id].late
    assert late is not None
    texts = {key: written.text for key, written in late.texts.items()}
    yield work.event("late_accepted", entry=entry.id, record=entry.number, reason=reason)
    if late.submitted:
        yield from _submission(work, entry, texts)
    else:
        yield snapshot(work, entry, "late", texts)


def late_accepted(work: Work, event: Event) -> Iterator[Change]:
    body: ReasonedRecord = event.body
    documents = work.state.documents[body["entry"]]
    late, documents.late = documents.late, None
    assert late is not None
    yield ruling(body["entry"], event, "late_accepted")
    for key, written in late.texts.items():
        documents.write(key, written._replace(at=event.at))
        yield from recorded(work, documents, work.fields[key])


def waive(work: Work, command: Command, sender: Member, now: float) -> Decision:
    """Staff let a record pass the deadline ``stop`` as it is, for a ``reason``."""
    entry, stop = work.session.entries.get(command.text("entry")), command.whole("stop")
    documents = work.state.documents.get(entry.id) if entry else None
    if entry is None or documents is None or stop not in documents.lacks:
        return nothing_late()
    reason = command.text("reason")
    waived = work.event("lack_waived", entry=entry.id, record=entry.number, stop=stop, reason=reason)
    return unfit_reason(reason) or [waived]


def lack_waived(work: Work, event: Event) -> Iterator[Change]:
    body: LackWaived = event.body
    work.state.documents[body["entry"]].lacks[body["stop"]].waived = body["reason"] or ""
    yield ruling(body["entry"], event, "lack_waived")
    yield from entry_changed(work.session.entries[body["entry"]])
