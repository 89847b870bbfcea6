"""``migrate``: bring the database's tables to their newest shape."""

from __future__ import annotations

from app.cli.choices import Data, settings_from
from app.cli.progress import progress_bar
from app.cli.trouble import told_plainly


def migrate(data: Data = None) -> None:
    """Bring the database to its newest shape. The server does so too when it starts."""
    from app.database import Database

    folder = settings_from(data=data).data
    steps = 0

    def counting(done: int, total: int, word: str) -> None:
        nonlocal steps
        steps = done
        tell(done, total, word)

    with told_plainly(f"Migrating the database in {folder}"), progress_bar("Migrating") as tell:
        Database(folder).migrate_now(counting)
    print(
        f"{folder}: {steps} steps done." if steps else f"{folder}: nothing to do, the tables are up to date."
    )
