"""Keeps long sessions quick to open: folds them from their snapshots, and sees to it that there are new ones.

A snapshot of a running session is made by another process, which folds the log by itself. Here it would hold up the
room: a state with a thousand people takes a third of a second to be written down, one with ten thousand ten times as
long, and nobody may change it meanwhile. What is made there is a fold of the log and of nothing else.
"""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from app.database import WriteError
from app.streams.journal import Journal
from app.streams.snapshots import Snapshots, fold
from sessions.session import Session

log = logging.getLogger(__name__)

EVERY = 25_000
"""Events after which there is a new snapshot: folding so many takes between 0.2 and 0.8 s."""
LONG = 100_000
"""Events that are folded once only: before anybody comes into the session, there is a snapshot."""
WORTH = 2_000
"""Events that are worth a snapshot when the session is closed."""
REST = 9.0
"""After each, nothing is made for so many times as long as it took: a tenth of one processor at most."""
RETRY_SECONDS = 60.0

Maker = Callable[[str], Awaitable[None]]
"""Has a snapshot of a session made elsewhere, by its code; raises OSError if that failed."""


class Snapshotter:
    """For every session of this process."""

    def __init__(self, journal: Journal, snapshots: Snapshots, make: Maker, every: int = EVERY) -> None:
        self._journal, self._snapshots, self._make, self._every = journal, snapshots, make, every
        self._kept: dict[str, int] = {}
        """The seq of each session's newest snapshot, as far as we know."""
        self._wanted: dict[str, None] = {}
        self._making: asyncio.Task[None] | None = None

    async def fold(self, code: str, key_of: Callable[[str], str]) -> Session:
        """A session as its log says, in little time where there is a snapshot."""
        session = await fold(self._journal, self._snapshots, code, key_of)
        self._kept[code] = await self._snapshots.newest(code)
        await self._keep(code, session, LONG)
        return session

    def grown(self, code: str, seq: int) -> None:
        """A session's log has come to ``seq``."""
        if seq - self._kept.get(code, 0) < self._every:
            return
        self._wanted[code] = None
        if self._making is None or self._making.done():
            self._making = asyncio.create_task(self._make_all())

    async def _make_all(self) -> None:
        loop = asyncio.get_running_loop()
        while self._wanted:
            code, began = next(iter(self._wanted)), loop.time()
            made = await self._made(code)
            await asyncio.sleep((loop.time() - began) * REST if made else RETRY_SECONDS)
            del self._wanted[code]

    async def _made(self, code: str) -> bool:
        try:
            await self._make(code)
            self._kept[code] = await self._snapshots.newest(code)
        except Exception:  # a slow start some day is better than a room that stands still now
            log.exception("no snapshot of %s could be made", code)
            return False
        return True

    async def keep(self, code: str, session: Session) -> None:
        """The session is being closed: its next start is to be quick."""
        await self._keep(code, session, WORTH)

    async def _keep(self, code: str, session: Session, worth: int) -> None:
        if session.seq - self._kept.get(code, 0) < worth:
            return
        try:
            await self._snapshots.save(code, session)
        except WriteError:
            log.exception("no snapshot of %s could be kept", code)
        else:
            self._kept[code] = session.seq

    async def close(self) -> None:
        """Give up what is being made."""
        if self._making is not None:
            self._making.cancel()
            await asyncio.gather(self._making, return_exceptions=True)


async def make_apart(root: Path, environment: Mapping[str, str], code: str) -> None:
    """A Maker: ``python -m app snapshot CODE`` in a process of its own. ``environment`` says where everything is kept,
    which may hold a password, so it does not stand among the arguments."""
    process = _started(root, environment, code)
    heard = asyncio.ensure_future(asyncio.to_thread(process.communicate))
    try:
        _, answer = await asyncio.shield(heard)
    except asyncio.CancelledError:
        process.kill()
        await heard
        raise
    if process.returncode:
        raise OSError(f"exit status {process.returncode}: {answer.decode(errors='replace').strip()[-500:]}")


def _started(root: Path, environment: Mapping[str, str], code: str) -> subprocess.Popen[bytes]:
    """Not by the event loop: uvloop begins with a copy of the whole server's page tables, and a full room stands still
    for that."""
    return subprocess.Popen(
        (sys.executable, "-m", "app", "snapshot", code, "--gently"),
        cwd=root,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
