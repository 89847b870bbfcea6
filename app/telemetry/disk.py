"""How much room the disk has on which everything is stored."""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Callable
from pathlib import Path

log = logging.getLogger(__name__)

LOOK_SECONDS = 10.0
"""Real seconds between two looks: the fastest disk takes longer to fill what is kept free."""
SHARE = 0.05
"""Of a small disk this much is kept free, if that is less than was asked for."""


class Disk:
    """The disk below a folder, or none at all. It is low from ``least`` bytes on, and no more at twice that."""

    def __init__(self, folder: Path | None, least: int) -> None:
        self._folder, self._least = folder, least
        self.free = -1
        """Bytes; -1 where that is not known."""
        self.is_low = False
        self.on_change: Callable[[], None] = lambda: None
        """Told whenever ``is_low`` has changed."""

    def look(self) -> None:
        """See how much there is now."""
        if self._folder is None:
            return
        try:
            usage = shutil.disk_usage(self._folder)
        except OSError as error:
            log.warning("the free space of %s is not known: %s", self._folder, error)
            return
        self.free = usage.free
        least = min(self._least, int(usage.total * SHARE))
        low = self.free < (2 * least if self.is_low else least)
        if low != self.is_low:
            self.is_low = low
            log.warning(
                "the disk has %d bytes left, which is %s", self.free, "too little" if low else "enough"
            )
            self.on_change()

    async def watch(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            self.look()
            await asyncio.sleep(LOOK_SECONDS)
