"""Days as people count them: today in a zone, months ahead with the last day clipped."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

DAY = 24 * 3600.0
"""Seconds in an elapsed day."""


def day_at(at: float, zone: str) -> date:
    """The calendar day in a zone at a wall time (seconds since 1970 UTC)."""
    return datetime.fromtimestamp(at, ZoneInfo(zone)).date()


def last_day(now: float, days: int, zone: str) -> date:
    """The day in a zone on which ``days`` elapsed days of 24 hours are over."""
    return day_at(now + days * DAY, zone)


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day where it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def followup_dates(day: date, months: Iterable[int]) -> list[str]:
    """ISO dates so many calendar months after a day."""
    return [add_months(day, count).isoformat() for count in months]


def noon(day: str) -> float:
    """Wall time of midday UTC on an ISO date: the same day wherever in Europe it is shown."""
    return datetime.combine(date.fromisoformat(day), time(12), UTC).timestamp()


def midnight(day: date, zone: str) -> float:
    """Wall time at which a day begins in a zone."""
    return datetime.combine(day, time(), ZoneInfo(zone)).timestamp()


def moment(text: str, zone: str) -> float | None:
    """Wall time (seconds since 1970 UTC) of a day and hour as people write them in a zone, ``2026-12-03 09:00`` or with
    a T between; None if it is none, or says a zone of its own."""
    try:
        written = datetime.fromisoformat(text)
    except ValueError:
        return None
    is_whole = ":" in text and written.tzinfo is None
    return written.replace(tzinfo=ZoneInfo(zone)).timestamp() if is_whole else None


def read_day(text: str) -> date | None:
    """A day written as ``2026-03-30``; None if it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
