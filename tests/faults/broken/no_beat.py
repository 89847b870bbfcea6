"""The server says nothing of its own accord."""

from __future__ import annotations

import os

import pytest


def break_it(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(os.environ, "RACE_BEAT_SECONDS", "100000")
