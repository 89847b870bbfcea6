"""Which fragments show what has changed in a work phase."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sessions.activity import Change, Changed
from sessions.audience import person_scope, team_scope
from sessions.outcome import Fact

if TYPE_CHECKING:
    from sessions.activities.work import Work
    from sessions.activities.work.documents import Documents
    from sessions.activities.work.fields import Field
    from sessions.activities.work.holds import Place
    from sessions.entry import Entry

CONSOLE = (Changed("table"), Changed("late"), Changed("lacking"))


def owner_of(entry: Entry) -> str:
    """The person who has accepted to own an entry; "" while nobody has."""
    owner = entry.latest("owner") or {}
    return str(owner["person"]) if owner.get("accepted") else ""


def field_changed(work: Work, entry: str, key: str) -> Changed:
    """One field, as its team sees it."""
    found = work.session.entries.get(entry)
    return Changed("field", f"{entry}.{key}", team_scope(found.team if found else ""))


def summary_changed(entry: Entry) -> Changed:
    """The summary that a team sees over its entry's fields."""
    return Changed("entry", entry.id, team_scope(entry.team))


def entry_changed(entry: Entry) -> tuple[Changed, ...]:
    """What an entry's progress shows in: the team's own summary, the projector, the console."""
    return summary_changed(entry), Changed("line", entry.team), Changed("tally"), *CONSOLE


def owned_changed(entry: Entry) -> tuple[Changed, ...]:
    """The same, and what the entry's owner sees of it."""
    owner = owner_of(entry)
    return (*entry_changed(entry), *((Changed(scope=person_scope(owner)),) if owner else ()))


def released(work: Work, holds: Iterable[tuple[str, Place]]) -> Iterator[Changed]:
    """Fields that people have let go of, and those people's own panes."""
    for person, place in holds:
        yield field_changed(work, *place)
        yield Changed(scope=person_scope(person))


def recorded(work: Work, documents: Documents, field: Field) -> Iterator[Change]:
    """A field has changed: its fragment, and what the record says from now on."""
    written = documents.written[field.key]
    yield field_changed(work, documents.entry, field.key)
    if field.record != "title":
        yield Fact(documents.entry, "field", written.text, field.record, erased=written.erased, by=written.by)
    elif written.filled:
        title = written.text or work.session.entries[documents.entry].title
        yield Fact(documents.entry, "title", title, by=written.by)
