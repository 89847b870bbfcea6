"""When a record was archived, and when somebody asks how it went: calendar months later."""

from calendar import monthrange
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

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
    day = datetime.fromtimestamp(at, ZoneInfo(zone)).date()
    months = (entry.latest("followups") or {}).get("months", MONTHS)
    return [{"months": months_on, "due": later(day, months_on).isoformat()} for months_on in months]


def later(day: date, months: int) -> date:
    """The same day some calendar months later; the month's last day where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def moment(at: float) -> str:
    """A wall time (seconds since 1970 UTC) as ISO 8601 in UTC, to the millisecond."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
