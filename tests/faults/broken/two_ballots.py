"""A secret vote takes a second ballot of the same person, and cannot tell which was the first."""

from __future__ import annotations

import pytest

from sessions.activities.vote.secrecy import Secret


def break_it(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Secret, "final", False)
