"""One open page: loaded over HTTP, kept up over a WebSocket, which comes back by itself whatever happens."""

from __future__ import annotations

import asyncio
import json
import random
import time
from contextlib import suppress
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from app.rehearsal.browser import Browser
from app.rehearsal.outbox import Outbox
from app.rehearsal.sheet import Sheet

JITTER = (0.1, 0.6)
"""Seconds before a lost connection is tried again, drawn for each try."""
STAY_AWAY = 1008
OPEN_SECONDS = 20


class Line:
    """The page of one view, and the outbox that sends over its socket."""

    def __init__(self, browser: Browser, code: str, view: str, outbox: Outbox, chance: random.Random) -> None:
        self.browser, self.code, self.view, self.outbox, self.chance = browser, code, view, outbox, chance
        self.sheet = Sheet()
        self.changed = asyncio.Event()
        """Set when the page or an answer has come; whoever looks clears it."""
        self.on = asyncio.Event()
        """Clear while the phone is switched off."""
        self.on.set()
        self.connections = 0
        self.sent_away = False
        self._socket: ClientConnection | None = None

    @property
    def path(self) -> str:
        return f"/s/{self.code}" + ("" if self.view == "phone" else f"/{self.view}")

    async def load(self) -> None:
        """Load the page anew."""
        self.sheet.load(await self.browser.open(self.path))
        self.changed.set()

    async def run(self) -> None:
        """Stay connected until cancelled, or sent away."""
        await self.load()
        while not self.sent_away:
            await self.on.wait()
            with suppress(OSError, WebSocketException, TimeoutError):
                await self._talk()
            await asyncio.sleep(self.chance.uniform(*JITTER))

    @property
    def connected(self) -> bool:
        return self._socket is not None

    async def switch_off(self) -> None:
        """Hang up, and stay away until ``on`` is set."""
        self.on.clear()
        if self._socket is not None:
            await self._socket.close(1001)

    async def _talk(self) -> None:
        place = self.browser.place
        async with place.door:
            socket = await connect(
                f"ws://{place.host}:{place.port}/s/{self.code}/live?view={self.view}",
                additional_headers={"Cookie": self.browser.cookie_header},
                compression=None,
                max_size=None,
                open_timeout=OPEN_SECONDS,
            )
        async with socket:
            self._socket, self.connections = socket, self.connections + 1
            sender = asyncio.create_task(self._send(socket))
            try:
                await self._listen(socket)
            finally:
                self._socket = None
                sender.cancel()
        self.sent_away = socket.close_code == STAY_AWAY

    async def _send(self, socket: ClientConnection) -> None:
        """Say where the page stands, then whatever waits, each once on this connection."""
        since = time.perf_counter()
        epoch = self.sheet.body.get("data-epoch", "")
        await socket.send(json.dumps({"command": "resume", "seq": str(self.sheet.seq), "epoch": epoch}))
        while True:
            self.outbox.more.clear()
            for sent in self.outbox.due(since):
                sent.last_at, sent.times = time.perf_counter(), sent.times + 1
                await socket.send(sent.frame)
            await self.outbox.more.wait()

    async def _listen(self, socket: ClientConnection) -> None:
        async for text in socket:
            if isinstance(text, str) and text.startswith("{"):
                if self._hear(json.loads(text)):
                    await self.load()
                    return
            elif isinstance(text, str):
                self.sheet.apply(text)
                self.changed.set()

    def _hear(self, said: dict[str, Any]) -> bool:
        """Take in an answer or a sign of life; whether the page has to be loaded anew."""
        if "ack" in said:
            self.outbox.acked(str(said["ack"]), int(said["seq"]))
        elif "refused" in said:
            self.outbox.refused(str(said["refused"]), str(said.get("reason", "")))
        elif "beat" in said:
            self.outbox.more.set()
            return False
        self.changed.set()
        return bool(said.get("reload"))
