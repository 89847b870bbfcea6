"""``new``: begin a session."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from app.address import noted
from app.cli.choices import Data, DatabaseUrl, Origin, Rate, database_of, known_format, settings_from
from app.cli.invitation import Invitation, invitation
from app.cli.trouble import Trouble, told_plainly
from sessions.days import moment
from sessions.format import LANGUAGES

if TYPE_CHECKING:
    from app.planning.create_session import Plan
    from app.settings import Settings


def new(
    form: Annotated[str, typer.Argument(metavar="FORMAT", help="The event format, e.g. race48.")],
    data: Data = None,
    database_url: DatabaseUrl = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    title: Annotated[str, typer.Option(help="The event's name; the format's if not given.")] = "",
    language: Annotated[str, typer.Option(help="The session's own language: en, sv or fi.")] = "en",
    zone: Annotated[str, typer.Option(help="The time zone of the venue.")] = "Europe/Stockholm",
    base_url: Annotated[str | None, typer.Option(help="The address people type.")] = None,
    starts: Annotated[str, typer.Option(help="When it is to start, in that zone: 2026-12-03 09:00.")] = "",
    earlier: Annotated[
        list[str] | None,
        typer.Option(
            "--from", metavar="NAME=CODE", help="Build on an earlier session, by the format's name for it."
        ),
    ] = None,
    clock_origin: Origin = None,
    clock_rate: Rate = None,
) -> None:
    """Begin a session and print its code and links. A server may be running on the same data."""
    settings = settings_from(
        data=data,
        database_url=database_url,
        base_url=base_url,
        clock_origin=clock_origin,
        clock_rate=clock_rate,
    )
    plan = replace(
        _planned(settings, form, title.strip(), language, zone),
        earlier=_earlier(form, earlier or ()),
        starts_at=_starts_at(starts, zone),
    )
    with told_plainly(f"Writing to the database in {settings.place}"):
        made = asyncio.run(begin(settings, plan))
    if as_json:
        print(made.as_json())
    else:
        made.show()


def _planned(settings: Settings, form: str, title: str, language: str, zone: str) -> Plan:
    from app.clock import RaceClock
    from app.planning.create_session import Plan

    if language not in LANGUAGES:
        raise Trouble(f"There is no language {language!r}. There are: {', '.join(LANGUAGES)}.", 2)
    _check_zone(zone)
    return Plan(
        known_format(form), RaceClock(settings.clock_origin, settings.clock_rate).now(), title, language, zone
    )


def _earlier(form: str, chosen: Iterable[str]) -> dict[str, str]:
    from app.planning.taking_in import NothingToTakeIn, earlier_events

    pairs = [pair.partition("=") for pair in chosen]
    try:
        return earlier_events(known_format(form), {name.strip(): code.strip() for name, _, code in pairs})
    except NothingToTakeIn as error:
        raise Trouble(str(error), 2) from error


def _starts_at(written: str, zone: str) -> float:
    starts_at = moment(written.strip(), zone) if written else 0.0
    if starts_at is None:
        raise Trouble(f"{written!r} is no day and hour. Write it like 2026-12-03 09:00.", 2)
    return starts_at


def _check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:
        raise Trouble(f"There is no time zone {zone!r}. Write it like Europe/Stockholm.", 2) from error


async def begin(settings: Settings, plan: Plan) -> Invitation:
    """Begin the session in the database of these settings."""
    from app.planning.create_session import create_session
    from app.planning.taking_in import NothingToTakeIn

    database = database_of(settings)
    try:
        await database.migrate()
        founded = await create_session(database, plan, ("facilitator", "screen", "facilitator"))
    except NothingToTakeIn as error:
        raise Trouble(str(error)) from error
    finally:
        await database.close()
    return invitation(settings.base_url or noted(settings.data), founded.code, *founded.tokens)
