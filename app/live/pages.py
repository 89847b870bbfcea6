"""The pages of a live session, and the same commands as plain HTTP for a browser without WebSocket or JavaScript."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from sqlalchemy.exc import DataError, IntegrityError, ProgrammingError
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.websockets import WebSocket, WebSocketState

from app.audience.connection import RELOAD, Cursor
from app.database.writer import WriteError
from app.drawing.render import scopes_for
from app.live.admission import Admission
from app.live.answers import BUSY, NOT_STORED, UNPROVED
from app.live.desk import Desk
from app.live.house import live_house
from app.live.outside.pages import is_left, outside_page
from app.live.store_limits import Account
from app.live.way_in import desk_of
from app.people.store import normalise_code
from app.streams.proof import Unproved
from app.telemetry.metrics import tally
from app.web import devices
from app.web.answers import door_page, error_page, preferred_language, show_page, waiting_page
from app.web.forms import RETRY, TOO_FAST, fields_of, json_answer, not_taken, wants_json
from app.web.house import house_of
from app.web.visitors import has_outgrown, renew_cookie, visitor
from app.wire import messages
from sessions.messages import Command, Refused
from sessions.shared_texts import says_when
from sessions.views import PHONE_VIEWS, focused, language_of, may_see

log = logging.getLogger(__name__)

OUR_FAULT = (DataError, IntegrityError, ProgrammingError)
"""The database works, and was asked for nonsense."""
COME_AGAIN = 1013


async def page(request: Request) -> Response:
    """A view of a session: the phone (also ``mine`` and ``team``), the projector, the console (``people``, ``log``)."""
    desk = await desk_of(request)
    view = request.path_params.get("view") or "phone"
    if desk is None:
        code = normalise_code(request.path_params["code"])
        meant = code not in (None, request.path_params["code"])
        return back_to(str(code), view) if meant else error_page(request, "no_session", 404)
    who = await visitor(request, view)
    if who is None and view in PHONE_VIEWS:
        return door_page(request, desk.session)
    if who is None:
        return await _knows_again(request, desk) or error_page(request, "not_yours", 403)
    if who.person not in desk.session.people and not await _comes_in(request, desk, who.person):
        return waiting_page(request, desk.session, desk.directory.name(who.person))
    shown = focused(desk.session, view, request.query_params.get("phase", ""))
    response = await _render(request, desk, shown, who.person)
    if response.status_code == 200:
        await renew_cookie(request, response, who, desk.session)
    return response


async def _knows_again(request: Request, desk: Desk) -> Response | None:
    """Whoever has become more, and whose answer with the new cookie was lost, gets another and asks once more with it;
    None for anybody else."""
    who = await visitor(request, "phone")
    if who is None or not who.late or who.person not in desk.session.people:
        return None
    response = RedirectResponse(f"{request.url.path}?{request.url.query}".rstrip("?"), 303)
    return response if await renew_cookie(request, response, who, desk.session) else None


async def _comes_in(request: Request, desk: Desk, person: str) -> bool:
    """Whether somebody who waits at the door, and looks again, comes in with that; who does not, waits on."""
    house = live_house(request)
    await house.waiting_room.wait(desk, person)
    device, word = devices.device_of(request), request.query_params.get("w", "")
    if not desk.directory.name(person) or (await Admission(house, desk).again(device, word)).waits:
        return False
    with suppress(WriteError):
        return await house.waiting_room.let_in(desk, person)
    return False


async def _render(
    request: Request, desk: Desk, view: str, person: str, status: int = 200, **data: Any
) -> Response:
    house = house_of(request)
    if not house.looks.take(person):
        tally.turned_away["looks"] += 1
        return not_taken(request, "", TOO_FAST.reason, 429)
    language = language_of(desk.session, person, view)
    async with desk.settled:
        if not may_see(desk.session, person, view):
            return _turned_away(request, desk, person)
        html = house.renderer.page(
            desk.hall,
            view,
            person,
            language,
            now=desk.now(),
            rate=house.settings.clock_rate,
            **{"refused": "", "sent": "", **data},
        )
    return HTMLResponse(html, status, headers={"cache-control": "no-store", "content-language": language})


def _turned_away(request: Request, desk: Desk, person: str) -> Response:
    """Whoever was removed hears so, and may ask to be let back in; a guest hears what their pass is good for. Nobody
    else learns what there is."""
    member = desk.session.people.get(person)
    if member is not None and member.outside and not member.removed:
        return outside_page(request, desk, member, _path_of(desk.code, "phone"))
    if member is None or not member.removed or member.erased:
        return error_page(request, "not_yours", 403)
    words = house_of(request).renderer.words[member.language]
    at = words.wall_time(member.removed_at, desk.session.zone, desk.now())
    view = request.path_params.get("view") or request.query_params.get("view", "phone")
    data: dict[str, Any] = {"session": desk.session, "at": at, "asked": member.asks_in, "view": view}
    data["path"] = _path_of(desk.code, view)
    return show_page(request, "door/removed.html", 403, member.language, **data)


async def ask_back(request: Request) -> Response:
    """``POST /s/{code}/back?view=…``: whoever was removed asks staff to be let back in."""
    desk = await desk_of(request)
    view = request.query_params.get("view", "phone")
    who = await visitor(request, view) if desk is not None else None
    if desk is None or who is None:
        return error_page(request, "not_yours", 403)
    await desk.submit(messages.command_from({"command": "ask_in", "id": messages.new_id()}, 0), who.person)
    return back_to(desk.code, view)


async def do(request: Request) -> Response:
    """``POST /s/{code}/do?view=…``: a command as a form. JSON answers for scripts, a page for people."""
    desk = await desk_of(request)
    view = request.query_params.get("view", "phone")
    who = await visitor(request, view) if desk is not None else None
    fields = await fields_of(request)
    member = desk.session.people.get(who.person) if desk is not None and who is not None else None
    if (
        desk is None
        or who is None
        or not (may_see(desk.session, who.person, view) or is_left(member, str(fields.get("command", ""))))
        or has_outgrown(who, desk.session)
    ):
        return not_taken(request, fields["id"], "not_yours", 403)
    try:
        command = messages.command_from(fields, messages.new_seed())
    except messages.Malformed:
        return not_taken(request, fields["id"], "malformed", 400)
    if not house_of(request).pace.take(who.person):
        tally.turned_away["pace"] += 1
        message = desk.sentence(TOO_FAST, language_of(desk.session, who.person, view)).text
        return not_taken(request, command.id, TOO_FAST.reason, 429, message)
    account = Account(live_house(request).store_limits)
    no = account.refuses(desk.session, who.person, command, _size(fields))
    answer = no or await desk.submit(command, who.person)
    return await _answer(request, desk, view, who.person, command, answer)


def _size(fields: Mapping[str, Any]) -> int:
    """Characters of a form."""
    return sum(
        len(value)
        for values in fields.values()
        for value in ([values] if isinstance(values, str) else values)
    )


async def away(request: HTTPConnection, error: Exception) -> Any:
    """The database cannot be reached, or fails, wherever that shows. It is no fault of whoever asks, and passes; unless
    a log does not hold, and then somebody has to look.

    Gives the page that says so; for a socket nothing, as Starlette wants it.
    """
    if isinstance(error, OUR_FAULT) or not isinstance(request, Request | WebSocket):
        raise error
    if isinstance(error, Unproved):
        log.error("the log of %s does not hold: %s", error.stream, error.what)
    else:
        log.error("the database is away", exc_info=error)
    why = UNPROVED if isinstance(error, Unproved) else NOT_STORED
    if isinstance(request, WebSocket):
        return await _turn_back(request)
    language = _reads(request) or preferred_language(request)
    form = await request.form(max_files=0, max_fields=messages.MAX_FIELDS)
    message = house_of(request).renderer.sentence(why, language, "UTC", 0.0).text
    return not_taken(request, form.get("id", ""), why.reason, 503, message, language)


async def _turn_back(websocket: WebSocket) -> None:
    """A page's socket, open or not yet: it comes again by itself."""
    if websocket.application_state == WebSocketState.CONNECTING:
        await websocket.send_denial_response(Response(status_code=503, headers={"retry-after": RETRY}))
    else:
        await websocket.close(COME_AGAIN)


def _reads(request: Request) -> str:
    """The language of whoever asks, as far as it is known without the database; "" where it is not."""
    code, view = request.path_params.get("code", ""), request.path_params.get("view", "phone")
    house = live_house(request)
    desk = house.desks.opened(code)
    seats = map(house.people.remembered, request.cookies.values())
    people = [seat.person for seat in seats if seat is not None and seat.session == code]
    return language_of(desk.session, people[0], view) if desk is not None and people else ""


async def _answer(
    request: Request,
    desk: Desk,
    view: str,
    person: str,
    command: Command,
    answer: int | Refused,
) -> Response:
    if isinstance(answer, int):
        by_script = wants_json(request)
        return json_answer(messages.ack(command.id, answer)) if by_script else back_to(desk.code, view)
    message = desk.sentence(answer, language_of(desk.session, person, view))
    status = 503 if answer in (BUSY, NOT_STORED) else 422
    if wants_json(request):
        response = json_answer(messages.refused(command.id, answer.reason, *message), status)
    else:
        response = await _render(
            request, desk, view, person, status, refused=message.text, sent=_sentences(command)
        )
    if status == 503:
        response.headers["retry-after"] = RETRY
    return response


def _sentences(command: Command) -> str:
    """What somebody wrote in a form that is refused: a browser without script has it nowhere else."""
    texts = (command.text(name) for name in command.fields if not says_when(name))
    return "\n".join(text for text in texts if len(text.split()) > 1)


def back_to(code: str, view: str) -> Response:
    """To the page the form was on."""
    return RedirectResponse(_path_of(code, view), 303)


def _path_of(code: str, view: str) -> str:
    return f"/s/{code}" + ("" if view == "phone" else f"/{view}")


async def since(request: Request) -> Response:
    """``GET /s/{code}/since?seq=N&view=V``: what has changed (204 if nothing), where no socket comes up."""
    desk = await desk_of(request)
    view, seq = request.query_params.get("view", "phone"), messages.seq_from(request.query_params.get("seq"))
    who = await visitor(request, view) if desk is not None else None
    if desk is None or who is None:
        return Response(status_code=403)
    if not house_of(request).looks.take(who.person):
        tally.turned_away["looks"] += 1
        return Response(status_code=429, headers={"retry-after": RETRY})
    async with desk.settled:
        if not may_see(desk.session, who.person, view):
            return Response(status_code=403)
        if not desk.fanout.missed.can_be_told(who.person, seq):
            return Response(RELOAD.text, media_type="application/json")
        scopes = scopes_for(view, desk.session.scopes(who.person))
        language = language_of(desk.session, who.person, view)
        shown = focused(desk.session, view, request.query_params.get("phase", ""))
        missed = desk.fanout.missed.take(Cursor(shown, who.person, language, scopes, seq))
    return HTMLResponse(missed.text) if missed else Response(status_code=204)
