"""Servers that are broken on purpose, to see whether a harness notices.

Each module here breaks one thing: ``break_it(patch)`` changes the product in this process only. In a server the thing
works until the harness has armed it: people come in and the room is set up as in any other.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import pytest


def armed() -> bool:
    """Whether things shall be broken by now."""
    return Path(os.environ.get("RACE_TEST_ARMED", "/nowhere")).exists()


@contextmanager
def here(name: str) -> Iterator[pytest.MonkeyPatch]:
    """The variant of this name in this very process, until the block ends; the sound product if there is no name."""
    with pytest.MonkeyPatch.context() as patch:
        if name:
            patch.setenv("RACE_TEST_ARMED", "/")
            import_module(f"tests.faults.broken.{name}").break_it(patch)
        yield patch
