"""The answers of a desk: whoever gave a command hears once it is on disk, and never costs anybody else anything."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable

from app.live.batch import Answer, Answered
from sessions.messages import Command, Refused, refuse

log = logging.getLogger(__name__)

FLUSH_SECONDS = 0.02
"""Real seconds that answers to a crowd wait at most for the next batch to be on its way to the disk."""

NOT_STORED = refuse(
    "not_stored", "The server could not store this. It is kept on your device and sent again."
)
BUSY = refuse("busy", "The server is busy. It is kept on your device and sent again.")

UNPROVED = refuse(
    "unproved",
    "Something in this session was changed from outside, so nothing of it is shown or stored. Tell its organiser.",
)


class Answers:
    """Answers that are known and not given yet."""

    def __init__(self) -> None:
        self._waiting: list[Answered] = []

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def add(self, answers: Iterable[Answered]) -> None:
        """These are known now."""
        self._waiting += answers

    def flush(self) -> None:
        """Give all that are known."""
        waiting, self._waiting = self._waiting, []
        for answer, command, outcome in waiting:
            give(answer, command, outcome)

    def flush_when_disk_is_busy(self, crowded: bool) -> None:
        """Give them while the database has the next batch: at once when that is on its way, and soon in any case. Only
        where nobody else appends: else the log itself may have to be waited for, and ``crowded`` is false."""
        loop = asyncio.get_running_loop()
        if crowded:
            loop.call_later(FLUSH_SECONDS, self.flush)
        else:
            loop.call_soon(self.flush)

    def disk_is_busy(self) -> None:
        """The database has just been handed a batch."""
        if self._waiting:
            asyncio.get_running_loop().call_soon(self.flush)


def give(answer: Answer, command: Command, outcome: int | Refused) -> None:
    """Answer one who asked. Whoever cannot be answered costs nobody else anything."""
    try:
        answer(command, outcome)
    except Exception:
        log.exception("whoever sent %s could not be answered", command.name)
