"""``move``: a session from one database into another."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.choices import database_of
from app.cli.plain import say
from app.cli.progress import Tell, progress_bar
from app.cli.trouble import Trouble, told_plainly

if TYPE_CHECKING:
    from app.settings import Settings
    from app.streams.heads import Head

Folder = Annotated[Path | None, typer.Option(help="A folder with SQLite.", show_default=False)]
Url = Annotated[str, typer.Option(help="The address of a PostgreSQL: postgresql://…", show_default=False)]


def move(
    code: Annotated[str, typer.Argument(metavar="CODE", help="The session's join code.")],
    from_data: Folder = None,
    from_url: Url = "",
    to_data: Folder = None,
    to_url: Url = "",
    with_keys: Annotated[
        bool, typer.Option("--with-keys", help="Take along the keys of ballot boxes that are still open.")
    ] = False,
) -> None:
    """Move a session between SQLite and PostgreSQL, or from one to another of a kind. Stop its server first."""
    source, target = _place(from_data, from_url, "from"), _place(to_data, to_url, "to")
    if from_data is not None and not (from_data / "race.sqlite").exists():
        raise Trouble(f"There is no database in {from_data}. Name its folder with --from-data.")
    with told_plainly("The move"), progress_bar(f"Moving {code}") as tell:
        head = asyncio.run(_move(source, target, _normal(code), tell, with_keys))
    say(f"{_normal(code)} is in {target.place}: {head.seq} events, head {head.digest.hex()}.")
    say(
        f"It was left in {source.place} as well. Serve it there no more: what happens there will not come along."
    )


def _place(data: Path | None, url: str, which: str) -> Settings:
    from app.settings import Settings

    if (data is None) == (not url):
        raise Trouble(f"Name one of --{which}-data and --{which}-url.", 2)
    return Settings(data=data or Path(), database_url=url)


def _normal(code: str) -> str:
    from app.people.codes import normalise_code

    known = normalise_code(code)
    if known is None:
        raise Trouble(f"{code!r} is no join code: those have eight letters and digits.", 2)
    return known


async def _move(source: Settings, target: Settings, code: str, tell: Tell, with_keys: bool) -> Head:
    from app.archive.move import Immovable, move
    from app.database.key_folder import KeyFolder
    from app.projections import PROJECTIONS
    from app.streams.box_keys import take_along

    ours, theirs = database_of(source), database_of(target)
    try:
        await ours.migrate()
        await theirs.migrate()
        if with_keys:
            take_along(KeyFolder(source.key_folder), KeyFolder(target.key_folder), code)
        return await move(ours, theirs, code, tell, PROJECTIONS, with_keys)
    except Immovable as error:
        raise Trouble(f"{code} was not moved to {target.place}: {error}.") from error
    finally:
        await ours.close()
        await theirs.close()
