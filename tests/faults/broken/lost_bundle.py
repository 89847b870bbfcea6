"""Now and then what was to be committed is rolled back, and nobody is told."""

from __future__ import annotations

import random

import pytest
from sqlalchemy.engine import RootTransaction

from tests.faults.broken import armed

SELDOM = 40
"""One bundle in so many is lost."""


def break_it(patch: pytest.MonkeyPatch) -> None:
    commit, chance = RootTransaction.commit, random.Random(1)

    def losing(transaction: RootTransaction) -> None:
        if armed() and chance.randrange(SELDOM) == 0:
            transaction.rollback()
        else:
            commit(transaction)

    patch.setattr(RootTransaction, "commit", losing)
