"""The data folder belongs to one user, and on SQLite to one server at a time."""

from __future__ import annotations

import logging
import os
import stat
from contextlib import suppress
from pathlib import Path

with suppress(ImportError):  # Windows has no such locks
    import fcntl

log = logging.getLogger(__name__)

LOCK = "server.lock"
FOLDER_MODE, FILE_MODE = 0o700, 0o600
OURS = ("race.sqlite", "race.sqlite-wal", "race.sqlite-shm", "organisations.key", "address.txt", LOCK)
"""What lies in a data folder. Whatever else somebody keeps there is left as it is."""


class Served(Exception):
    """Another server has this folder."""


def keep_private(folder: Path) -> None:
    """Make the folder and the files in it readable by their owner alone, also where they have been there before."""
    folder.mkdir(FOLDER_MODE, parents=True, exist_ok=True)
    if not folder.stat().st_mode & stat.S_ISVTX:  # a folder such as /tmp is everybody's
        _restrict(folder, FOLDER_MODE)
    for name in OURS:
        if (folder / name).is_file():
            _restrict(folder / name, FILE_MODE)


def make_private(path: Path) -> None:
    """See that a file exists before anybody writes to it, so that it is nobody else's from its first byte on; one that
    was there before is narrowed. SQLite gives the files that it makes beside its own the same mode."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_MODE))
    except FileExistsError:
        _restrict(path, FILE_MODE)


def _restrict(path: Path, mode: int) -> None:
    if stat.S_IMODE(path.stat().st_mode) == mode:
        return
    try:
        path.chmod(mode)
    except PermissionError:  # it is somebody else's, who lets us write there
        log.warning("%s can be read by others, and is not ours to change", path)


class FolderLock:
    """Says that this process serves a folder. The kernel lets go of it when the process ends, however it ends."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / LOCK
        self._descriptor = -1

    def take(self) -> None:
        """Raises Served where another server has it. A file system without locks is taken on trust."""
        if "fcntl" not in globals() or self._descriptor >= 0:
            return
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, FILE_MODE)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 32).decode("ascii", "replace").strip()
            os.close(descriptor)
            raise Served(
                f"Another server (process {holder or 'unknown'}) already serves {self._path.parent}. Stop it first, "
                "or give this one a folder of its own with --data; several servers share a PostgreSQL"
            ) from None
        except OSError as error:
            log.warning(
                "%s cannot be locked (%s): see that one server alone uses it", self._path.parent, error
            )
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._descriptor = descriptor

    def release(self) -> None:
        """Another server may have it now."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
