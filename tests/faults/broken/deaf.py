"""Cookies are revoked, and people removed; nobody tells the sockets that are open."""

from __future__ import annotations

import pytest

from app.audience.connection import Connection
from tests.faults.broken import armed


def break_it(patch: pytest.MonkeyPatch) -> None:
    disconnect = Connection.disconnect
    patch.setattr(Connection, "disconnect", lambda self, *word: None if armed() else disconnect(self, *word))
