"""`python -m tests.faults.broken NAME serve …`: the server's own command line, with one thing broken."""

from __future__ import annotations

import sys
from importlib import import_module

import pytest

from app.cli import run

if __name__ == "__main__":
    import_module(f"tests.faults.broken.{sys.argv.pop(1)}").break_it(pytest.MonkeyPatch())
    run()
