"""What is sealed is as long as what is in it."""

from __future__ import annotations

import pytest

from app.streams.sealing import LENGTH_BYTES, Seal

close = Seal.close


def break_it(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Seal, "close", lambda seal, text, size: close(seal, text, len(text) + LENGTH_BYTES))
