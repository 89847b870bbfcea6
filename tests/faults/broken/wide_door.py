"""The crowd is let in however many have come."""

from __future__ import annotations

import pytest

from app.web.join_limits import JoinLimits
from tests.faults.broken import armed


def break_it(patch: pytest.MonkeyPatch) -> None:
    lets = JoinLimits.lets_crowd_in
    patch.setattr(JoinLimits, "lets_crowd_in", lambda self, *asked: armed() or lets(self, *asked))
