"""How the process is doing: ``/healthz`` for whoever starts and stops it, ``/metrics`` for whoever watches it."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable

from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from app.database import Database

HEALTH_SECONDS = 3.0
"""Real seconds within which a healthy database reads, and writes."""
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-proto", "x-real-ip", "via")
LOOPBACK = ("127.0.0.1", "::1")


class Health:
    """Whether the database answers and its writer is not stuck. However many ask, one look is under way."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._look: asyncio.Task[list[str]] | None = None

    async def faults(self) -> list[str]:
        """What does not work: ``reading``, ``writing``, or nothing."""
        if self._look is None or self._look.done():
            self._look = asyncio.create_task(self._look_now())
        return await asyncio.shield(self._look)

    async def _look_now(self) -> list[str]:
        works = await asyncio.gather(_in_time(self._read), _in_time(self._write))
        return [name for name, fine in zip(("reading", "writing"), works, strict=True) if not fine]

    async def _read(self) -> None:
        await self._database.read(lambda db: db.execute(text("SELECT 1")))

    async def _write(self) -> None:
        """The smallest piece of work there is takes the whole way: queue, thread, write lock, commit."""
        await self._database.write(lambda db: None)


async def _in_time(work: Callable[[], Awaitable[None]]) -> bool:
    try:
        async with asyncio.timeout(HEALTH_SECONDS):
            await work()
    except Exception:  # whatever it is, it does not work
        return False
    return True


async def healthz(request: Request) -> Response:
    """``GET /healthz``: 200 while the database reads and writes, else 503 and what does not work."""
    faults = await request.app.state.health.faults()
    return JSONResponse({"ok": not faults, "faults": faults}, 503 if faults else 200)


async def metrics(request: Request) -> Response:
    """``GET /metrics``, for those who may: see ``may_read``. Nobody else learns that it is there."""
    if not may_read(request):
        return PlainTextResponse("Not Found", 404)
    return Response(request.app.state.exposition.text(), media_type="text/plain; version=0.0.4")


def may_read(request: Request) -> bool:
    """With ``RACE_METRICS_TOKEN`` set: who brings it (``Authorization: Bearer …``), from anywhere.

    Without: only this machine. A proxy on this machine is not this machine, and says so by the headers it adds.
    """
    token = request.app.state.settings.metrics_token
    if token:
        given = request.headers.get("authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    near = request.client is not None and request.client.host in LOOPBACK
    return near and not any(name in request.headers for name in FORWARDED)
