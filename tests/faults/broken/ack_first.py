"""Whoever waits is told that it is on disk, and then it is committed: a moment later."""

from __future__ import annotations

import time
from typing import Any

import pytest
from sqlalchemy.engine import RootTransaction

from app.database import writer
from tests.faults.broken import armed

LATER = 0.03
"""Real seconds between the promise and the commit."""


def break_it(patch: pytest.MonkeyPatch) -> None:
    commit = writer.Writer._commit

    def promising(self: Any, bundle: Any) -> Any:
        if not armed():
            return commit(self, bundle)

        def keep(transaction: RootTransaction) -> None:
            writer._hand_back(bundle)
            time.sleep(LATER)
            patch_commit(transaction)

        patch_commit = RootTransaction.commit
        with pytest.MonkeyPatch.context() as inner:
            inner.setattr(RootTransaction, "commit", keep)
            return commit(self, bundle)

    patch.setattr(writer.Writer, "_commit", promising)
