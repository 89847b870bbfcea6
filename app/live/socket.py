"""One browser's socket: what it says becomes commands, what the session does becomes frames."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from app.live import wire
from app.live.desk import Desk, new_seed
from app.live.fanout import MAX_WAITING, Outlet, PutOut, TooSlow
from app.live.render import scopes_for
from app.live.views import focused, language_of, may_see
from app.live.visitors import Visitor, visitor
from sessions.messages import Refused, refuse

log = logging.getLogger(__name__)

NOT_ALLOWED, TOO_SLOW, TOO_BIG = 1008, 1013, 1009
MAX_MALFORMED = 20
"""Frames that are not commands before a socket is closed."""


async def live(websocket: WebSocket) -> None:
    """``WS /s/{code}/live?view=…``. The sender is who the cookie says, never who the frame says."""
    desks = websocket.app.state.desks
    desk: Desk | None = await desks.get(websocket.path_params["code"])
    view = websocket.query_params.get("view", "phone")
    who = await visitor(websocket, view) if desk is not None else None
    if desk is None or who is None or not may_see(desk.session, who.person, view):
        await websocket.accept()
        await websocket.close(NOT_ALLOWED)
        return
    await websocket.accept()
    shown = focused(view, websocket.query_params.get("phase", ""))
    await Conversation(websocket, desk, who, shown, websocket.app.state.settings.beat_seconds).run()


class Conversation:
    """A socket from its first frame to its last."""

    def __init__(
        self, websocket: WebSocket, desk: Desk, who: Visitor, view: str, beat_seconds: float
    ) -> None:
        self.websocket, self.desk, self.who, self.beat_seconds = websocket, desk, who, beat_seconds
        session = desk.session
        scopes = scopes_for(view, session.scopes(who.person))
        language = language_of(session, who.person, view)
        self.outlet = Outlet(view, who.person, language, scopes, websocket.send_text)
        self.malformed = 0

    async def run(self) -> None:
        """Listen, tell and beat until one of them ends."""
        self.desk.fanout.outlets.add(self.outlet)
        tasks = [
            asyncio.create_task(self._listen()),
            asyncio.create_task(self.desk.fanout.run(self.outlet, self.desk.settled)),
            asyncio.create_task(self._beat()),
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            await self._part(done)
        finally:
            self.desk.fanout.outlets.discard(self.outlet)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self.desk.presence_changed()

    async def _part(self, done: set[asyncio.Task[None]]) -> None:
        """Say why the socket is closed, where it is us who close it."""
        for task in done:
            error = task.exception()
            if isinstance(error, TooSlow):
                await self._close(TOO_SLOW)
            elif isinstance(error, PutOut):
                await self._close(NOT_ALLOWED)
            elif isinstance(error, _Unwanted):
                await self._close(error.code)
            elif error is not None and not isinstance(error, WebSocketDisconnect | RuntimeError | OSError):
                log.error("a socket of %s failed", self.desk.code, exc_info=error)
                await self._close(1011)

    async def _close(self, code: int) -> None:
        with suppress(RuntimeError, WebSocketDisconnect):
            await self.websocket.close(code)

    async def _beat(self) -> None:
        number = 0
        while True:
            await asyncio.sleep(self.beat_seconds)
            number += 1
            self.outlet.put(wire.beat(number, self.desk.now()))

    async def _listen(self) -> None:
        self.desk.presence_changed()
        while True:
            try:
                await self._hear(await self._next_text())
            except wire.Malformed as error:
                self._scold(error)

    async def _next_text(self) -> str:
        if len(self.outlet.waiting) > MAX_WAITING:
            raise TooSlow
        try:
            return await self.websocket.receive_text()
        except KeyError:
            raise wire.Malformed("not a text frame") from None

    async def _hear(self, text: str) -> None:
        if len(text) > wire.MAX_FRAME:
            raise _Unwanted(TOO_BIG)
        data = wire.parse(text)
        if data.get("command") == "resume":
            await self._resume(data)
            return
        command = wire.command_from(data, new_seed())
        told = await self.desk.submit(command, self.who.person)
        self.outlet.put(self._answer(command.id, told))

    def _answer(self, command_id: str, told: int | Refused) -> str:
        if isinstance(told, int):
            return wire.ack(command_id, told)
        return wire.refused(command_id, told.reason, self.desk.sentence(told, self.outlet.language))

    async def _resume(self, data: dict[str, Any]) -> None:
        """The page says where it stands; it gets what it missed, or is told to load itself anew."""
        seq, epoch = wire.seq_from(data.get("seq")), str(data.get("epoch", self.desk.hall.epoch))
        async with self.desk.settled:
            if epoch != self.desk.hall.epoch or not self.desk.fanout.can_resume(self.who.person, seq):
                self.outlet.put(wire.RELOAD)
                return
            self.outlet.cursor = seq
            self.outlet.put(*self.desk.fanout.frames(self.outlet))

    def _scold(self, error: wire.Malformed) -> None:
        """A frame that is no command is answered, a few times."""
        self.malformed += 1
        if self.malformed > MAX_MALFORMED:
            raise _Unwanted(NOT_ALLOWED)
        no = refuse("malformed", "The server did not understand this. Reload the page.")
        self.outlet.put(wire.refused("", no.reason, self.desk.sentence(no, self.outlet.language)))
        log.info("malformed frame in %s: %s", self.desk.code, error)


class _Unwanted(Exception):
    """We close the socket, with this code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code
