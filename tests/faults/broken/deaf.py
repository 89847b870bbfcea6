"""Cookies are revoked, and people removed; nobody tells the sockets that are open."""

from __future__ import annotations

import pytest

from app.live.outlet import Outlet
from tests.faults.broken import armed


def break_it(patch: pytest.MonkeyPatch) -> None:
    put_out = Outlet.put_out
    patch.setattr(Outlet, "put_out", lambda self, *word: None if armed() else put_out(self, *word))
