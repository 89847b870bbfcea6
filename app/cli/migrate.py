"""``migrate``: bring the database's tables to their newest shape."""

from __future__ import annotations

from app.cli.choices import Data, DatabaseUrl, database_of, settings_from
from app.cli.progress import progress_bar
from app.cli.trouble import told_plainly


def migrate(data: Data = None, database_url: DatabaseUrl = None) -> None:
    """Bring the database to its newest shape. The server does so too when it starts."""
    settings = settings_from(data=data, database_url=database_url)
    steps = 0

    def counting(done: int, total: int, word: str) -> None:
        nonlocal steps
        steps = done
        tell(done, total, word)

    with told_plainly(f"Migrating the database in {settings.place}"), progress_bar("Migrating") as tell:
        database_of(settings).migrate_now(counting)
    print(
        f"{settings.place}: {steps} steps done."
        if steps
        else f"{settings.place}: nothing to do, the tables are up to date."
    )
