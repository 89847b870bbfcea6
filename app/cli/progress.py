"""Progress bars: where nobody watches (no terminal) they are silent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.cli.plain import plain

Tell = Callable[[int, int, str], None]
"""Steps done, steps in all, and a word on which."""


@contextmanager
def progress_bar(doing: str) -> Iterator[Tell]:
    """A bar on the error stream, so that what a command prints stays clean."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[word]}", markup=False),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task(plain(doing), total=None, word="")
        yield lambda done, total, word: progress.update(task, completed=done, total=total, word=plain(word))
