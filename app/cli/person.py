"""``person``: everything that is held about one person of a session, in one file for that person."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.choices import Data, DatabaseUrl, database_of, settings_from
from app.cli.plain import say
from app.cli.trouble import Trouble, told_plainly

if TYPE_CHECKING:
    from app.archive.own.data import OwnData
    from app.settings import Settings


def person(
    code: Annotated[str, typer.Argument(metavar="CODE", help="The session's join code.")],
    called: Annotated[
        str, typer.Argument(metavar="WHO", help="A name as it is shown there, or a person's number.")
    ],
    data: Data = None,
    database_url: DatabaseUrl = None,
    out: Annotated[Path | None, typer.Option(help="The file to write; NUMBER.zip if not given.")] = None,
    language: Annotated[str, typer.Option(help="en, sv or fi; the person's own if not given.")] = "",
) -> None:
    """Write everything that is held about a person into a zip: a page to read, and JSON."""
    from app.archive.own.file import own_data_file
    from app.database.private import make_private
    from app.drawing.locale import LANGUAGES
    from app.drawing.render import Renderer

    settings = settings_from(data=data, database_url=database_url)
    with told_plainly("Reading what is held"):
        held = _held(settings, code, called)
    chosen = language or str(held.row.get("language") or "en")
    if chosen not in LANGUAGES:
        raise Trouble(f"There is no {chosen}; there are {', '.join(LANGUAGES)}.", 2)
    file = out or Path(f"{held.person}.zip")
    make_private(file)
    file.write_bytes(own_data_file(held, Renderer(settings.templates), chosen))
    say(
        f"{file}: {len(held.events)} events, {len(held.named)} of others that name them. It is for them alone."
    )


def _held(settings: Settings, code: str, called: str) -> OwnData:
    from app.archive.own.data import people_called, read_own_data
    from app.people.codes import normalise_code

    known = normalise_code(code)
    if known is None:
        raise Trouble(f"{code!r} is no join code: those have eight letters and digits.", 2)
    if not settings.database_url and not (settings.data / "race.sqlite").exists():
        raise Trouble(f"There is no database in {settings.data}. Name its folder with --data.")
    database = database_of(settings)
    found = database.read_now(lambda db: people_called(db, known, called))
    if len(found) != 1:
        among = f": {', '.join(found)}" if found else ""
        raise Trouble(
            f"{len(found)} people in {known} are called {called}{among}. Name one by their number.", 2
        )
    held = database.read_now(lambda db: read_own_data(db, known, found[0]))
    if held is None:
        raise Trouble(f"{called} has just gone from {known}.")
    return held
