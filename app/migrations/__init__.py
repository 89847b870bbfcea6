"""The database's shapes over time, by Alembic. ``app.database`` drives them; there is no alembic.ini.

A new step, after a change in ``app/tables.py``::

    with database.write_now.begin() as connection:
        alembic.command.revision(settings(connection), "what changes", autogenerate=True)
"""

from collections.abc import Callable
from pathlib import Path

from alembic.config import Config
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
