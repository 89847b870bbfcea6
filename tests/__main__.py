"""`python3 -m tests [arguments of pytest]`: get what the tests need, then run them.

The exit status is pytest's. `-m "not browser"` does without a browser.
"""

import sys

from app import setup


def main(arguments: list[str]) -> int:
    """Make sure of packages, htmx and Chromium, and hand over to pytest."""
    setup.ensure("dev")
    setup.ensure_htmx(setup.ROOT / "static" / "vendor")
    if not _without_browser(arguments):
        setup.ensure_chromium()

    import pytest

    return int(pytest.main(arguments))


def _without_browser(arguments: list[str]) -> bool:
    """Whether the tests that need a browser were deselected."""
    return any("not browser" in argument for argument in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
