"""Staff erases what somebody wrote: a page with every event that holds words, and a form that asks why."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, bindparam, text
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app.archive.house import archive_house
from app.live.way_in import desk_of, staff_of
from app.telemetry.metrics import tally
from app.web.answers import error_page
from app.web.forms import TOO_FAST, not_taken
from app.web.house import house_of
from app.wire import messages
from sessions.session import Session
from sessions.session_commands import ERASING, MAX_ANNOUNCEMENT
from sessions.views import language_of

VIEW = "log"
"""The page belongs to whoever may read the log of decisions, and among them to staff."""
ON_A_PAGE = 50

_WRITTEN = text("""
    SELECT seq, at, actor, kind, words FROM log
    WHERE stream = :stream AND words IS NOT NULL AND seq < :before AND kind NOT IN :kept ORDER BY seq DESC LIMIT :most
""").bindparams(bindparam("kept", expanding=True))


class Written(NamedTuple):
    """What somebody wrote in an event. ``at`` is wall time, seconds since 1970 UTC."""

    seq: int
    at: float
    actor: str
    kind: str
    texts: list[str]


def written_before(db: Connection, stream: str, before: int, kept: Collection[str] = ()) -> list[Written]:
    """The events of a stream that hold words before a seq, the latest first, without those of the kinds ``kept`` from
    everybody; as many as a page shows."""
    rows = db.execute(_WRITTEN, {"stream": stream, "before": before, "most": ON_A_PAGE, "kept": [*kept]})
    return [
        Written(row.seq, row.at, row.actor, row.kind, list(texts_in(orjson.loads(row.words)))) for row in rows
    ]


def kept_from_all(session: Session) -> frozenset[str]:
    """Kinds of events whose words nobody reads, staff neither: who wants to meet whom."""
    activities = (phase.activity for phase in session.agenda if phase.activity is not None)
    return frozenset(kind for each in activities for kind in each.unread)


def texts_in(value: Any) -> Iterator[str]:
    """Every text in a value, however deep; none that is empty."""
    if isinstance(value, str):
        yield from [value] if value else []
    elif isinstance(value, Mapping):
        yield from (found for inner in value.values() for found in texts_in(inner))
    elif isinstance(value, list):
        yield from (found for inner in value for found in texts_in(inner))


async def words(request: Request) -> Response:
    """``GET /s/{code}/words?before=N``: what people have written, the latest first, with the form to erase it."""
    desk = await desk_of(request)
    if desk is None:
        return error_page(request, "no_session", 404)
    who = await staff_of(request, desk)
    if who is None:
        return error_page(request, "not_yours", 403)
    if not house_of(request).looks.take(who.person):
        tally.turned_away["looks"] += 1
        return not_taken(request, "", TOO_FAST.reason, 429)
    before = messages.seq_from(request.query_params.get("before")) or desk.session.seq + 1
    database = archive_house(request).forgetting.database
    kept = kept_from_all(desk.session)
    rows = await database.read(lambda db: written_before(db, desk.code, before, kept))
    language = language_of(desk.session, who.person, VIEW)
    async with desk.settled:
        html = house_of(request).renderer.document(
            "archive/words.html",
            desk.hall,
            who.person,
            language,
            rows=rows,
            reasons=ERASING,
            longest_reason=MAX_ANNOUNCEMENT,
            older=rows[-1].seq if len(rows) == ON_A_PAGE else 0,
        )
    return HTMLResponse(html, headers={"cache-control": "no-store", "content-language": language})
