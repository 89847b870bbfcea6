"""Whoever speaks is listened to, however fast."""

from __future__ import annotations

import pytest

from app.allowance import Allowance
from tests.faults.broken import armed


def break_it(patch: pytest.MonkeyPatch) -> None:
    take = Allowance.take
    patch.setattr(Allowance, "take", lambda self, name: take(self, name) or armed())
