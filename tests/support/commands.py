"""What a test has of the command line."""

from __future__ import annotations

from collections.abc import Callable

Command = Callable[..., tuple[int, str, str]]
"""`python -m app …` within this process: exit status, what it printed, what it complained."""
