"""The write-ahead log is left alone, with every version of every urn in it."""

from __future__ import annotations

import pytest

from app.streams.journal import Kept


def break_it(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Kept, "wipe_soon", lambda journal: None)
