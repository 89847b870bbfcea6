"""A task is struck off the list when somebody takes it, and not when it is done."""

from __future__ import annotations

from typing import Any

import pytest

from app.streams import tasks
from app.streams.tasks import Task


def break_it(patch: pytest.MonkeyPatch) -> None:
    take = tasks.take

    def take_and_end(db: Any, *asked: Any) -> list[Task]:
        taken = take(db, *asked)
        for task in taken:
            tasks.end(db, task)
        return taken

    patch.setattr(tasks, "take", take_and_end)
