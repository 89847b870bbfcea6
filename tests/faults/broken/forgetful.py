"""The same command again is taken for another one: ids are forgotten as soon as they are answered."""

from __future__ import annotations

from itertools import count

import pytest

from app.live import batch
from tests.faults.broken import armed


def break_it(patch: pytest.MonkeyPatch) -> None:
    own_id, number = batch._own_id, count(1)
    patch.setattr(batch, "_own_id", lambda *who: own_id(*who) + (f"#{next(number)}" if armed() else ""))
