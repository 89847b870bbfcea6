"""``snapshot``: keep what a session's log has come to, so that the next start need not fold all of it."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.choices import Data, DatabaseUrl, database_of, settings_from
from app.cli.plain import say
from app.cli.trouble import Trouble, told_plainly

if TYPE_CHECKING:
    from app.database import Database
    from app.database.key_folder import KeyFolder
    from app.settings import Settings

GENTLY = 19
"""How far it stands back behind everybody else (as ``nice`` counts)."""


def snapshot(
    code: Annotated[str, typer.Argument(metavar="CODE", help="The session's join code.")],
    data: Data = None,
    database_url: DatabaseUrl = None,
    gently: Annotated[bool, typer.Option("--gently", help="Leave the machine to others.")] = False,
) -> None:
    """Keep what a session's log has come to: the next start is quick. A running server does so by itself."""
    if gently:
        os.nice(GENTLY)
    settings = settings_from(data=data, database_url=database_url)
    with told_plainly(f"The snapshot of {code}"):
        seq = asyncio.run(_keep(settings, code))
    say(f"{code}: kept as it is after {seq} events.")


async def _keep(settings: Settings, code: str) -> int:
    from app.database.key_folder import KeyFolder

    database = database_of(settings)
    try:
        return await _kept(database, KeyFolder(settings.key_folder), code)
    finally:
        await database.close()


async def _kept(database: Database, keys: KeyFolder, code: str) -> int:
    from app.people.store import People
    from app.streams.journal import open_journal
    from app.streams.snapshots import Snapshots, fold

    await database.migrate()
    key_of = People(database).organisation_key
    snapshots = Snapshots(database, key_of, keys)
    session = await fold(open_journal(database), snapshots, code, key_of)
    if not session.seq:
        raise Trouble(f"There is no session {code} here.", 2)
    await snapshots.save(code, session)
    return session.seq
