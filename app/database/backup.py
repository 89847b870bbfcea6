"""A copy of a SQLite database while it is in use, and the way back."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

FILE = "race.sqlite"
SECRET = "organisations.key"  # noqa: S105 – a file's name
PAGES, PAUSE = 2000, 0.005
"""Pages that are copied at a time, and seconds between: whoever writes meanwhile does not wait for long."""
DRAFT = ".restoring"


def copy_database(data: Path, out: Path, tell: Callable[[int, int], None]) -> None:
    """A copy of one moment in a new folder, proved to be readable. Raises FileExistsError, and sqlite3.Error if the
    copy is no sound database."""
    out.mkdir(mode=0o700, parents=True)
    file = out / FILE
    file.touch(mode=0o600)
    with closing(sqlite3.connect(data / FILE)) as source, closing(sqlite3.connect(file)) as copy:
        source.backup(
            copy, pages=PAGES, sleep=PAUSE, progress=lambda _, left, total: tell(total - left, total)
        )
        copy.execute("PRAGMA journal_mode=DELETE")
        ((found,),) = copy.execute("PRAGMA quick_check").fetchall()
        if found != "ok":
            raise sqlite3.DatabaseError(f"the copy is not sound: {found}")
    _copy_secret(data, out)


@contextmanager
def restoring(backup: Path, data: Path) -> Iterator[Path]:
    """A folder in the data folder with what was in the backup, to be set right there. When the block ends it becomes
    the data, all at once; if the block fails there is nothing new. Raises FileExistsError where there is a database."""
    if (data / FILE).exists():
        raise FileExistsError(f"there is a database in {data} already")
    draft = data / DRAFT
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700, parents=True)
    try:
        shutil.copyfile(backup / FILE, draft / FILE)
        (draft / FILE).chmod(0o600)
        _copy_secret(backup, draft)
        yield draft
        _clean(draft / FILE)
        _copy_secret(draft, data)
        (draft / FILE).replace(data / FILE)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _copy_secret(source: Path, target: Path) -> None:
    if (source / SECRET).exists() and not (target / SECRET).exists():
        (target / SECRET).touch(mode=0o600)
        shutil.copyfile(source / SECRET, target / SECRET)


def _clean(file: Path) -> None:
    """Leave no page in the file that holds what was erased, and nothing beside it."""
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        db.execute("PRAGMA secure_delete=ON")
        db.execute("VACUUM")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute("PRAGMA journal_mode=DELETE")
    with file.open("rb+") as written:
        os.fsync(written.fileno())
