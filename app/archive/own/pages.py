"""A person's own data, for that person alone."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from app.archive.house import archive_house
from app.archive.own.data import read_own_data
from app.archive.own.file import own_data_file
from app.live.way_in import desk_of
from app.telemetry.metrics import tally
from app.web.answers import error_page
from app.web.forms import TOO_FAST, not_taken
from app.web.visitors import visitor

HEADERS = {"content-disposition": 'attachment; filename="my-data.zip"', "cache-control": "no-store"}


async def my_data(request: Request) -> Response:
    """``GET /s/{code}/my-data``: everything that is held about whoever asks, as a zip. Staff ask with their console."""
    desk = await desk_of(request)
    who = (await visitor(request, "phone") or await visitor(request, "console")) if desk is not None else None
    if desk is None or who is None:
        return error_page(request, "not_yours", 403)
    house = archive_house(request)
    if not house.looks.take(who.person):
        tally.turned_away["looks"] += 1
        return not_taken(request, "", TOO_FAST.reason, 429)
    held = await house.database.read(lambda db: read_own_data(db, desk.code, who.person))
    member = desk.session.people.get(who.person)
    if held is None or member is None:
        return error_page(request, "not_yours", 403)
    packed = await asyncio.to_thread(own_data_file, held, house.renderer, member.language)
    return Response(packed, media_type="application/zip", headers=HEADERS)
