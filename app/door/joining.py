"""Coming in by the code: once for each time that the form was shown, past a door that staff can set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.door.letting_in import give_seat, let_in
from app.drawing.locale import LANGUAGES
from app.live.admission import Admission, Verdict
from app.live.desk import Desk
from app.live.house import live_house
from app.live.waiting import known_as
from app.live.way_in import desk_of
from app.telemetry.metrics import tally
from app.web import devices
from app.web.answers import door_page, error_page, preferred_language, retry_after
from app.web.visitors import visitor
from sessions.messages import clean
from sessions.names import MAX_NAME, fault_of, shown
from sessions.sight import Circle, reach_of

ONCE_SECONDS = 600.0
"""Race seconds for which the same form, sent again, brings the cookie once more: after that the answer to the first has
surely come, or will not."""
STATUS = {"closed": 403, "full": 503, "no_space": 503, "crowd": 429, "namesake": 409, "left": 409}


@dataclass(frozen=True, slots=True)
class Asking:
    """What somebody has typed at the door, made fit to be shown."""

    name: str
    organisation: str
    language: str
    ticket: str
    """Says that two of these are the same asking; "" from what is no page of ours."""
    sure: bool
    """They have been asked whether they are somebody who is in already, and are not."""

    @property
    def fault(self) -> str:
        """What has to be typed anew; "" if nothing."""
        return fault_of(self.name) or ("long" if len(self.organisation) > MAX_NAME else "")


async def join(request: Request) -> Response:
    """``POST /s/{code}/join``: ``name``, ``language``, optional ``organisation``; sets the cookie."""
    desk = await desk_of(request)
    if desk is None:
        return error_page(request, "no_session", 404)
    if await visitor(request, "phone") is not None:
        return RedirectResponse(f"/s/{desk.code}", 303)
    asking, pressed = await _read(request)
    if pressed in LANGUAGES:
        return _ask_again(request, desk, asking, "", language=pressed, chosen=True)
    if asking.fault:
        return _ask_again(request, desk, asking, asking.fault)
    return await _decide(request, desk, asking)


async def _read(request: Request) -> tuple[Asking, str]:
    form = await request.form(max_files=0)

    def text(name: str) -> str:
        return value if isinstance(value := form.get(name), str) else ""

    language = text("language") if text("language") in LANGUAGES else preferred_language(request)
    name, organisation = shown(clean(text("name"))), shown(clean(text("organisation")))
    asking = Asking(name, organisation, language, text("ticket")[:MAX_NAME], text("sure") == "yes")
    return asking, text("lang")


def _ask_again(request: Request, desk: Desk, asking: Asking, fault: str, **more: Any) -> Response:
    status = 200 if not fault else STATUS.get(fault, 422)
    return door_page(request, desk.session, status, fault, asking.name, asking.organisation, **more)


async def _decide(request: Request, desk: Desk, asking: Asking) -> Response:
    person = _person_of(request, desk, asking)
    has_left = person != "" and await live_house(request).people.is_erased(desk.code, person)
    if person and person in desk.session.people:
        return await _once_more(request, desk, person)
    if has_left:
        return _ask_again(request, desk, asking, "left")
    if asking.ticket and not asking.sure and _somebody_is_called_so(desk, asking.name):
        return _ask_again(request, desk, asking, "namesake")
    verdict = await _verdict(request, desk, person)
    if verdict.fault:
        return _turn_back(request, desk, asking, verdict)
    if verdict.waits:
        return await _wait(request, desk, asking, person)
    return await let_in(
        request, desk, "participant", asking.name, asking.organisation, asking.language, person
    )


async def _verdict(request: Request, desk: Desk, person: str) -> Verdict:
    """What becomes of this asking. The same form again, of somebody who waits, is no further asking."""
    admission, device = Admission(live_house(request), desk), devices.device_of(request)
    word = request.query_params.get("w", "")
    return await (admission.again if person in desk.hall.waiting else admission.of)(device, word)


def _person_of(request: Request, desk: Desk, asking: Asking) -> str:
    """Who comes of this asking, however often it is sent; "" where that cannot be told."""
    if not asking.ticket:
        return ""
    return live_house(request).people.person_of("join", desk.code, devices.device_of(request), asking.ticket)


async def _once_more(request: Request, desk: Desk, person: str) -> Response:
    """The same form again: it is the same person, whichever of the answers gets through."""
    member = desk.session.people[person]
    if desk.now() - member.joined_at > ONCE_SECONDS or member.removed or member.erased:
        return RedirectResponse(f"/s/{desk.code}", 303)
    return await give_seat(request, desk, person, member.role)


def _somebody_is_called_so(desk: Desk, name: str) -> bool:
    """Whether somebody of that name is in the session and lets the session see it."""
    people = (desk.session.people.get(person) for person in desk.directory.namesakes(name))
    return any(
        m is not None and not m.removed and reach_of(None, m.consent) >= Circle.SESSION for m in people
    )


def _turn_back(request: Request, desk: Desk, asking: Asking, verdict: Verdict) -> Response:
    tally.turned_away[verdict.fault] += 1
    response = _ask_again(request, desk, asking, verdict.fault)
    if verdict.seconds:
        response.headers["retry-after"] = retry_after(verdict.seconds)
    return response


async def _wait(request: Request, desk: Desk, asking: Asking, person: str) -> Response:
    """The browser gets a cookie that speaks for the wait."""
    house = live_house(request)
    tally.turned_away["waits"] += 1
    person = await house.people.create_person(
        desk.code, asking.name, asking.organisation, asking.language, person
    )
    known_as(desk, person, asking.name, asking.organisation, asking.language)
    await house.waiting_room.wait(desk, person)
    return await give_seat(request, desk, person, "participant")
