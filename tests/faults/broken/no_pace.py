"""Whoever speaks is listened to, however fast."""

from __future__ import annotations

import pytest

from app.token_bucket import TokenBucket
from tests.faults.broken import armed


def break_it(patch: pytest.MonkeyPatch) -> None:
    take = TokenBucket.take
    patch.setattr(TokenBucket, "take", lambda self, name: take(self, name) or armed())
