"""Whoever does not read holds up everybody else."""

from __future__ import annotations

import time
from typing import Any

import pytest
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from tests.faults.broken import armed

SECONDS = 0.3


def break_it(patch: pytest.MonkeyPatch) -> None:
    pause = WebSocketsSansIOProtocol.pause_writing

    def waiting(self: Any) -> None:
        pause(self)
        if armed():
            time.sleep(SECONDS)

    patch.setattr(WebSocketsSansIOProtocol, "pause_writing", waiting)
