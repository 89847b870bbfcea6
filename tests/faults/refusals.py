"""A plugin of pytest: counts which refusals the rules have given while tests ran (``-p tests.faults.refusals``)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from sessions.messages import Refused
from sessions.session import Session

given: set[str] = set()
_patch = pytest.MonkeyPatch()


def pytest_configure() -> None:
    decide = Session.decide

    def noting(self: Session, *what: Any) -> Any:
        told = decide(self, *what)
        if isinstance(told, Refused):
            given.add(told.reason)
        return told

    _patch.setattr(Session, "decide", noting)


def pytest_unconfigure() -> None:
    _patch.undo()
    Path(os.environ["RACE_TEST_REFUSED"]).write_text("\n".join(sorted(given)), "utf-8")
