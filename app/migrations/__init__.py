"""The database's shapes over time, by Alembic. ``app.database`` drives them; there is no alembic.ini.

A new step, after a change in ``app/tables.py``::

    with SqliteDatabase(folder).writing.begin() as connection:
        alembic.command.revision(settings(connection), "what changes", autogenerate=True)
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

Progress = Callable[[int, int, str], None]
"""Told after each step: steps done, steps in all, and a word on which."""


def settings(connection: Connection) -> Config:
    """Alembic's settings for work on an open connection; the caller commits."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection, progress: Progress | None = None) -> None:
    """Do every step that is missing; the caller has locked out others, and commits."""
    config = settings(connection)
    missing = _missing_steps(ScriptDirectory.from_config(config), connection)
    config.attributes["told"] = _counting(progress, missing)
    command.upgrade(config, "head")


def _missing_steps(scripts: ScriptDirectory, connection: Connection) -> int:
    current = MigrationContext.configure(connection).get_current_revision() or "base"
    return len(list(scripts.iterate_revisions("head", current)))


def _counting(progress: Progress | None, total: int) -> Callable[..., None]:
    """Alembic's callback for each step, as a progress bar wants it."""
    done = 0

    def told(*, step: Any, **_: Any) -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, total, step.up_revision_id)

    return told
