"""What may come of doing a task, and what does one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from app.streams.tasks import Task


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of the task was written in one transaction with what it has led to."""


@dataclass(frozen=True, slots=True)
class Later:
    """It was too early; ``at`` is when the task is due, by the product's clock."""

    at: float


Handler = Callable[[Task], Awaitable[Ended | Later | None]]
"""Does a task, in a way that is harmless a second time. None: it is done. Raises whatever keeps it from being done."""
