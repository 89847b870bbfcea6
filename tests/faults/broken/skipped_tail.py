"""What another server has appended is folded, and taken for something that everybody here has seen already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from app.live.desk import Desk
from sessions.messages import Event
from tests.faults.broken import armed


def break_it(patch: pytest.MonkeyPatch) -> None:
    decide_all = Desk._decide_all

    def skipping(self: Desk, batch: Any, tail: Sequence[Event], turn: Any) -> Any:
        decided = decide_all(self, batch, tail, turn)
        if tail and armed():
            self.fanout.published = max(self.fanout.published, tail[-1].seq)
        return decided

    patch.setattr(Desk, "_decide_all", skipping)
