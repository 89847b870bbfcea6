"""``link``: one more link into a session, for a machine or a person."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection
from typing import TYPE_CHECKING, Annotated

import typer

from app.address import noted
from app.cli.choices import Data, DatabaseUrl, database_of, settings_from
from app.cli.trouble import Trouble, told_plainly
from sessions.audience import LINKED_ROLES, ROLES

if TYPE_CHECKING:
    from app.settings import Settings


def link(
    code: Annotated[str, typer.Argument(metavar="CODE", help="The session's join code.")],
    role: Annotated[str, typer.Argument(metavar="ROLE", help="facilitator, screen, juror, expert …")],
    label: Annotated[str, typer.Option(help="What it is for; lists of links show it.")] = "",
    data: Data = None,
    database_url: DatabaseUrl = None,
    base_url: Annotated[str | None, typer.Option(help="The address people type.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Make one more link that lets somebody in by a role. It works once; a server may be running on the same data."""
    settings = settings_from(data=data, database_url=database_url, base_url=base_url)
    if role in ROLES:
        _check_role(role, LINKED_ROLES)
    with told_plainly(f"Writing to the database in {settings.place}"):
        address = asyncio.run(_made(settings, code, role, label))
    _show(address, role, as_json)


def _check_role(role: str, known: Collection[str]) -> None:
    if role not in known:
        raise Trouble(f"There is no role {role!r} for a link. There are: {', '.join(known)}.", 2)


async def _made(settings: Settings, code: str, role: str, label: str) -> str:
    from app.people.links import Link
    from app.people.store import People, normalise_code
    from app.streams import log
    from sessions.format import read_format

    known = normalise_code(code)
    if known is None:
        raise Trouble(f"{code!r} is no join code: those have eight letters and digits.", 2)
    database = database_of(settings)
    try:
        await database.migrate()
        begun = await database.read(lambda db: log.read(db, known, most=1))
        if not begun:
            raise Trouble(f"There is no session {known} in {settings.place}.")
        _check_role(role, (*LINKED_ROLES, *read_format(begun[0].body["format"]).roles))
        token = await People(database).make_link(Link(role, known), label)
    finally:
        await database.close()
    return f"{(settings.base_url or noted(settings.data)).rstrip('/')}/enter/{token}"


def _show(address: str, role: str, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"role": role, "link": address}))
        return
    import segno

    print(f"\n  {role}  {address}")
    segno.make(address, error="m").terminal(compact=True, border=2)
    print("  It works once: open it on the machine that will use it.\n", flush=True)
