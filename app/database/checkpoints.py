"""The write-ahead log of SQLite is moved into the database beside whoever writes, and never grows without bound.

The one who writes does not do it: everybody whose command is being committed would wait. A thread does, twice a second
while anything is written. What it has moved is only overwritten once all of it has been moved, and under load there
always is more: then the writer moves the little that is left, between two transactions.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

log = logging.getLogger(__name__)

EVERY_SECONDS = 0.5
LARGE = 16 << 20
"""Bytes of the write-ahead log from which on it is begun anew as soon as that takes little time."""
LARGEST = 128 << 20
"""Bytes from which on the writer waits: the disk is behind, and what it has not done yet is not to fill it."""
AGAIN_SECONDS = 0.25
"""Until the next try where somebody still reads from the write-ahead log."""


class Checkpointer:
    """Beside one writer. ``path`` is the database's file."""

    def __init__(self, path: Path) -> None:
        self._path, self._wal = path, path.with_name(f"{path.name}-wal")
        self._written = threading.Event()
        self._closing = threading.Event()
        self._busy = threading.Lock()
        """Held while something is moved, so that two never try at once."""
        self._due = False
        """All but a little has been moved, and the log is large."""
        self._not_before = 0.0
        self._thread = threading.Thread(target=self._run, name="checkpointer", daemon=True)
        self._thread.start()

    # ---- what the writer calls

    def note_written(self) -> None:
        """Something was committed."""
        self._written.set()

    def keep_small(self, connection: sqlite3.Connection) -> None:
        """Begin the write-ahead log anew if it is time to, on the writer's connection and between two transactions."""
        if (self._due or self._size() > LARGEST) and time.monotonic() >= self._not_before:
            with self._busy:
                if not emptied(connection):
                    self._not_before = time.monotonic() + AGAIN_SECONDS
                self._due = False

    def close(self) -> None:
        """Stop. Whatever the log still holds is moved by whoever closes the database's last connection."""
        self._closing.set()
        self._written.set()
        self._thread.join()

    # ---- the thread

    def _run(self) -> None:
        while self._written.wait():
            # Before it looks whether to stop: whoever closes sets that first and then wakes it, which is never lost.
            self._written.clear()
            if self._closing.wait(EVERY_SECONDS):
                return
            try:
                self._move()
            except sqlite3.Error as error:
                # A disk that fails, and whoever writes is told so; or just bad luck.
                log.info("the write-ahead log was not moved, and will be: %s", error)
                self._written.set()

    def _move(self) -> None:
        with closing(sqlite3.connect(self._path, timeout=1.0, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous=FULL")
            with self._busy:
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            if self._size() > LARGE:
                self._begin_anew(connection)

    def _begin_anew(self, connection: sqlite3.Connection) -> None:
        """If nobody writes, here and now; else the writer does so after its transaction."""
        if self._written.is_set():
            self._due = True
            return
        with self._busy:
            if not emptied(connection):
                self._written.set()  # somebody still reads: look again

    def _size(self) -> int:
        try:
            return self._wal.stat().st_size
        except FileNotFoundError:
            return 0


def emptied(connection: sqlite3.Connection) -> bool:
    """Move all of the write-ahead log and leave an empty file; False if somebody reads from it or writes. It waits for
    nobody: while it waited for somebody who reads, nobody could write."""
    ((patience,),) = connection.execute("PRAGMA busy_timeout").fetchall()
    connection.execute("PRAGMA busy_timeout=0")
    try:
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.execute(f"PRAGMA busy_timeout={patience}")
    return not busy
