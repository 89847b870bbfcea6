"""What comes from a file or from people, as it may reach a terminal: no control character of theirs ever does."""

from __future__ import annotations

import sys


def plain(text: object) -> str:
    """A text on one line, with whatever a terminal might obey written out (``\\x1b``, ``\\u202e``). Line ends too: what
    somebody wrote never looks like a line of ours."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in str(text)
    )


def say(*lines: object, error: bool = False) -> None:
    """Print lines, each escaped by itself."""
    for line in lines:
        print(plain(line), file=sys.stderr if error else sys.stdout)
