"""Whoever comes from one address is taken for one device."""

from __future__ import annotations

from typing import Any

import pytest

from app.web.join_limits import JoinLimits
from tests.faults.broken import armed


def break_it(patch: pytest.MonkeyPatch) -> None:
    device_of = JoinLimits.device_of

    def same_address(self: JoinLimits, connection: Any) -> str:
        return connection.client.host if armed() else device_of(self, connection)

    patch.setattr(JoinLimits, "device_of", same_address)
