"""The options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.trouble import Trouble

if TYPE_CHECKING:
    from app.database import Database
    from app.settings import Settings

Data = Annotated[
    Path | None,
    typer.Option(help="Folder of the database; RACE_DATA or ./data if not given.", show_default=False),
]
DatabaseUrl = Annotated[
    str | None,
    typer.Option(
        "--database-url",
        help="postgresql://… instead of a folder; RACE_DATABASE_URL or DATABASE_URL if not given.",
        show_default=False,
    ),
]
Host = Annotated[
    str, typer.Option(help="Address to listen on; 0.0.0.0 for every network this machine is in.")
]
Origin = Annotated[
    float | None, typer.Option(hidden=True, help="Seconds since 1970 UTC from which race time runs.")
]
Rate = Annotated[float | None, typer.Option(hidden=True, help="Race seconds in a real second.")]


def enough_people(participants: int, form: str) -> None:
    """Raises Trouble if there are too few for a format from the shelf."""
    from app.rehearsal.casting import TooFew, cast_for
    from sessions.format import read_format

    try:
        cast_for(read_format(known_format(form)), participants, 0)
    except TooFew as error:
        raise Trouble(str(error), 2) from error


def known_format(name: str) -> dict[str, Any]:
    """A format from the shelf or a file. Raises Trouble if there is none of this name, or it is faulty."""
    from app.planning import formats

    try:
        return formats.take(name)
    except formats.UnknownFormat as error:
        raise Trouble(str(error), 2) from error
    except formats.FaultyFormat as error:
        raise Trouble(
            f"The format {name} cannot be used: {error}\n`python -m app check {name}` says more."
        ) from error
    except ValueError as error:
        raise Trouble(f"The format {name} cannot be used: {error}.") from error


def database_of(settings: Settings) -> Database:
    """The database of these settings. Raises Trouble for an address of another kind."""
    from app.database import open_database

    try:
        return open_database(settings.data, settings.database_url)
    except ValueError as error:
        raise Trouble(f"{settings.place} cannot be used: {error}.", 2) from error


def settings_from(**flags: Any) -> Settings:
    """Settings from the environment, with what was given on the command line (not None) on top."""
    from app.settings import Settings

    return Settings(**{name: value for name, value in flags.items() if value is not None})
