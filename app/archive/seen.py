"""A record as one viewer sees it: what they may not see is empty, and it is said why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.archive.record import WRITTEN
from app.archive.sections import BESIDE, Section, sections_of
from sessions.entry import Entry
from sessions.levels import FOR_GOOD
from sessions.revealing import revealed
from sessions.session import Session
from sessions.sight import Viewer
from sessions.viewers import Said, is_named_beside, sees_section

OF_SECTION: Mapping[str, Sequence[str]] = {
    "origin": ("origin_needs",),
    "idea": ("origin_ideas", "absorbed"),
    "verdicts": ("questions", "verdicts", "decisions", "feedback", "contacts", "help", "absorbed"),
}
"""Which rows of a record's provenance go with which section."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a sheet shows. ``closed`` says of each section that is not shown why (see sight.Sight), ``until`` is the
    no-disclosure date as it was written, "" where there is none, or where it is not for whoever looks."""

    record: Mapping[str, Any]
    title: Mapping[str, str] | str = ""
    idea: str = ""
    verdicts: list[Mapping[str, Any]] = field(default_factory=list)
    decisions: list[Mapping[str, Any]] = field(default_factory=list)
    awards: list[Mapping[str, Any]] = field(default_factory=list)
    sections: Sequence[Section] = ()
    origin: Mapping[str, Any] = field(default_factory=dict)
    """Where the record comes from, as far as this viewer may know: rows by what they are (see provenance.py)."""
    closed: Mapping[str, str] = field(default_factory=dict)
    until: str = ""
    owner_is_named: bool = False


def seen_of(
    record: Mapping[str, Any],
    entry: Entry,
    session: Session,
    viewer: Viewer,
    now: float,
    reviewed: Iterable[str] = (),
) -> Seen:
    """A record as somebody sees it. ``now`` is wall time, seconds since 1970 UTC; ``reviewed`` are the places of texts
    that somebody has read as they stand."""
    own = session.own.get(entry.id)
    said = own.said if own else Said.of(record)
    groups = (*WRITTEN, *(name for name in record if name not in (*WRITTEN, *BESIDE)))
    places = (*groups, "title", "idea", "origin", "verdicts")
    why = {name: sees_section(session, viewer, entry, name, now, said).why for name in places}
    closed = {name: reason for name, reason in why.items() if reason}
    owner = (record["people"]["owner"] or {}).get("person", "")
    return Seen(
        record={**record, **{name: {} for name in groups if name in closed}},
        title=(record["identity"]["title"] or entry.title) if "title" not in closed else entry.label,
        idea=entry.idea.text if entry.idea and "idea" not in closed else "",
        verdicts=_unless("verdicts" in closed, entry.every("verdict").values()),
        decisions=_unless("verdicts" in closed, entry.every("decision").values()),
        awards=_unless("title" in closed, revealed(session, entry, "award").values()),
        sections=[
            Section(one.group, one.title) if one.group in closed else one
            for one in sections_of(record, session.format, reviewed)
        ],
        origin=_origin(record["provenance"], closed),
        closed=closed,
        until=said.closed_until if said.closed_until != FOR_GOOD else "",
        owner_is_named=bool(owner) and is_named_beside(session, viewer, entry, owner),
    )


def record_seen(seen: Seen, session: Session) -> dict[str, Any]:
    """The record itself as it is seen: plain JSON with the same groups. What is closed is empty, and nothing says whose
    it is."""
    title = seen.title if isinstance(seen.title, Mapping) else {session.language: seen.title}
    whose = {place: told for place, told in seen.record["authorship"].items() if not _is_closed(place, seen)}
    return {
        **seen.record,
        "identity": {**seen.record["identity"], "title": title},
        "authorship": whose,
        "provenance": seen.origin,
    }


def _is_closed(place: str, seen: Seen) -> bool:
    group = "title" if place == "identity.title" else place.partition(".")[0]
    return group in seen.closed


def _origin(origin: Mapping[str, Any], closed: Mapping[str, str]) -> Mapping[str, Any]:
    """Without the rows of what is closed."""
    gone = {name for section, names in OF_SECTION.items() if section in closed for name in names}
    return {name: [] if name in gone else value for name, value in origin.items()}


def _unless(closed: bool, values: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [] if closed else list(values)
