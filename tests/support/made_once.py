"""What takes long to make and is the same for all: made once in a run of the tests, by whichever process is first."""

from __future__ import annotations

import os
import pickle
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

FOLDER = "RACE_TEST_MADE"
"""The environment's name for where it lies as long as the run lasts; without it each process makes its own."""


@contextmanager
def shared_folder() -> Iterator[None]:
    """From here on this process, and those that it starts, share what they make."""
    if FOLDER in os.environ:  # we are one of those
        yield
        return
    with tempfile.TemporaryDirectory(prefix="race-made-") as folder:
        os.environ[FOLDER] = folder
        try:
            yield
        finally:
            del os.environ[FOLDER]


def made_once(name: str, make: Callable[[], T]) -> T:
    """What ``make`` gives, or has given to another process of this run."""
    if FOLDER not in os.environ:
        return make()
    kept = Path(os.environ[FOLDER]) / name
    with _alone(kept.with_suffix(".lock")):
        if kept.exists():
            found: T = pickle.loads(kept.read_bytes())
            return found
        made = make()
        half = kept.with_suffix(".half")
        half.write_bytes(pickle.dumps(made))
        half.replace(kept)
        return made


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """While nobody else makes the same; where files know no locks, two may, and make the same."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
