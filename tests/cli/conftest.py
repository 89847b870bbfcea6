"""The command line, for the tests of this folder."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator

import pytest

from app.cli import run
from tests.support.commands import Command


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Command]:
    """`python -m app …` within this process: exit status, what it printed, what it complained."""
    before = signal.getsignal(signal.SIGTERM)

    def given(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["app", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            run()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    yield given
    signal.signal(signal.SIGTERM, before)
