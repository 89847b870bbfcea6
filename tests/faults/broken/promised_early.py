"""PostgreSQL says that it has committed before that is on disk."""

from __future__ import annotations

import pytest

from app.database import postgres


def break_it(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(postgres.LIMITS, "synchronous_commit", "off")
