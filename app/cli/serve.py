"""``serve``: the server, until it is told to stop."""

from __future__ import annotations

import asyncio
import gc
import socket
import sys
import time
from typing import TYPE_CHECKING, Annotated

import typer

from app.address import address, leave_note
from app.cli.choices import Data, DatabaseUrl, Host, Origin, Rate, database_of, settings_from
from app.cli.descriptors import raise_descriptors
from app.cli.listening import listen
from app.cli.progress import Tell, progress_bar
from app.cli.trouble import told_plainly

if TYPE_CHECKING:
    from app.database import Database
    from app.settings import Settings

GRACE = 5
"""Seconds that open requests get when the server stops."""
GARBAGE = (100_000, 1_000, 1_000)
"""Allocations after which the newest objects are searched for circles of garbage; and how many such
searches before there is one of more. Everything that a crowd says is new and stays for a moment, and each search
of it takes time from serving them. A search of everything takes a second with 10,000 phones, in the
middle of a vote if it comes to that. So there are as good as none of these, and what comes and goes all day long has to
leave no circles (see protocol.py and intake.py)."""
PING_SECONDS = 40.0
"""Seconds between two pings: a proxy cuts a line on which nothing comes back for 55. Whoever has not answered 20 s
later is gone."""
SWITCH_SECONDS = 0.0005
"""How soon the event loop gets its turn back from the thread that writes to the disk."""


def serve(
    host: Host = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    data: Data = None,
    database_url: DatabaseUrl = None,
    base_url: Annotated[
        str | None, typer.Option(help="The address people type, where it is another one.")
    ] = None,
    clock_origin: Origin = None,
    clock_rate: Rate = None,
) -> None:
    """Serve the sessions of a database."""
    settings = settings_from(
        data=data,
        database_url=database_url,
        base_url=base_url,
        clock_origin=clock_origin,
        clock_rate=clock_rate,
    )
    listener = listen(host, port)
    settings.base_url = settings.base_url or address(host, listener.getsockname()[1])
    if settings.clock_rate != 1.0 and not settings.clock_origin:
        settings.clock_origin = time.time()
    with told_plainly(f"Opening the database in {settings.place}"):
        _prepare(settings)
    print(f"Serving {settings.place} at {settings.base_url} (Ctrl-C stops).", flush=True)
    run_server(settings, listener)


def _prepare(settings: Settings) -> None:
    """Whatever is wrong with the data is told before anything listens to it; what takes long shows how far it is."""
    database = database_of(settings)
    database.claim()
    database.migrate_now()
    with progress_bar("Making lists again") as tell:
        asyncio.run(_make_current(database, tell))
    leave_note(settings.data, settings.base_url)


async def _make_current(database: Database, tell: Tell) -> None:
    from app.projections import PROJECTIONS
    from app.streams.rebuild import make_current

    try:
        await make_current(database, PROJECTIONS, tell)
    finally:
        await database.close()


def run_server(settings: Settings, listener: socket.socket) -> None:
    """Serve on a listening socket until SIGINT or SIGTERM. One process: on SQLite it is the only writer."""
    import uvicorn

    from app.cli.waiting import WaitingServer
    from app.main import create_app
    from app.telemetry import logs
    from app.web.limits import Intake
    from app.web.room import room
    from app.wire import deflate
    from app.wire.protocol import RaceProtocol

    logs.configure()
    room.set_by(raise_descriptors())
    gc.set_threshold(*GARBAGE)
    sys.setswitchinterval(SWITCH_SECONDS)
    config = uvicorn.Config(
        create_app(settings),
        http=Intake,
        ws=RaceProtocol,
        ws_max_size=64 * 1024,
        ws_per_message_deflate=deflate.ON,
        ws_ping_interval=PING_SECONDS,
        timeout_graceful_shutdown=GRACE,
        workers=1,
        proxy_headers=True,
        access_log=False,
        log_config=None,
        log_level="warning",
    )
    try:
        WaitingServer(config).run(sockets=[listener])
    except KeyboardInterrupt:
        return
