"""Whoever comes back is told to load the page anew, as if nothing could be caught up."""

from __future__ import annotations

from typing import Any

import pytest

from app.audience.connection import RELOAD
from app.live.socket import Conversation
from tests.faults.broken import armed


def break_it(patch: pytest.MonkeyPatch) -> None:
    resume = Conversation._resume

    def careless(self: Conversation, data: dict[str, Any]) -> None:
        if armed():
            self.transport.push(RELOAD)
        resume(self, data)

    patch.setattr(Conversation, "_resume", careless)
