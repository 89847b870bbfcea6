"""One open page: loaded over HTTP, kept up over a WebSocket, which comes back by itself whatever happens."""

from __future__ import annotations

import asyncio
import json
import random
import time
from contextlib import suppress
from typing import Any

from app.rehearsal.browser.handshake import connect
from app.rehearsal.browser.http import Browser, Outside, Unexpected
from app.rehearsal.browser.outbox import Outbox
from app.rehearsal.browser.page import Page
from app.rehearsal.browser.websocket import Socket

JITTER = (0.1, 0.6)
"""Seconds before a lost connection is tried again, drawn for each try."""
LOOK_AGAIN = (0.3, 0.6)
"""The same for who is outside, whose page looks again by itself."""
STAY_AWAY = 1008
OPEN_SECONDS = 20


class LivePage:
    """The page of one view, kept up, and the outbox that sends over its socket."""

    def __init__(
        self,
        browser: Browser,
        code: str,
        view: str,
        outbox: Outbox,
        chance: random.Random,
        page: Page | None = None,
    ) -> None:
        self.browser, self.code, self.view, self.outbox, self.chance = browser, code, view, outbox, chance
        self.page = page or Page()
        self.changed = asyncio.Event()
        """Set when the page or an answer has come; whoever looks clears it."""
        self.on = asyncio.Event()
        """Clear while the phone is switched off."""
        self.on.set()
        self.connections = 0
        self.sent_away = False
        self.outside = False
        """Whether the page only says that a pass is not good now."""
        self._socket: Socket | None = None
        self._stale = False

    @property
    def path(self) -> str:
        return f"/s/{self.code}" + ("" if self.view == "phone" else f"/{self.view}")

    async def load(self) -> None:
        """Load the page anew; while somebody is outside, again and again until they are let in."""
        html = await self._look()
        while self.outside:
            await asyncio.sleep(self.chance.uniform(*LOOK_AGAIN))
            html = await self._look()
        self.page.load(html)
        self.changed.set()

    async def _look(self) -> str:
        try:
            html = await self.browser.open(self.path)
        except Outside:
            self.outside = True
            self.outbox.give_up()
            return ""
        self.outside = False
        return html

    async def run(self) -> None:
        """Stay connected until cancelled, or sent away."""
        await self.load()
        while not self.sent_away:
            await self.on.wait()
            with suppress(OSError, TimeoutError):
                await self._talk()
            await asyncio.sleep(self.chance.uniform(*JITTER))

    @property
    def connected(self) -> bool:
        return self._socket is not None

    async def switch_off(self) -> None:
        """Hang up, and stay away until ``on`` is set."""
        self.on.clear()
        if self._socket is not None:
            self._socket.close(1001)

    async def _talk(self) -> None:
        place = self.browser.place
        path = f"/s/{self.code}/live?view={self.view}"
        async with place.door:
            socket = await connect(
                place.host, place.port(), path, self.browser.cookie_header, self._hear, OPEN_SECONDS
            )
        self._socket, self.connections, self._stale = socket, self.connections + 1, False
        sender = asyncio.create_task(self._send(socket))
        try:
            code = await socket.ended
            # A page that is to be loaded anew may come back.
            self.sent_away = code == STAY_AWAY and not self._stale and not await self._is_outside()
        finally:
            self._socket = None
            sender.cancel()
            socket.hang_up()
        if self._stale or self.outside:
            await self.load()

    async def _is_outside(self) -> bool:
        """Whether whoever was sent away may come back, as a guest whose pass is not good now."""
        with suppress(Unexpected):
            await self._look()
        return self.outside

    async def _send(self, socket: Socket) -> None:
        """Say where the page stands, then whatever waits, each once on this connection."""
        since = time.perf_counter()
        epoch = self.page.body.get("data-epoch", "")
        socket.send(json.dumps({"command": "resume", "seq": str(self.page.seq), "epoch": epoch}))
        while True:
            self.outbox.more.clear()
            for sent in self.outbox.due(since):
                sent.last_at, sent.times = time.perf_counter(), sent.times + 1
                socket.send(sent.frame)
            await self.outbox.more.wait()

    def _hear(self, text: str) -> None:
        """Take in what the server says: a part of the page, or a word to this person."""
        if not text.startswith("{"):
            self.page.apply(text)
            self.changed.set()
        elif self._note(json.loads(text)) and self._socket is not None:
            self._stale = True
            self._socket.close(1000)

    def _note(self, message: dict[str, Any]) -> bool:
        """Take in an answer or a sign of life; whether the page has to be loaded anew."""
        if "ack" in message:
            self.outbox.acked(str(message["ack"]), int(message["seq"]))
        elif "refused" in message:
            self.outbox.refused(str(message["refused"]), str(message.get("reason", "")))
        elif "beat" in message:
            self.outbox.more.set()
            return False
        self.changed.set()
        return bool(message.get("reload"))
