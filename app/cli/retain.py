"""``retain``: contact data that is no longer needed, shown beforehand and then taken away."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.choices import Data, DatabaseUrl, database_of, settings_from
from app.cli.plain import say
from app.cli.trouble import Trouble, told_plainly

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.settings import Settings
    from app.streams.retention import Due


def retain(
    data: Data = None,
    database_url: DatabaseUrl = None,
    months: Annotated[int, typer.Option(min=1, help="Months after the last thing that happened.")] = 12,
    apply: Annotated[
        bool, typer.Option("--apply", help="Take it away; without this it is only shown.")
    ] = False,
) -> None:
    """Show which sessions' contact data is no longer needed; with --apply take it away."""
    settings = settings_from(data=data, database_url=database_url)
    if not settings.database_url and not (settings.data / "race.sqlite").exists():
        raise Trouble(f"There is no database in {settings.data}. Name its folder with --data.")
    with told_plainly("Looking for contact data"):
        found = asyncio.run(_retain(settings, months, apply))
    for due in found:
        day = time.strftime("%Y-%m-%d", time.gmtime(due.last))
        say(f"{due.code} {due.title}: contact data of {due.people}, last used {day}")
    done = "was taken away" if apply else "would be taken away by --apply"
    say(f"{sum(due.people for due in found)} rows of contact data, {months} months old or more: it {done}.")


async def _retain(settings: Settings, months: int, apply: bool) -> Sequence[Due]:
    from app.streams.retention import contact_due, forget_contact

    database = database_of(settings)
    try:
        await database.migrate()
        found = await database.read(lambda db: contact_due(db, time.time(), months))
        for due in found if apply else ():
            await database.write(lambda db, code=due.code: forget_contact(db, code))  # type: ignore[misc]  # a default
        if found and apply:
            await database.forget_erased("people")
        return found
    finally:
        await database.close()
