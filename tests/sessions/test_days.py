"""Days as people count them."""

from datetime import UTC, date, datetime

import pytest

from sessions.days import add_months, day_at, followup_dates, last_day, noon, read_day


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 3, 29), 3, date(2026, 6, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
    ],
)
def test_months_are_calendar_months_with_the_last_day_clipped(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later


def test_follow_ups_are_iso_dates() -> None:
    assert followup_dates(date(2026, 8, 31), (3, 6, 12)) == ["2026-11-30", "2027-02-28", "2027-08-31"]


def test_a_day_is_the_zones_day() -> None:
    late = datetime(2026, 3, 29, 22, 30, tzinfo=UTC).timestamp()
    assert day_at(late, "UTC") == date(2026, 3, 29)
    assert day_at(late, "Europe/Helsinki") == date(2026, 3, 30)


def test_days_ahead_are_elapsed_days_also_when_clocks_go_forward() -> None:
    before = datetime(
        2026, 3, 28, 22, 30, tzinfo=UTC
    ).timestamp()  # 23.30 in Stockholm, summer time begins at night
    assert day_at(before, "Europe/Stockholm") == date(2026, 3, 28)
    assert last_day(before, 1, "Europe/Stockholm") == date(2026, 3, 30)


def test_what_is_no_day_is_none() -> None:
    assert read_day("2026-02-30") is None
    assert read_day("") is None
    assert read_day("2026-03-30") == date(2026, 3, 30)


def test_noon_falls_on_the_same_day_from_iceland_to_finland() -> None:
    assert day_at(noon("2026-03-30"), "Atlantic/Reykjavik") == date(2026, 3, 30)
    assert day_at(noon("2026-03-30"), "Europe/Helsinki") == date(2026, 3, 30)
