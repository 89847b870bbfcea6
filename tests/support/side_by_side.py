"""Which tests never run at the same time, where pytest-xdist runs several."""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

HEAVY = frozenset({"faults", "stories", "bench"})
"""Folders of tests each of which is enough for a machine: several servers, crowds of clients, kills and crashes."""


class HeavyInARow(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Hands out each test by itself to whoever is free; the heavy ones all to one process, first of all."""

    def _split_scope(self, nodeid: str) -> str:
        return "heavy" if HEAVY & {*nodeid.partition("::")[0].split("/")} else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> HeavyInARow | None:
    """Ours, unless another way to distribute tests is asked for by hand.

    (The mark `xdist_group` would do, but pytest-xdist 3.8 does not find it under pytest 9.2.)
    """
    return HeavyInARow(config, log) if config.getvalue("dist") == "loadscope" else None
