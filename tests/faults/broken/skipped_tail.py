"""What another server has appended is folded, and taken for something that everybody here has seen already."""

from __future__ import annotations

import pytest

from app.live.batch import CommandBatch
from app.live.desk import Desk
from app.live.storage import Fate
from tests.faults.broken import armed


def break_it(patch: pytest.MonkeyPatch) -> None:
    answer = Desk._queue_answers

    def skipping(self: Desk, batch: CommandBatch, fate: Fate) -> None:
        answer(self, batch, fate)
        if batch.behind and armed():
            self.fanout.published = max(self.fanout.published, self.session.seq - len(batch.events))

    patch.setattr(Desk, "_queue_answers", skipping)
