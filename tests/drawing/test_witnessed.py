"""Every command of every kind, as its own tests give it: the page before and what is pushed make the page after."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from app.settings import ROOT

WATCHED = ("-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--watch-pages", "tests/activities")


@pytest.mark.timeout(180)
def test_whatever_the_kinds_own_tests_do_is_pushed_as_it_is_drawn() -> None:
    """They are played in a process of their own, with a witness in front of every view that somebody may open."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    told = subprocess.run(
        [sys.executable, *WATCHED], cwd=ROOT, env=own, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout[-6000:] + told.stderr[-2000:]
