"""A team writes in its documents: one field, one editor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sessions.activities.work.changes import (
    entry_changed,
    field_changed,
    recorded,
    released,
    summary_changed,
)
from sessions.activities.work.fields import Field, refuse_text
from sessions.activities.work.freezing import late_by, refuse_late
from sessions.activities.work.lookup import about, addressed, own_field, refuse_writing
from sessions.activities.work.written import Written
from sessions.activity import Change, Changed
from sessions.audience import person_scope
from sessions.messages import Command, Decision, Event, Refused, refuse
from sessions.shared_texts import SharedText

if TYPE_CHECKING:
    from sessions.activities.work import Work
    from sessions.activities.work.events import FieldCameLate, FieldWritten, OfField
    from sessions.people import Member


FIELD = ("entry", "document", "field")
SHARED = {
    "field_written": SharedText("field", FIELD),
    "field_restored": SharedText("field", FIELD),
    "field_came_late": SharedText("late", FIELD),
}


def standing(work: Work, name: str, *place: str) -> str:
    """What stands in a field now, or waits for the facilitator as late; a choice by its label's key."""
    entry, document, field = place
    documents, key = work.state.documents.get(entry), f"{document}.{field}"
    if documents is None or name == "field":
        return documents.text(key) if documents else ""
    late = documents.late.texts.get(key) if documents.late else None
    return late.text if late else ""


def write_field(work: Work, command: Command, sender: Member, now: float) -> Decision:
    """Put ``text`` into a field and hold it. What comes after a hard deadline waits for the facilitator."""
    target = own_field(work, command, sender)
    if isinstance(target, Refused):
        return target
    _, documents, field = target
    text, late = command.text("text"), late_by(work, now)
    no = refuse_text(field, text) or refuse_writing(work, target, sender, now)
    if no is not None:
        return no
    if late:
        return [about(work, "field_came_late", target, **_content(field, text), late=late)]
    written = about(work, "field_written", target, **_content(field, text))
    return [] if documents.unchanged_by(field.key, text) else [written]


def _content(field: Field, text: str) -> dict[str, Any]:
    """What an event says about what stands in a field: structure where it can, words where it must."""
    return {"value": text} if field.structured else {"text": text, "filled": bool(text)}


def _written(event: Event) -> Written:
    """What an event puts into a field. One of an earlier release says by its text alone whether that is anything:
    erased words were."""
    body: FieldWritten = event.body
    text = body["value"] if "value" in body else body["text"]
    return Written(text or "", event.actor, event.at, body.get("filled", text != ""))


def field_written(work: Work, event: Event) -> Iterator[Change]:
    documents, field = addressed(work, event.body)
    news = documents.write(field.key, _written(event))
    yield from _hold(work, documents.entry, field.key, event)
    yield from recorded(work, documents, field)
    if news or field.record == "title":
        yield from entry_changed(work.session.entries[documents.entry])


def field_came_late(work: Work, event: Event) -> Iterator[Change]:
    body: FieldCameLate = event.body
    documents, field = addressed(work, body)
    documents.come_late(body["late"], event.at).texts[field.key] = _written(event)
    yield field_changed(work, documents.entry, field.key)
    yield summary_changed(work.session.entries[documents.entry])
    yield from (Changed("late"), Changed("table"))


def restore_field(work: Work, command: Command, sender: Member, now: float) -> Decision:
    """What stood in a field before somebody sat down to it comes back."""
    target = own_field(work, command, sender)
    if isinstance(target, Refused):
        return target
    no = refuse_writing(work, target, sender, now) or refuse_late(work, now)
    if no is not None:
        return no
    if not target[1].can_restore(target[2].key):
        return refuse("nothing_before", "There is no earlier text in this field.")
    return [about(work, "field_restored", target)]


def field_restored(work: Work, event: Event) -> Iterator[Change]:
    documents, field = addressed(work, event.body)
    documents.restore(field.key, event.actor, event.at)
    yield from recorded(work, documents, field)
    yield from entry_changed(work.session.entries[documents.entry])


# ---- one field, one editor


def hold_field(work: Work, command: Command, sender: Member, now: float) -> Decision:
    """Keep a field for me: for two minutes, and longer while I write."""
    target = own_field(work, command, sender)
    if isinstance(target, Refused):
        return target
    no = refuse_writing(work, target, sender, now) or refuse_late(work, now)
    return no or [about(work, "field_held", target)]


def field_held(work: Work, event: Event) -> Iterator[Change]:
    body: OfField = event.body
    documents, field = addressed(work, body)
    yield from _hold(work, documents.entry, field.key, event)
    yield field_changed(work, documents.entry, field.key)


def _hold(work: Work, entry: str, key: str, event: Event) -> Iterator[Changed]:
    """A person holds one field at a time: taking the next lets go of the last."""
    yield from released(work, work.state.holds.take(event.actor, (entry, key), event.at))
    yield Changed(scope=person_scope(event.actor))


def release_field(work: Work, command: Command, sender: Member, now: float) -> Decision:
    """I am done with a field, so that others may write in it at once."""
    place = (command.text("entry"), f"{command.text('document')}.{command.text('field')}")
    return [work.event("field_released")] if work.state.holds.of_person.get(sender.id) == place else []


def field_released(work: Work, event: Event) -> Iterator[Change]:
    yield from released(work, [(event.actor, work.state.holds.release(event.actor))])
