"""Every fault in a small dose, and harnesses that prove on broken servers that they can fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.finding import SMALL
from tests.faults.rows import Row, rows


def marked(row: Row, *more: str) -> object:
    """A row as a test's parameter; those that need a browser say so."""
    marks = [pytest.mark.browser] if row.needs_browser else []
    return pytest.param(row, *more, marks=marks, id="-".join((row.name, *more)))


EVERY = [marked(row) for row in rows().values() if not getattr(row.module, "ELSEWHERE", "")]
"""A row that is a test of its own elsewhere, in a larger dose, is not played here as well."""
PROVED = [marked(row, name) for row in rows().values() for name in getattr(row.module, "PROVED", ())]
"""The broken servers that every run of the tests is shown; the command shows them all."""


@pytest.mark.parametrize("row", EVERY)
async def test_a_small_dose_is_survived(row: Row, tmp_path: Path) -> None:
    finding = await row.run(SMALL, tmp_path)
    assert finding.injected > 0
    assert finding.violations == []


@pytest.mark.parametrize(("row", "broken"), PROVED)
async def test_a_harness_finds_what_was_broken_on_purpose(row: Row, broken: str, tmp_path: Path) -> None:
    finding = await row.run(SMALL, tmp_path, broken)
    assert finding.violations
