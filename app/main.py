"""The composition root: settings become a running application, and nothing else does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from app.archive.forgetting import FORGET, FORGET_RECORD, Forgetting
from app.archive.handover import HANDOVER, HandingOver
from app.archive.house import ArchiveHouse
from app.archive.records import Records
from app.clock import RaceClock
from app.database import PATIENCE_SERVING, failures, open_database
from app.database.key_folder import KeyFolder
from app.drawing.render import Renderer
from app.live.cluster import neighbours, presence_in
from app.live.deleting import Deleting
from app.live.desks import Desks, open_now
from app.live.doorkeeper import Doorkeeper
from app.live.pages import away
from app.live.retaining import RETAIN, Retaining, daily
from app.live.store_limits import StoreLimits
from app.live.waiting import WaitingRoom
from app.live.wake import WAKE, Waking
from app.people.store import People
from app.projections import PROJECTIONS
from app.routes import routes
from app.settings import ROOT, Settings
from app.streams.box_keys import box_keys
from app.streams.deletion import DELETE
from app.streams.journal import open_journal
from app.streams.ledger import Ledger
from app.streams.rebuild import make_current
from app.streams.retention import CONTACT, NAMES
from app.streams.snapshots import Snapshots
from app.streams.snapshotting import Snapshotter, make_apart
from app.streams.task_outcomes import Handler
from app.streams.tasks import TASKS, put
from app.streams.worker import Worker
from app.telemetry.disk import Disk
from app.telemetry.metrics import Exposition, tally, watch_loop_lag
from app.token_bucket import TokenBucket
from app.web.answers import failed_page, shut_page
from app.web.assets import Assets, put_together, version_of
from app.web.health import Health
from app.web.join_limits import JoinLimits, Shut
from app.web.origin import Guard

GZIP_LEVEL = 5
"""The page of a phone: 5 takes a third of the time of 9 and is 2 % larger. No page holds a secret that its length could
give away: who somebody is stands in cookies that scripts cannot read, and requests from other sites are refused."""

MEGABYTE = 1_000_000
LOOKS, LOOKS_PER_SECOND = 60, 5.0
"""Pages of one person: so many at once, then so many a second. One takes as long as the answers to hundreds of
commands; three tabs without sockets ask once a second."""


def create_app(settings: Settings) -> Starlette:
    """The whole server. It migrates the database when it starts and finishes what is being written when it stops."""
    made = put_together(settings.static, settings.templates)
    renderer = Renderer(
        settings.templates, version_of(made), (settings.static / "vendor/htmx.min.js").exists()
    )

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        database = open_database(settings.data, settings.database_url, PATIENCE_SERVING)
        database.claim()
        await database.migrate()
        await make_current(database, PROJECTIONS)
        folder = KeyFolder(settings.key_folder)
        ledger = Ledger(folder)
        journal = open_journal(database, ledger)
        keys = await box_keys(database, folder)
        ledger.begin()
        people = People(database)
        clock = RaceClock(settings.clock_origin, settings.clock_rate)
        snapshots = Snapshots(database, people.organisation_key, folder)
        keeper = Snapshotter(journal, snapshots, partial(make_apart, ROOT, settings.kept_at))
        presence = presence_in(database)
        desks = Desks(
            journal,
            people,
            clock,
            renderer,
            settings.base_url,
            settings.beat_seconds,
            keeper,
            PROJECTIONS,
            keys,
            presence,
            settings.idle_minutes * 60.0,
        )
        waiting_room = WaitingRoom(people)
        forgetting = Forgetting(database, journal, desks.get, clock.now, PROJECTIONS)
        kept = {CONTACT: settings.contact_months, NAMES: settings.name_months}
        handlers: dict[str, Handler] = {
            WAKE: Waking(desks.get, clock),
            DELETE: Deleting(database, desks, ledger),
            HANDOVER: HandingOver(journal, desks.get, clock.now, PROJECTIONS),
            FORGET: forgetting.forget,
            FORGET_RECORD: forgetting.forget_in_record,
            RETAIN: Retaining(database, desks, waiting_room, clock, kept),
        }
        limits = JoinLimits(people.sign)
        desks.word_of = limits.words.word
        doorkeeper = Doorkeeper(desks, waiting_room, limits.is_crowded)
        disk = Disk(None if database.shared else settings.data, settings.min_free_megabytes * MEGABYTE)
        disk.on_change = lambda: desks.note_trouble("disk", disk.is_low)
        worker = Worker(database, clock, handlers)
        database.listening[TASKS] = lambda stream, due: worker.hear(float(due))
        app.state.house = ArchiveHouse(
            settings=settings,
            renderer=renderer,
            people=people,
            limits=limits,
            pace=TokenBucket(settings.messages_burst, settings.messages_per_second),
            looks=TokenBucket(LOOKS, LOOKS_PER_SECOND),
            health=Health(database),
            exposition=Exposition(
                tally, lambda: open_now(desks)._replace(given_up=worker.given_up, free=disk.free)
            ),
            desks=desks,
            store_limits=StoreLimits(
                disk, settings.person_megabytes * MEGABYTE, settings.session_megabytes * MEGABYTE
            ),
            waiting_room=waiting_room,
            records=Records(journal, clock.now, PROJECTIONS),
            forgetting=forgetting,
            database=database,
        )
        await desks.tidy_keys()
        await database.write(lambda db: put(db, [daily(clock.now())]))
        worker.start()
        beside = (watch_loop_lag(tally.lag.note), desks.close_idle(), disk.watch(), doorkeeper.run())
        running = [asyncio.create_task(each) for each in beside]
        try:
            async with neighbours(database, people, desks, worker):
                yield
        finally:
            await worker.close()
            for each in running:
                each.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            await desks.close()
            await journal.close()
            await database.close()

    return Starlette(
        routes=routes(Assets(settings.static, made)),
        middleware=[Middleware(Guard), Middleware(GZipMiddleware, compresslevel=GZIP_LEVEL)],
        lifespan=lifespan,
        exception_handlers={
            **dict.fromkeys(failures(settings.database_url), away),
            Shut: shut_page,
            Exception: failed_page,
        },
    )


def app() -> Starlette:
    """For servers that take a factory: settings come from the environment."""
    return create_app(Settings())
