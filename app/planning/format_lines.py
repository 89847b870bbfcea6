"""Where in a format's file something stands: TOML is read without line numbers, and a finding should have one."""

from __future__ import annotations

import re

PHASE = re.compile(r"\s*\[\[\s*phase\s*\]\]")
ID = re.compile(r"""\s*id\s*=\s*["']([^"']*)["']""")


def line_of(source: str, phase: str, key: str) -> int:
    """The number, from 1, of the line where a phase says something under a key; else of the phase's first line, else 1.

    With phase "" the key is one of the format itself, which stand before the first phase.
    """
    lines = source.splitlines()
    first, after = _lines_of(lines, phase) if phase else (0, _first_phase(lines))
    stated = re.compile(rf"\s*(\[+\s*phase\.rules\.)?{re.escape(key)}\s*(=|\.|\])")
    found = (number for number in range(first, after) if key and stated.match(lines[number]))
    return next(found, first) + 1


def _first_phase(lines: list[str]) -> int:
    return next((number for number, line in enumerate(lines) if PHASE.match(line)), len(lines))


def _lines_of(lines: list[str], phase: str) -> tuple[int, int]:
    """The first line of a phase, and the one after its last; of the last phase where several have the id."""
    starts = [number for number, line in enumerate(lines) if PHASE.match(line)]
    for start, after in reversed(list(zip(starts, [*starts[1:], len(lines)], strict=True))):
        found = next((m[1] for line in lines[start:after] if (m := ID.match(line))), "")
        if found == phase:
            return start, after
    return 0, 0
