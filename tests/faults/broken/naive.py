"""What is no command is an accident, and is treated as one."""

from __future__ import annotations

from typing import Any

import pytest

from app.live import wire
from tests.faults.broken import armed


def break_it(patch: pytest.MonkeyPatch) -> None:
    parse = wire.parse

    def naive(said: Any) -> Any:
        try:
            return parse(said)
        except wire.Malformed as error:
            raise (KeyError(*error.args) if armed() else error) from None

    patch.setattr(wire, "parse", naive)
