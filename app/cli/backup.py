"""``backup`` and ``restore``: a copy of everything while the server runs, and a server again from a copy."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.choices import Data, database_of, settings_from
from app.cli.plain import say
from app.cli.progress import Tell, progress_bar
from app.cli.trouble import Trouble, told_plainly

if TYPE_CHECKING:
    from app.database.key_folder import KeyFolder
    from app.settings import Settings

KEYS = "keys"
"""The folder of a backup that holds what of the folder of keys may be copied."""


def backup(
    data: Data = None,
    out: Annotated[
        Path | None, typer.Option(help="The new folder to write; backup-DATE-TIME if not given.")
    ] = None,
    keys: Annotated[
        bool,
        typer.Option("--keys", help="Also signing keys and the ledger of the erased; no key of ballots."),
    ] = False,
) -> None:
    """Copy the database of a data folder, also while a server runs on it. PostgreSQL has tools of its own."""
    settings = _sqlite(settings_from(data=data))
    folder = out or Path(time.strftime("backup-%Y%m%d-%H%M%S"))
    if folder.exists():
        raise Trouble(f"{folder} is there already: a backup is a folder of its own.", 2)
    with told_plainly("The backup"), progress_bar("Copying") as tell:
        _copy(settings, folder, tell)
        if keys:
            _copy_keys(settings, folder)
    say(f"{folder}: a copy of {settings.place}{' with its keys and its ledger' if keys else ''}.")
    if not keys:
        say(
            f"Without the keys in {settings.key_folder}: keep a copy of these apart (--keys), not beside this one."
        )


def _sqlite(settings: Settings) -> Settings:
    if settings.database_url:
        raise Trouble(
            "That is for SQLite. PostgreSQL is copied with pg_dump, and set right with `restore --replay`.", 2
        )
    if not (settings.data / "race.sqlite").exists():
        raise Trouble(f"There is no database in {settings.data}. Name its folder with --data.")
    return settings


def _copy(settings: Settings, folder: Path, tell: Tell) -> None:
    from app.database.backup import copy_database

    try:
        copy_database(settings.data, folder, lambda done, total: tell(done, total, f"{done} pages"))
    except sqlite3.Error as error:
        raise Trouble(f"The backup failed: {error}.") from error


def _copy_keys(settings: Settings, folder: Path) -> None:
    from app.database.key_folder import KeyFolder

    _carry(KeyFolder(settings.key_folder), KeyFolder(folder / KEYS))


def _carry(source: KeyFolder, target: KeyFolder) -> None:
    """Copy what a folder of keys holds and another does not; never a key of ballots, nor the private half of a signing
    key that the other has given up. Where both have a register of signing keys, the other's goes on."""
    from app.archive.signing_keys import SigningKeys

    keys = SigningKeys(target)
    if keys.register:
        keys.take_in(SigningKeys(source).register)
    spent = keys.spent
    for name in (*source.names(), *source.names("signing")):
        if not target.has(name) and name not in spent:
            target.write(name, source.read(name))


def restore(
    folder: Annotated[Path | None, typer.Argument(metavar="FOLDER", help="A backup.")] = None,
    data: Data = None,
    replay: Annotated[
        bool,
        typer.Option(
            "--replay", help="The database is back already (pg_restore): only erase again. No FOLDER then."
        ),
    ] = False,
    without_ledger: Annotated[
        bool, typer.Option("--without-ledger", help="Go on though nobody knows what was erased since.")
    ] = False,
) -> None:
    """Make a data folder of a backup. What was erased since is erased again, by the ledger in the folder of keys."""
    settings = settings_from(data=data)
    if replay is (folder is not None):
        raise Trouble("Name either the FOLDER of a backup, or --replay.", 2)
    with told_plainly("The restore"):
        erased = (
            _replay(settings, without_ledger)
            if folder is None
            else _restore(settings, folder, without_ledger)
        )
    say(
        f"{settings.place}: restored under a new epoch; {erased} things that had come back were erased again."
    )
    say(
        f"Open secret votes and anonymous surveys whose keys are not in {settings.key_folder} must be held again; the "
        "console names them."
    )


def _replay(settings: Settings, without_ledger: bool) -> int:
    _take_ledger(settings, None, without_ledger)
    return asyncio.run(_set_right(settings, settings))


def _restore(settings: Settings, folder: Path, without_ledger: bool) -> int:
    from app.database.backup import restoring

    if settings.database_url:
        raise Trouble("A folder is restored into a data folder; PostgreSQL with pg_restore and --replay.", 2)
    if not (folder / "race.sqlite").is_file():
        raise Trouble(f"{folder} is no backup: there is no race.sqlite in it.", 2)
    _take_ledger(settings, folder / KEYS, without_ledger)
    try:
        with restoring(folder, settings.data) as draft:
            return asyncio.run(_set_right(settings.model_copy(update={"data": draft}), settings))
    except FileExistsError as error:
        raise Trouble(f"{settings.data} was left as it is: {error}.") from error


def _take_ledger(settings: Settings, keys: Path | None, without_ledger: bool) -> None:
    """The ledger of the folder of keys, with the lines that the backup's own has beside."""
    from app.database.key_folder import KeyFolder
    from app.streams.ledger import Ledger

    ours = KeyFolder(settings.key_folder)
    ledger = Ledger(ours)
    if keys is not None and keys.is_dir():
        theirs = KeyFolder(keys)
        if Ledger(theirs).is_there:
            ledger.take_in(Ledger(theirs).lines())
        _carry(theirs, ours)
    if not ledger.is_there and not without_ledger:
        raise Trouble(
            f"There is no ledger of the erased in {settings.key_folder}, so people and words that were erased after "
            "this backup would come back. Put the folder of keys there (RACE_KEYS), or say --without-ledger."
        )
    ledger.begin()


async def _set_right(where: Settings, settings: Settings) -> int:
    from app.database.key_folder import KeyFolder
    from app.projections import PROJECTIONS
    from app.streams.ledger import Ledger, erasures
    from app.streams.rebuild import make_current, rebuild
    from app.streams.restoring import begin_epoch, forget_again, pair_anew

    keys = KeyFolder(settings.key_folder)
    lines = Ledger(keys).lines()
    database = database_of(where)
    try:
        await database.migrate()
        erased = await database.write(lambda db: forget_again(db, erasures(lines)))
        await database.write(begin_epoch)
        await database.write(lambda db: pair_anew(db, keys.id))
        await make_current(database, PROJECTIONS)
        await rebuild(database, PROJECTIONS)
        await database.forget_erased("log", "people", "cookies", "links", "snapshots", "records")
        return erased
    finally:
        await database.close()
