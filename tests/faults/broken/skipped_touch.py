"""One change in seven of what a page shows is not noted, so it is pushed to nobody."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from sessions.room import Room


def break_it(patch: pytest.MonkeyPatch) -> None:
    mark, number = Room.mark, count(1)

    def forgetful(room: Room, *what: Any) -> None:
        if next(number) % 7:
            mark(room, *what)

    patch.setattr(Room, "mark", forgetful)
