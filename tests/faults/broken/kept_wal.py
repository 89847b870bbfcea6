"""The write-ahead log is left alone, with every version of every urn in it."""

from __future__ import annotations

import pytest

from app.streams.base_journal import BaseJournal


def break_it(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(BaseJournal, "wipe_soon", lambda journal, tables: None)
