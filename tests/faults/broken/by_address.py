"""Whoever comes from one address is taken for one device."""

from __future__ import annotations

from typing import Any

import pytest

from app.people.entrance import Entrance
from tests.faults.broken import armed


def break_it(patch: pytest.MonkeyPatch) -> None:
    device_of = Entrance.device_of

    def same_address(self: Entrance, connection: Any) -> str:
        return connection.client.host if armed() else device_of(self, connection)

    patch.setattr(Entrance, "device_of", same_address)
