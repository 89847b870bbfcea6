"""The table of who may do what lets everybody through."""

from __future__ import annotations

import pytest

from sessions.session import Session
from tests.faults.broken import armed


def break_it(patch: pytest.MonkeyPatch) -> None:
    may = Session._may
    patch.setattr(Session, "_may", lambda self, *who: armed() or may(self, *who))
