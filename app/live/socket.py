"""One browser's socket: what it says becomes commands, what the session does becomes frames."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from starlette.responses import Response
from starlette.websockets import WebSocket, WebSocketDisconnect

from app.audience.connection import RELOAD, UNWANTED, Connection
from app.drawing.markup import Sentence
from app.drawing.render import scopes_for
from app.live.answers import BUSY
from app.live.desk import Desk
from app.live.house import LiveHouse, live_house
from app.live.store_limits import Account
from app.live.way_in import desk_of
from app.telemetry.metrics import tally
from app.web.forms import RETRY
from app.web.join_limits import Shut
from app.web.room import room
from app.web.visitors import Visitor, has_outgrown, visitor
from app.wire import messages
from app.wire.frame import Frame
from app.wire.transport import EXTENSION, PlainTransport, Transport
from sessions.messages import Command, Refused, refuse
from sessions.views import focused, language_of, may_see

log = logging.getLogger(__name__)

NOT_ALLOWED, TOO_SLOW, TOO_BIG = 1008, 1013, 1009
MAX_SOCKETS = 3
"""Open pages of one person: a phone, a laptop, and one more."""
TOO_MANY_PAGES = refuse(
    "too_many_pages",
    "You have more than three pages open. The oldest has stopped; load it again to go on there. Nothing is lost.",
)
MAX_MALFORMED = 20
"""Frames that are not commands before a socket is closed."""
MAX_UNANSWERED = 1000
"""Commands of one socket on their way to a decision: as many as a phone may have kept while it was away."""
MAX_ANSWERS = 256 * 1024
"""Bytes of answers that may wait for a socket that asks and does not read."""


async def live(websocket: WebSocket) -> None:
    """``WS /s/{code}/live?view=…``. The sender is who the cookie says, never who the frame says."""
    if not room.takes_socket():
        tally.turned_away["no_room"] += 1
        await websocket.send_denial_response(Response(status_code=503, headers={"retry-after": RETRY}))
        return
    try:
        desk = await desk_of(websocket)
    except Shut:
        await websocket.close(NOT_ALLOWED)
        return
    view = websocket.query_params.get("view", "phone")
    who = await visitor(websocket, view) if desk is not None else None
    await websocket.accept()
    if desk is None or who is None or not _may_speak(desk, who, view):
        await websocket.close(NOT_ALLOWED)
        return
    shown = focused(desk.session, view, websocket.query_params.get("phase", ""))
    transport, house = websocket.scope.get("extensions", {}).get(EXTENSION), live_house(websocket)
    if transport is not None:
        await Conversation(desk, who, shown, transport, house).run(websocket)
        return
    plain = PlainTransport(websocket.send_text, websocket.close)
    await _first_done(plain.run(), Conversation(desk, who, shown, plain, house).run(websocket))


def _may_speak(desk: Desk, who: Visitor, view: str) -> bool:
    return may_see(desk.session, who.person, view) and not has_outgrown(who, desk.session)


async def _first_done(*parts: Coroutine[Any, Any, None]) -> None:
    """Run these until one of them is done."""
    tasks = [asyncio.create_task(part) for part in parts]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
    await asyncio.gather(*done)  # what has gone wrong in them is told


class Conversation:
    """A socket from its first frame to its last."""

    def __init__(self, desk: Desk, who: Visitor, view: str, transport: Transport, house: LiveHouse) -> None:
        self.desk, self.who, self.person, self.transport = desk, who, who.person, transport
        self.pace, self.account = house.pace, Account(house.store_limits)
        session = desk.session
        language, scopes = (
            language_of(session, who.person, view),
            scopes_for(view, session.scopes(who.person)),
        )
        self.connection = Connection(view, who.person, language, scopes, transport=transport, cookie=who.key)
        self.malformed = self.unanswered = 0
        self._held = False
        """Somebody says more than the pace allows, and is not listened to for a moment."""

    async def run(self, websocket: WebSocket) -> None:
        """Listen until the socket is gone."""
        fanout = self.desk.fanout
        fanout.add(self.connection)
        self._make_room()
        self.desk.heartbeat.add(self.connection)
        self.desk.presence_changed()
        try:
            await self._recheck(websocket)
            self.transport.listen(self.receive, self._found_room, self.connection.leave_group)
            await self._receive_plain(websocket)
        finally:
            self.account.close(self.desk.session, self.person)
            fanout.remove(self.connection)
            self.desk.heartbeat.remove(self.connection)
            self.desk.presence_changed()

    def _make_room(self) -> None:
        """The oldest sockets of somebody who has too many open give way: after a bad line they are most likely dead.
        They stay away (a page that came back would push out the next), and their pages go on by asking now and then."""
        open_now = [
            known
            for known in self.desk.fanout.connections.of_person(self.person)
            if known.standing is not UNWANTED
        ]
        for connection in open_now[:-MAX_SOCKETS]:
            why = self.desk.sentence(TOO_MANY_PAGES, connection.language)
            refusal = messages.refused("", TOO_MANY_PAGES.reason, *why)
            connection.disconnect(NOT_ALLOWED, Frame(refusal.decode()))

    async def _recheck(self, websocket: WebSocket) -> None:
        """What was revoked between the first look and being known to the fan-out has been told to nobody."""
        view = self.connection.view.partition("/")[0]
        if await visitor(websocket, view) is None or not may_see(self.desk.session, self.person, view):
            self.connection.disconnect(NOT_ALLOWED)

    async def _receive_plain(self, websocket: WebSocket) -> None:
        """Messages that the transport does not hand on itself, until the socket is gone."""
        with suppress(WebSocketDisconnect, RuntimeError):
            while True:
                while self._held:  # noqa: ASYNC110 - on a plain transport only; it is for a moment, and nobody tells
                    await asyncio.sleep(self.pace.price)
                message = await websocket.receive()
                if message["type"] == "websocket.disconnect":
                    return
                self.receive(message.get("text") or message.get("bytes") or "")

    def _found_room(self) -> None:
        self.desk.fanout.lagging.found_room(self.connection)
        self.desk.wake()

    # ---- what it says

    def receive(self, text: str | bytes) -> None:
        """One message. What goes wrong in it costs this socket alone, and so does saying too much: nothing is refused
        for it, but nothing more is taken until what was said is paid for."""
        if self.connection.standing is UNWANTED:
            return
        if not self.pace.take(self.person):
            self._receive_later(text)
            return
        try:
            self._take(text)
        except messages.Malformed as error:
            self._reject_malformed(error)
        except Exception:
            log.exception("a message in %s failed", self.desk.code)
            self.transport.close(1011)

    def _receive_later(self, text: str | bytes) -> None:
        tally.turned_away["pace"] += not self._held
        self._held = True
        self.transport.pause()
        asyncio.get_running_loop().call_later(self.pace.wait(self.person), self._receive_late, text)

    def _receive_late(self, text: str | bytes) -> None:
        self._held = False
        self.receive(text)
        if not self._held:
            self.transport.resume()

    def _take(self, text: str | bytes) -> None:
        if len(text) > messages.MAX_FRAME:
            self.transport.close(TOO_BIG)
            return
        data = messages.parse(text)
        if data.get("command") == "resume":
            self._resume(data)
            return
        command = messages.command_from(data, messages.new_seed())
        if self.unanswered >= MAX_UNANSWERED:
            self._reply(command, BUSY)
            return
        if (no := self.account.refuses(self.desk.session, self.person, command, len(text))) is not None:
            self._reply(command, no)
            return
        self.unanswered += 1
        self.desk.put(command, self.person, self._answer)

    def _answer(self, command: Command, reply: int | Refused) -> None:
        self.unanswered -= 1
        self._reply(command, reply)

    def _reply(self, command: Command, reply: int | Refused) -> None:
        if self.transport.full and self.transport.waiting() > MAX_ANSWERS:
            self.transport.close(TOO_SLOW)
        elif isinstance(reply, int):
            tally.answered += 1
            self.transport.reply(messages.ack(command.id, reply))
        else:
            tally.refused[reply.reason] += 1
            self.transport.reply(messages.refused(command.id, reply.reason, *self._sentence(reply)))

    def _sentence(self, no: Refused) -> Sentence:
        return self.desk.sentence(no, self.connection.language)

    def _resume(self, data: dict[str, Any]) -> None:
        """The page says where it stands."""
        if str(data.get("epoch", self.desk.hall.epoch)) != self.desk.hall.epoch:
            self.transport.push(RELOAD)
            return
        self.desk.fanout.resume(self.connection, messages.seq_from(data.get("seq")))
        self.desk.wake()

    def _reject_malformed(self, error: messages.Malformed) -> None:
        """A frame that is no command is answered, a few times."""
        self.malformed += 1
        if self.malformed > MAX_MALFORMED:
            self.transport.close(NOT_ALLOWED)
            return
        no = refuse("malformed", "The server did not understand this. Reload the page.")
        self.transport.reply(messages.refused("", no.reason, *self._sentence(no)))
        log.info("malformed frame in %s: %s", self.desk.code, error)
