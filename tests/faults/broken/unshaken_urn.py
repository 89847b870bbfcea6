"""An urn keeps slips in the order in which they came, and so does the count."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from sessions.activities.vote import secrecy


def break_it(patch: pytest.MonkeyPatch) -> None:
    def as_they_came(slips: Iterable[Any], *_: Any, **__: Any) -> list[Any]:
        return list(slips)

    patch.setattr(secrecy, "shuffled", as_they_came)
    for module in ("app.streams.ballot_box", "sessions.ballot_boxes"):
        patch.setattr(f"{module}.sorted", as_they_came, raising=False)
