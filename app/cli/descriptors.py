"""How many connections and files this process may have open: as many as the system lets it."""

from __future__ import annotations

import sys
from contextlib import suppress

with suppress(ImportError):  # Windows counts otherwise
    import resource

ENOUGH = 8_192
"""Descriptors for a hall: each phone holds one, and for a moment a second."""
ASKED = 1_048_576
"""More than any process of ours needs; some systems say that there is no limit."""


def raise_descriptors() -> int:
    """Take as many descriptors as the system allows; how many that is. Where they are few that is said."""
    if "resource" not in globals():
        return ASKED
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = ASKED if hard == resource.RLIM_INFINITY else min(hard, ASKED)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
        except (OSError, ValueError):  # a system that says more than it keeps
            pass
    if soft != resource.RLIM_INFINITY and soft < ENOUGH:
        print(
            f"Only {soft} connections and files may be open at once: enough for about {soft // 2} people. "
            "Raise the limit (ulimit -n, LimitNOFILE) before a larger event.",
            file=sys.stderr,
            flush=True,
        )
    return ASKED if soft == resource.RLIM_INFINITY else soft
