"""One change in seven of what a page shows is not noted, so it is pushed to nobody."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from sessions.session_state import SessionState


def break_it(patch: pytest.MonkeyPatch) -> None:
    mark, number = SessionState.mark, count(1)

    def forgetful(room: SessionState, *what: Any) -> None:
        if next(number) % 7:
            mark(room, *what)

    patch.setattr(SessionState, "mark", forgetful)
