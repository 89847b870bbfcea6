"""``demo``: everything set up, a server, and a race that runs by itself."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from app import setup
from app.address import address
from app.cli.choices import Data, Host, enough_people, settings_from
from app.cli.invitation import invitation
from app.cli.listening import free_port
from app.cli.trouble import Trouble

if TYPE_CHECKING:
    from app.rehearsal.venue.venue import Venue

HTMX_SECONDS = 5.0
"""How long the start waits for htmx; where it takes longer, pages load it from the content network this time."""
FIRST_PORT = 8000


def demo(
    form: Annotated[str, typer.Argument(metavar="FORMAT", help="The event format.")] = "race48",
    host: Host = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 8000 or the next free one.")] = 0,
    data: Data = None,
    rate: Annotated[float, typer.Option(help="Race seconds in a real second.", min=1)] = 60.0,
    participants: Annotated[int, typer.Option(help="How many simulated people.")] = 20,
    seed: Annotated[int, typer.Option(help="The same seed, the same people and texts.")] = 1,
) -> None:
    """Start a server with a session on a fast clock, held by simulated people. Take over when you like."""
    from app.rehearsal.browser.http import Unexpected
    from app.rehearsal.facilitator.console import Stuck
    from app.rehearsal.show import show
    from app.rehearsal.venue.server import NoServer, Server

    enough_people(participants, form)
    _fetch_htmx()
    settings = settings_from(data=data)
    server = Server(settings.data, rate, host, port or free_port(host, FIRST_PORT), settings.database_url)

    def welcome(venue: Venue) -> None:
        _, console, screen = venue.founded.tokens
        invitation(address(host, server.port), venue.code, console, screen).show()
        print(f"  {participants} simulated people hold {form}; one real minute is {rate:g} of its minutes.")
        print("  Join, open the console, press “Take over”. Ctrl-C stops.\n", flush=True)

    print(f"Starting on {address(host, server.port)} with the data in {settings.place} …", flush=True)
    try:
        with suppress(KeyboardInterrupt, asyncio.CancelledError):
            asyncio.run(show(server, form, participants, seed, welcome, lambda line: print(line, flush=True)))
    except (NoServer, Stuck, Unexpected) as error:
        raise Trouble(str(error)) from error
    print("Stopped. Everything is kept; `python -m app serve` goes on with it.")


def _fetch_htmx() -> None:
    """Get htmx for a place without internet, beside everything else."""
    fetching = threading.Thread(
        target=setup.ensure_htmx, args=(setup.ROOT / "static" / "vendor",), daemon=True
    )
    fetching.start()
    fetching.join(HTMX_SECONDS)
