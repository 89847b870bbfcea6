"""An event without a salt counts as erased, and its body is believed: one UPDATE makes another winner."""

from __future__ import annotations

import pytest

from app.streams.proof import Stored


def break_it(patch: pytest.MonkeyPatch) -> None:
    proves = Stored._body_holds
    patch.setattr(Stored, "_body_holds", lambda line: line.salt is None or proves(line))
