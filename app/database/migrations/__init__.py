"""The database's shapes over time, by Alembic. ``app.database`` drives them; there is no alembic.ini.

A new step, after a change in ``app/database/tables.py``::

    with SqliteDatabase(folder).writing.begin() as connection:
        alembic.command.revision(settings(connection), "what changes", autogenerate=True)
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, column, inspect, select, table

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

HERE = Path(__file__).parent

Progress = Callable[[int, int, str], None]
"""Told after each step: steps done, steps in all, and a word on which."""


def settings(connection: Connection) -> Config:
    """Alembic's settings for work on an open connection; the caller commits."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection, progress: Progress | None = None) -> None:
    """Do every step that is missing; the caller has locked out others, and commits. Where nothing is missing Alembic,
    which takes a fifth of a server's start, is not even imported."""
    if _stands_at(connection) == newest():
        return
    from alembic import command
    from alembic.script import ScriptDirectory

    config = settings(connection)
    missing = _missing_steps(ScriptDirectory.from_config(config), connection)
    config.attributes["told"] = _counting(progress, missing)
    command.upgrade(config, "head")


def newest() -> str:
    """The last step's revision: its file begins with it."""
    return max(path.name.partition("_")[0] for path in (HERE / "versions").glob("[0-9]*.py"))


def _stands_at(connection: Connection) -> str | None:
    """The revision of a database's tables; None if there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(
        select(column("version_num")).select_from(table("alembic_version"))
    )
    return revision


def _missing_steps(scripts: ScriptDirectory, connection: Connection) -> int:
    return len(list(scripts.iterate_revisions("head", _stands_at(connection) or "base")))


def _counting(progress: Progress | None, total: int) -> Callable[..., None]:
    """Alembic's callback for each step, as a progress bar wants it."""
    done = 0

    def told(*, step: Any, **_: Any) -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, total, step.up_revision_id)

    return told
