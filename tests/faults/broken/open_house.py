"""Whoever asks is taken for one of our own pages."""

from __future__ import annotations

from typing import Any

import pytest

from app.web import origin
from tests.faults.broken import armed


def break_it(patch: pytest.MonkeyPatch) -> None:
    from_here = origin.from_here

    def glad(headers: Any) -> bool:
        return armed() or from_here(headers)

    patch.setattr(origin, "from_here", glad)
