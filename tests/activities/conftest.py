"""Where it is asked for, every command of every kind is watched: page before + what is pushed = page after.

The rules' tests alone draw nothing, and take a few seconds. `tests/drawing/test_witnessed.py` plays them once more
with `--watch-pages`, which draws the pages of everybody who looks on, at each new thing that happens.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.look import drawn_by
from tests.support.stage import Stage
from tests.support.witness import PageWitness


@pytest.fixture(autouse=True, scope="package")
def watched(request: pytest.FixtureRequest) -> Iterator[PageWitness | None]:
    """The witness of the tests in this folder, if one is asked for."""
    if not request.config.getoption("watch_pages"):
        yield None
        return
    Stage.witness = witness = PageWitness(drawn_by())
    yield witness
    Stage.witness = None
