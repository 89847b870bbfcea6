"""The folder of keys lies in the data folder, so that every copy of the data brings the keys along."""

from __future__ import annotations

import pytest

from app.settings import Settings


def break_it(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Settings, "key_folder", property(lambda settings: settings.data.resolve() / "keys"))
