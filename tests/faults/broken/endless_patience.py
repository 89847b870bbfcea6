"""Whoever asks may keep a connection for ever, whether they read or not, and nobody makes way."""

from __future__ import annotations

import pytest

from app.web.room import Room
from app.web.unread import Unread
from tests.faults.broken import armed


def break_it(patch: pytest.MonkeyPatch) -> None:
    look, make_way = Unread.look, Room._make_way
    patch.setattr(Unread, "look", lambda self: None if armed() else look(self))
    patch.setattr(Room, "_make_way", lambda self: None if armed() else make_way(self))
