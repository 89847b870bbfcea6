"""Whoever comes from one address is taken for one device."""

from __future__ import annotations

from typing import Any

import pytest

from app.web import devices
from tests.faults.broken import armed


def break_it(patch: pytest.MonkeyPatch) -> None:
    device_of = devices.device_of

    def same_address(connection: Any) -> str:
        return connection.client.host.replace(".", "-") if armed() else device_of(connection)

    patch.setattr(devices, "device_of", same_address)
