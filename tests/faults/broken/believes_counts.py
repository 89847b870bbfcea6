"""What a count says of those it left out, of its limits and of its ballots is believed."""

from __future__ import annotations

import pytest

from app.archive.fold import Fold


def break_it(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Fold, "doubts", lambda fold, line: [])
