"""What a command is about: an entry with its documents, or one field of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessions.activities.work.refusals import no_entry, not_your_team, out_of_race
from sessions.messages import Command, Event, Refused, refuse

if TYPE_CHECKING:
    from sessions.activities.work import Work
    from sessions.activities.work.documents import Documents
    from sessions.activities.work.events import OfField
    from sessions.activities.work.fields import Field
    from sessions.activities.work.holds import Hold
    from sessions.entry import Entry
    from sessions.people import Member

    Target = tuple[Entry, Documents, Field]


def own_record(work: Work, command: Command, sender: Member) -> tuple[Entry, Documents] | Refused:
    """The sender's own entry in the race that a command names, with its documents."""
    entry = work.session.entries.get(command.text("entry"))
    if entry is None or entry.id not in work.state.documents:
        return no_entry()
    if not sender.team or entry.team != sender.team:
        return not_your_team()
    if not entry.in_race:
        return out_of_race()
    return entry, work.state.documents[entry.id]


def own_field(work: Work, command: Command, sender: Member) -> Target | Refused:
    """The field of an own entry that a command names by ``document`` and ``field``."""
    found = own_record(work, command, sender)
    if isinstance(found, Refused):
        return found
    field = work.fields.get(f"{command.text('document')}.{command.text('field')}")
    if field is None:
        return refuse(
            "no_field", "This phase has no such field. Reload the page; your text stays on your device."
        )
    return (*found, field)


def refuse_writing(work: Work, target: Target, sender: Member, now: float) -> Refused | None:
    """Why somebody cannot write in a field now; None if nobody else does and the record is not approved."""
    entry, _, field = target
    hold = holder(work, entry.id, field.key, now)
    if hold is not None and hold.by != sender.id:
        return refuse(
            "held",
            "Somebody else in your team is writing in this field, until {free_at} at most. Your text is kept here.",
            free_at=hold.until,
        )
    if work.archives and entry.status == "archived":
        return refuse("approved", "The owner has approved this record, so it is not changed any more.")
    return None


def holder(work: Work, entry: str, key: str, now: float) -> Hold | None:
    """Who has a field now: nobody when the time is over, or when that person has gone."""
    hold = work.state.holds.by_place.get((entry, key))
    if hold is None or hold.until <= now:
        return None
    person = work.session.people.get(hold.by)
    return hold if person is not None and person.present and not person.removed else None


def about(work: Work, kind: str, target: Target, **body: object) -> Event:
    """An event about a field."""
    entry, _, field = target
    return work.event(kind, entry=entry.id, document=field.document, field=field.name, **body)


def addressed(work: Work, body: OfField) -> tuple[Documents, Field]:
    """The documents and the field that an event is about."""
    return work.state.documents[body["entry"]], work.fields[f"{body['document']}.{body['field']}"]
