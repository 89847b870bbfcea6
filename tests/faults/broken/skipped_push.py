"""One push in ten is empty, though it carries its seq: a page believes to have heard what it has not."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

import pytest

from app.wire import messages
from tests.faults.broken import armed


def break_it(patch: pytest.MonkeyPatch) -> None:
    frame, number = messages.frame, count(1)

    def losing(fragments: Iterable[str], seq: int | None) -> str:
        lost = seq is not None and armed() and next(number) % 10 == 0
        return frame(() if lost else fragments, seq)

    patch.setattr(messages, "frame", losing)
