"""When a record was archived, and when somebody asks how it went: calendar months later."""

from datetime import UTC, datetime
from typing import Any

from sessions.days import day_at, followup_dates
from sessions.entry import Entry

MONTHS = (3, 6, 12)
"""Months after archiving at which a follow-up is due unless the session says otherwise."""


def archived_at(entry: Entry) -> float | None:
    """When the entry was archived, wall time in seconds since 1970 UTC; None before."""
    return entry.reached.get("archived")


def followups(entry: Entry, zone: str) -> list[dict[str, Any]]:
    """The follow-ups that archiving brings about, with their dates."""
    at = archived_at(entry)
    if at is None:
        return []
    months = (entry.latest("followups") or {}).get("months", MONTHS)
    due = followup_dates(day_at(at, zone), months)
    return [{"months": count, "due": day} for count, day in zip(months, due, strict=True)]


def moment(at: float) -> str:
    """A wall time (seconds since 1970 UTC) as ISO 8601 in UTC, to the millisecond."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
