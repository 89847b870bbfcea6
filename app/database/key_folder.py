"""The folder of keys, apart from the data: what a copy of the database must not bring along.

Whoever copies the data folder, its backups or a replica gets no key: so sealed ballots stay sealed there, and an export
cannot be signed in this installation's name. The two folders know each other by an id, so that one that came up empty
(a container without its second volume) is noticed.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

with suppress(ImportError):  # Windows has no such locks
    import fcntl

ID = "id"
ID_BYTES = 16
FOLDER_MODE, FILE_MODE = 0o700, 0o600


class KeyFolder:
    """Files under names that may have folders in them, e.g. ``signing/1f2e.pem``; readable by their owner alone."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def id(self) -> str:
        """Hex digits by which this folder is known; made where there are none."""
        return self.kept(ID, lambda: secrets.token_hex(ID_BYTES).encode()).decode()

    def kept(self, name: str, fresh: Callable[[], bytes]) -> bytes:
        """What a file holds; where there is none it is made of ``fresh``, once: of several processes that begin at the
        same moment all get what the first has written."""
        if not self.has(name):
            draft = self._drafted(name, fresh())
            with suppress(FileExistsError):
                os.link(
                    draft, self._file(name)
                )  # unlike a rename, this never replaces what another has just made
            draft.unlink()
            _sync_folder(draft.parent)
        return self.read(name)

    def has(self, name: str) -> bool:
        return self._file(name).exists()

    def read(self, name: str) -> bytes:
        """What a file holds. Raises FileNotFoundError."""
        return self._file(name).read_bytes()

    def names(self, under: str = "") -> list[str]:
        """The files of a folder in it, by name, sorted; none where there is no such folder."""
        folder = self.path / under
        return sorted(
            path.relative_to(self.path).as_posix()
            for path in (folder.iterdir() if folder.is_dir() else ())
            if path.is_file() and not path.name.endswith(".draft")
        )

    def folders(self, under: str) -> list[str]:
        """The folders in a folder, by their own names, sorted."""
        folder = self.path / under
        return sorted(path.name for path in (folder.iterdir() if folder.is_dir() else ()) if path.is_dir())

    def changed_at(self, name: str) -> float:
        """When a file was last written, in seconds since 1970 UTC; now where there is none."""
        try:
            return self._file(name).stat().st_mtime
        except FileNotFoundError:
            return time.time()

    def write(self, name: str, content: bytes) -> None:
        """Put a file there as a whole, and on the disk before this returns; it may replace one."""
        draft = self._drafted(name, content)
        draft.replace(self._file(name))
        _sync_folder(draft.parent)

    def _drafted(self, name: str, content: bytes) -> Path:
        """A file beside that of a name, with this content on the disk."""
        path = self._file(name)
        self._make(path.parent)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.draft")
        with _descriptor(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL) as descriptor:
            _write_all(descriptor, content)
        return draft

    def append(self, name: str, lines: bytes) -> None:
        """Add lines to the end of a file, and see them reach the disk; it is made where there is none. A last line that
        somebody has left unfinished, whose disk was full or who was stopped in the midst of it, is taken away first."""
        path, begun = self._file(name), self.has(name)
        self._make(path.parent)
        with _descriptor(path, os.O_RDWR | os.O_APPEND | os.O_CREAT) as descriptor, _alone(descriptor):
            _drop_unfinished(descriptor)
            _write_all(descriptor, lines)
        if not begun:
            _sync_folder(path.parent)

    def destroy(self, name: str) -> None:
        """Overwrite a file, then take it away, and see both reach the disk; nothing happens where there is none.

        What a file system or a disk keeps of old blocks is beyond reach; docs/operate.md says so.
        """
        path = self._file(name)
        with suppress(FileNotFoundError), _descriptor(path, os.O_WRONLY) as descriptor:
            _write_all(descriptor, secrets.token_bytes(max(1, path.stat().st_size)))
        if not path.parent.exists():
            return
        path.unlink(missing_ok=True)
        _sync_folder(path.parent)

    def _file(self, name: str) -> Path:
        path = (self.path / name).resolve()
        if not path.is_relative_to(self.path.resolve()) or not name:
            raise ValueError(f"{name!r} lies outside the folder of keys")
        return path

    def _make(self, folder: Path) -> None:
        for missing in (self.path, folder):
            missing.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
            missing.chmod(FOLDER_MODE)


@contextmanager
def _descriptor(path: Path, flags: int) -> Iterator[int]:
    """A descriptor for writing; what was written is on the disk when the block ends."""
    descriptor = os.open(path, flags, FILE_MODE)
    try:
        yield descriptor
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _alone(descriptor: int) -> Iterator[None]:
    """Keep other processes from a file that takes this too: what they are writing is not unfinished. A file system
    without locks is taken on trust."""
    with suppress(OSError, NameError):
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    yield  # closing the descriptor lets go of it


def _drop_unfinished(descriptor: int) -> None:
    size = os.fstat(descriptor).st_size
    if size and os.pread(descriptor, 1, size - 1) != b"\n":
        os.ftruncate(descriptor, os.pread(descriptor, size, 0).rfind(b"\n") + 1)


def _write_all(descriptor: int, content: bytes) -> None:
    while content:
        content = content[os.write(descriptor, content) :]


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
