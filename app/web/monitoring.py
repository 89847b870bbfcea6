"""How the process is doing: ``/healthz`` for whoever starts and stops it, ``/metrics`` for whoever watches it."""

from __future__ import annotations

import asyncio
import hmac

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from app.telemetry.metrics import tally
from app.web.house import house_of
from app.web.nearness import is_local


async def healthz(request: Request) -> Response:
    """``GET /healthz``: 200 while the database reads and writes, else 503 and what does not work. ``unproved`` is how
    many sessions are not served because their logs do not hold; the others are, so it is no fault of the server."""
    faults = await house_of(request).health.faults()
    unproved = {"unproved": len(tally.unproved)} if tally.unproved else {}
    return JSONResponse({"ok": not faults, "faults": faults, **unproved}, 503 if faults else 200)


async def metrics(request: Request) -> Response:
    """``GET /metrics``, for those who may: see ``may_read``. Nobody else learns that it is there."""
    if not await may_read(request):
        return PlainTextResponse("Not Found", 404)
    return Response(house_of(request).exposition.text(), media_type="text/plain; version=0.0.4")


async def may_read(request: Request) -> bool:
    """Whether whoever asks may read the metrics.

    With ``RACE_METRICS_TOKEN`` set: who brings it (``Authorization: Bearer …``), from anywhere. Without: only this
    machine, as itself (see ``is_local``).
    """
    token = house_of(request).settings.metrics_token
    if token:
        given = request.headers.get("authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    return await asyncio.to_thread(is_local, request)  # the kernel's list of connections may be long
