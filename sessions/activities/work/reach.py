"""How far what a team writes goes: as far as it lets the section of the record in which it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from sessions.messages import Event
from sessions.sight import Circle, Thing
from sessions.things import VERDICTS, in_section, is_latest, stands

if TYPE_CHECKING:
    from sessions.activities.work import Work
    from sessions.activities.work.fields import Field


def things(work: Work, event: Event) -> Iterator[Thing]:
    """A text that stands in a field, and what a customer has said. Staff's reasons are staff's."""
    entry = event.body.get("entry", "")
    if event.kind in ("field_written", "field_came_late"):
        field = work.fields.get(f"{event.body['document']}.{event.body['field']}")
        yield from _in_field(work, entry, field, event) if field else ()
    elif event.kind == "contact_added":
        place = (work.phase.id, "contact", event.body["contact"])
        yield from in_section(work.session, entry, VERDICTS, stands(work.session, entry, event, place))


def _in_field(work: Work, entry: str, field: Field, event: Event) -> Iterator[Thing]:
    """A choice, a number or a date is no word of anybody's, also where an earlier release took it for one. Of what came
    late nobody outside hears: what was accepted of it is kept with what waited."""
    if field.structured:
        yield Thing("choice", session=work.session.code, reach=Circle.PUBLIC)
        return
    section = field.record.partition(".")[0]
    key = "" if field.record == "title" else field.record
    latest = is_latest(work.session, entry, event, "field" if key else "title", key)
    for thing in in_section(work.session, entry, section, latest or event.kind == "field_came_late"):
        yield replace(thing, state="held") if event.kind == "field_came_late" else thing
