"""The public halves of the keys that exports are signed with: a page to compare them, and a file to check with."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from app.archive.public_keys import PublicKey, written
from app.archive.signing_keys import SigningKeys
from app.database.key_folder import KeyFolder
from app.web.answers import show_page
from app.web.house import house_of

KEPT = "public, max-age=300"


async def keys(request: Request) -> Response:
    """``GET /keys``: the fingerprints of the keys that exports are signed with, to compare."""
    known = await _register(request)
    return show_page(request, "archive/keys.html", keys=known[::-1])


async def race_keys(request: Request) -> Response:
    """``GET /.well-known/race-keys.json``: the same keys as a file that ``verify --key`` takes."""
    content = written(await _register(request))
    return Response(content, media_type="application/json", headers={"cache-control": KEPT})


async def _register(request: Request) -> list[PublicKey]:
    folder = KeyFolder(house_of(request).settings.key_folder)
    return await asyncio.to_thread(lambda: SigningKeys(folder).register)
