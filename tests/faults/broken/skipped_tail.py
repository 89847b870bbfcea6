"""What another server has appended is folded, and taken for something that everybody here has seen already."""

from __future__ import annotations

import pytest

from app.live.desk import Desk
from app.live.turn import Turn
from tests.faults.broken import armed


def break_it(patch: pytest.MonkeyPatch) -> None:
    append = Desk._append

    async def skipping(self: Desk, turn: Turn) -> bool:
        stored = await append(self, turn)
        if turn.behind and armed():
            self.fanout.published = max(self.fanout.published, self.session.seq - len(turn.events))
        return stored

    patch.setattr(Desk, "_append", skipping)
