"""`python3 -m tests [arguments of pytest]`: get what the tests need, then run them.

The exit status is pytest's. `-m "not browser"` does without a browser.

One test more runs at a time than there are cores (`-n 0`: one after the other, in this process), as those that stand
in a row (tests/support/side_by_side.py) spend half of their time waiting for servers that they have killed.
"""

import os
import sys

from app import setup
from tests.support.made_once import shared_folder

MOST = 8
"""Processes: each starts a PostgreSQL of its own."""


def main(arguments: list[str]) -> int:
    """Make sure of packages, htmx and browsers, and hand over to pytest."""
    setup.ensure("dev")
    setup.ensure_htmx(setup.ROOT / "static" / "vendor")
    if not _without_browser(arguments):
        setup.ensure_chromium()
        setup.ensure_engines()

    import pytest

    with shared_folder():
        return int(pytest.main([*_side_by_side(arguments), *arguments]))


def _side_by_side(arguments: list[str]) -> list[str]:
    """How many processes run tests, unless the arguments say so themselves, or a debugger needs this one."""
    told = any(argument.startswith(("-n", "--numprocesses", "--dist", "--pdb")) for argument in arguments)
    return [] if told else [f"--numprocesses={_processes()}", "--dist=loadscope"]


def _processes() -> int:
    """One more than the cores that this process may use; not more than tests can keep busy."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(usable + 1, MOST)


def _without_browser(arguments: list[str]) -> bool:
    """Whether the tests that need a browser were deselected."""
    return any("not browser" in argument for argument in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
