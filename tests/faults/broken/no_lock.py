"""Any number of servers take the same folder."""

from __future__ import annotations

import pytest

from app.database.private import FolderLock


def break_it(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(FolderLock, "take", lambda self: None)
