"""Hints at what others have written, while somebody writes the same; for staff, what looks alike and may be merged.

Read-only: it tells what whoever asks may see, and changes nothing. What is being written comes in the body of a request
and not in its address, so that it stands in no server's list of requests.
"""

from __future__ import annotations

import asyncio
import json
from weakref import WeakKeyDictionary

from starlette.requests import Request
from starlette.responses import Response

from app.live.desk import Desk
from app.live.house import live_house
from app.live.way_in import desk_of
from app.telemetry.metrics import tally
from app.web.answers import error_page, show_page
from app.web.forms import RETRY, TOO_FAST, fields_of, not_taken
from app.web.visitors import visitor
from sessions.activity import Activity, Alike
from sessions.messages import Command
from sessions.views import may_see

AT_ONCE = 50
"""Texts that are taken in between two others' commands; more go to a thread."""
MOST_LETTERS = 2000

_kept: WeakKeyDictionary[Activity, Alike] = WeakKeyDictionary()
"""What has been written, of each phase that somebody has asked about; gone with the session that it belongs to."""
_busy = asyncio.Lock()


async def alike(request: Request) -> Response:
    """``POST /s/{code}/alike`` with ``phase`` and ``text``: cards that say nearly that, as JSON; none where there is
    nothing to say."""
    desk = await desk_of(request)
    who = await visitor(request, "phone") if desk is not None else None
    if desk is None or who is None or not may_see(desk.session, who.person, "phone"):
        return Response(status_code=403)
    if not live_house(request).looks.take(who.person):
        tally.turned_away["looks"] += 1
        return Response(status_code=429, headers={"retry-after": RETRY})
    asked = Command("", "", "", await fields_of(request))
    known = await _known(desk, asked.text("phase"))
    member = desk.session.people.get(who.person)
    found = known.hints(member, asked.text("text")[:MOST_LETTERS]) if known is not None and member else []
    return Response(
        json.dumps([_told(face) for face in found]),
        media_type="application/json",
        headers={"cache-control": "no-store"},
    )


def _told(face: dict[str, object]) -> dict[str, object]:
    return {name: face[name] for name in ("id", "number", "headline", "language", "count")}


async def _known(desk: Desk, phase_id: str) -> Alike | None:
    """What has been written in a phase, up to date; None where nothing is kept of it."""
    phase = desk.session.agenda.phases.get(phase_id)
    activity = phase.activity if phase is not None else None
    if activity is None:
        return None
    known = _kept.get(activity) or activity.alike()
    if known is None:
        return None
    _kept[activity] = known
    async with _busy:
        texts = known.stale()
        if len(texts) > AT_ONCE:
            await asyncio.to_thread(known.take, texts)
        else:
            known.take(texts)
    return known


async def look_alike(request: Request) -> Response:
    """``GET /s/{code}/alike?phase=…``: for staff, a page of cards that look alike, in groups to accept or to leave."""
    desk = await desk_of(request)
    who = await visitor(request, "console") if desk is not None else None
    if desk is None or who is None or not may_see(desk.session, who.person, "console"):
        return error_page(request, "not_yours", 403)
    if not live_house(request).looks.take(who.person):
        tally.turned_away["looks"] += 1
        return not_taken(request, "", TOO_FAST.reason, 429)
    phase = desk.session.agenda.phases.get(request.query_params.get("phase", ""))
    known = await _known(desk, phase.id) if phase is not None else None
    if phase is None or known is None:
        return error_page(request, "no_session", 404)
    language = desk.session.people[who.person].language
    async with _busy:
        groups = await asyncio.to_thread(known.groups, known.standing())
    return show_page(
        request,
        "live/alike.html",
        200,
        language,
        session=desk.session,
        phase=phase,
        groups=[known.faces(group) for group in groups],
    )
