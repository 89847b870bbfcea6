"""A ballot box keeps slips in the order in which they came, and so does the count."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import Any

import pytest

from app.streams.sealing import NONCE_BYTES, Seal
from sessions.activities.vote import secrecy


def break_it(patch: pytest.MonkeyPatch) -> None:
    def as_they_came(ballots: Iterable[Any], *_: Any, **__: Any) -> list[Any]:
        return list(ballots)

    patch.setattr(secrecy, "shuffled", as_they_came)
    patch.setattr("sessions.ballot_boxes.sorted", as_they_came, raising=False)
    numbers = count(1)
    patch.setattr(Seal, "_nonce", lambda seal: next(numbers).to_bytes(NONCE_BYTES, "big"))
