"""What is no command is an accident, and is treated as one."""

from __future__ import annotations

from typing import Any

import pytest

from app.wire import messages
from tests.faults.broken import armed


def break_it(patch: pytest.MonkeyPatch) -> None:
    parse = messages.parse

    def naive(said: Any) -> Any:
        try:
            return parse(said)
        except messages.Malformed as error:
            raise (KeyError(*error.args) if armed() else error) from None

    patch.setattr(messages, "parse", naive)
