"""``retain``: what of people is no longer needed, shown beforehand and then taken away."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from app.cli.choices import Data, DatabaseUrl, database_of, settings_from
from app.cli.plain import say
from app.cli.trouble import Trouble, told_plainly

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.database import Database
    from app.settings import Settings
    from app.streams.retention import Due


class Found(NamedTuple):
    """What is no longer needed: by what is kept and for how many months; and how many waited in vain, by session."""

    due: Mapping[tuple[str, int], Sequence[Due]]
    outsiders: Mapping[str, int]


def retain(
    data: Data = None,
    database_url: DatabaseUrl = None,
    months: Annotated[
        int, typer.Option(min=1, help="Months after the last thing that happened, for contact data.")
    ] = 12,
    apply: Annotated[
        bool, typer.Option("--apply", help="Take it away; without this it is only shown.")
    ] = False,
    name_months: Annotated[int, typer.Option(min=0, help="The same for names; 0 keeps them.")] = 0,
) -> None:
    """Show what of people is no longer needed: contact data, names, who waited and never came in; with --apply take it
    away."""
    settings = settings_from(data=data, database_url=database_url)
    if not settings.database_url and not (settings.data / "race.sqlite").exists():
        raise Trouble(f"There is no database in {settings.data}. Name its folder with --data.")
    with told_plainly("Looking for what is no longer needed"):
        found = asyncio.run(_retain(settings, months, name_months, apply))
    _tell(found, "was taken away" if apply else "would be taken away by --apply")


def _tell(found: Found, done: str) -> None:
    for (called, months), sessions in found.due.items():
        for due in sessions:
            day = time.strftime("%Y-%m-%d", time.gmtime(due.last))
            say(f"{due.code} {due.title}: {called} of {due.people}, last used {day}")
        say(
            f"{sum(due.people for due in sessions)} rows of {called}, {months} months old or more: it {done}."
        )
    for code, people in found.outsiders.items():
        say(f"{code}: {people} waited for a day or more and never came in: what is known of them {done}.")


async def _retain(settings: Settings, months: int, name_months: int, apply: bool) -> Found:
    from app.streams.retention import CONTACT, NAMES, due, forget_due

    database, now = database_of(settings), time.time()
    kept = {CONTACT: months} | ({NAMES: name_months} if name_months else {})
    found: dict[tuple[str, int], Sequence[Due]] = {}
    try:
        await database.migrate()
        for each, old in kept.items():
            found[each.called, old] = await database.read(partial(due, kept=each, now=now, months=old))
            if apply:
                await forget_due(database, each, now, old)
        return Found(found, await _outsiders(database, settings, apply))
    finally:
        await database.close()


async def _outsiders(database: Database, settings: Settings, apply: bool) -> Mapping[str, int]:
    from app.database.tables import now
    from app.streams.outsiders import DAYS, known_since, outsiders

    before = now() - timedelta(days=DAYS)
    gone = known_since(before, await database.read(outsiders))
    if gone and apply:
        await _forget_outsiders(database, settings, gone)
    return {code: len(people) for code, people in gone.items()}


async def _forget_outsiders(
    database: Database, settings: Settings, gone: Mapping[str, Sequence[str]]
) -> None:
    from app.database.key_folder import KeyFolder
    from app.people.rows import empty_people
    from app.streams.journal import open_journal
    from app.streams.ledger import Ledger

    journal = open_journal(database, Ledger(KeyFolder(settings.key_folder)))
    for code, people in gone.items():
        noting = journal.erasing(people)
        await database.write(partial(empty_people, session=code, people=people, noting=noting))
    await database.forget_erased("people", "cookies", "links")
