"""SQLite does not wait for the disk: a kill loses nothing, a power loss does."""

from __future__ import annotations

import pytest

from app.database import pragmas


def break_it(patch: pytest.MonkeyPatch) -> None:
    swapped = tuple(pragma.replace("synchronous=FULL", "synchronous=OFF") for pragma in pragmas.PRAGMAS)
    assert swapped != pragmas.PRAGMAS
    patch.setattr(pragmas, "PRAGMAS", swapped)
