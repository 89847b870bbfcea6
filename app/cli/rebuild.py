"""``rebuild``: lists and figures made again from the streams that they come from, or compared with them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.choices import Data, DatabaseUrl, database_of, settings_from
from app.cli.plain import say
from app.cli.progress import Tell, progress_bar
from app.cli.trouble import Trouble, told_plainly

if TYPE_CHECKING:
    from app.settings import Settings
    from app.streams.rebuild import Difference


def rebuild(
    check: Annotated[
        bool,
        typer.Option("--check", help="Change nothing: say what differs, exit status 1 if anything does."),
    ] = False,
    data: Data = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Make what can be made from streams again. A running server goes on working meanwhile."""
    settings = settings_from(data=data, database_url=database_url)
    if not settings.database_url and not (settings.data / "race.sqlite").exists():
        raise Trouble(f"There is no database in {settings.data}. Name its folder with --data.")
    with told_plainly(f"Migrating the database in {settings.place}"):
        database_of(settings).migrate_now()
    if check:
        _tell(settings, _differences(settings))
    else:
        with told_plainly("The rebuild"), progress_bar("Rebuilding") as tell:
            streams = asyncio.run(_rebuild(settings, tell))
        print(f"{settings.place}: made again from {streams} streams.")


async def _rebuild(settings: Settings, tell: Tell) -> int:
    from app.projections import PROJECTIONS
    from app.streams.rebuild import make_current, rebuild

    database = database_of(settings)
    try:
        await make_current(database, PROJECTIONS)
        return await rebuild(database, PROJECTIONS, tell)
    finally:
        await database.close()


def _differences(settings: Settings) -> list[Difference]:
    from app.projections import PROJECTIONS
    from app.streams.rebuild import check

    with told_plainly("The comparison"), progress_bar("Comparing") as tell:
        return database_of(settings).read_now(lambda db: check(db, PROJECTIONS, tell))


def _tell(settings: Settings, differences: list[Difference]) -> None:
    for difference in differences:
        say(f"{difference.projection} {difference.key}: {difference.what}")
    if differences:
        raise Trouble(f"{len(differences)} rows in {settings.place} are not what their streams say.")
    print(f"{settings.place}: every row is what its stream says.")
