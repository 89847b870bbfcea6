"""Every command of every kind is watched while its own tests play: page before + pushes = page after."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.drawing.render import Renderer
from app.settings import Settings
from tests.support.stage import Stage
from tests.support.witness import PageWitness


@pytest.fixture(autouse=True, scope="package")
def watched() -> Iterator[PageWitness]:
    """The witness of the tests in this folder."""
    witness = PageWitness(Renderer(Settings().templates))
    Stage.witness = witness
    yield witness
    Stage.witness = None
