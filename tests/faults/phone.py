"""A phone without a browser: it keeps what is not acknowledged, resumes from its last seq, and can hold a page."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import time
from contextlib import suppress
from itertools import count
from typing import Any

from tests.faults.line import OFFER, Line, handshake
from tests.faults.web import Web
from tests.support.dom import Page
from tests.support.patience import within

SEQ = re.compile(r'hx-swap="upsert seq:(\d+)"')
PAGE_SEQ = re.compile(r'data-seq="(\d+)"')
PERSON = re.compile(r'data-person="([^"]+)"')
SMALL_SEGMENTS = 536
"""Bytes of a segment for a phone that takes little: with those of the loopback the server's kernel holds 2.6 MB."""
TOO_OFTEN = 429
LATER = ("not_stored", "busy")
"""Refusals of what is worth sending again."""
SOON = 30.0
"""Real seconds within which a server that runs has answered."""


class Phone:
    """One person's browser on a session. Addresses may change (a proxy in between); the person stays."""

    def __init__(self, port: int, code: str, cookie: str, view: str = "phone") -> None:
        self.port, self.code, self.cookie, self.view = port, code, cookie, view
        self.person = ""
        self.line: Line | None = None
        self.seq = 0
        self.page: Page | None = None
        self.outbox: dict[str, str] = {}
        """Frames by command id, until the server has answered for them."""
        self.acked: dict[str, int] = {}
        self.refused: dict[str, str] = {}
        self.codes: list[int] = []
        """Close codes of the lines that have ended."""
        self.faults: list[str] = []
        """What the server should not have said."""
        self.reloads = 0
        self.beats = 0
        self.last_heard = 0.0
        """When anything came last, in seconds of the monotonic clock."""
        self.heard_at: list[tuple[int, float]] | None = None
        """If it is a list: the seq of each push, and when it came (real seconds)."""
        self.patience = 0.0
        """Seconds after which it sends again what the server could not store, as a page does; 0: never."""
        self._ids = count(1)
        self._news = asyncio.Event()

    # ---- the page

    @property
    def path(self) -> str:
        return f"/s/{self.code}" + ("" if self.view == "phone" else f"/{self.view}")

    async def fetch(self) -> str:
        """The page as the server draws it now; who asks too often is told to wait, and does."""
        async with Web(self.port) as web:
            answer = await web.get(self.path, self.cookie)
            while answer.status == TOO_OFTEN:
                await asyncio.sleep(float(dict(answer.headers)["retry-after"]))
                answer = await web.get(self.path, self.cookie)
        assert answer.status == 200, f"{self.path}: {answer.status}"
        return answer.text

    async def load(self, keep: bool = True) -> None:
        """Open the page: from now on it lives from what is pushed, if it is kept."""
        source = await self.fetch()
        self.person = found(PERSON, source)
        self.seq = int(found(PAGE_SEQ, source))
        self.page = Page(source) if keep else None

    async def differs(self) -> str:
        """Where the page that lived differs from the page that is loaded now; "" if they are one. The room is quiet."""
        assert self.page is not None
        lived, loaded = self.page.text(), Page(await self.fetch()).text()
        return "" if lived == loaded else difference(lived, loaded)

    # ---- the socket

    async def connect(self, port: int = 0, resume: bool = True, room: int = 0) -> None:
        """Open the socket, say where the page stands, and send what was never answered.

        ``room`` is how many bytes the network may hold for it, if not as many as usual.
        """
        self.hang_up()
        loop = asyncio.get_running_loop()
        way = await _way_to(port or self.port, room)
        _, self.line = await loop.create_connection(lambda: Line(self._hear, self._end), sock=way)
        self.line.raw(
            handshake(f"/s/{self.code}/live?view={self.view}", f"127.0.0.1:{self.port}", self.cookie, OFFER)
        )
        try:
            await within(self.line.opened, SOON)
        except BaseException:
            self.line.abort()  # nothing was said on it, so nothing may wait for its answers
            raise
        if resume:
            self.resume()
            self.send_again()

    async def connect_somehow(self, port: int = 0, pause: float = 0.05) -> None:
        """As ``connect``, as often as it takes."""
        async with asyncio.timeout(SOON * 2):
            while True:
                with suppress(Exception):
                    await self.connect(port)
                    return
                await asyncio.sleep(pause)

    def resume(self) -> None:
        assert self.line is not None
        self.line.say(json.dumps({"command": "resume", "seq": str(self.seq)}))

    def send_again(self) -> None:
        """What was never answered, with the ids it had."""
        assert self.line is not None
        for frame in list(self.outbox.values()):
            self.line.say(frame)

    def give(self, command: str, phase: str = "", named: str = "", **fields: Any) -> str:
        """Put a command into the outbox, and send it if there is a line; its id."""
        name = named or f"{self.person[-6:]}-{next(self._ids)}"
        self.outbox[name] = json.dumps({"command": command, "id": name, "phase": phase, **fields})
        if self.connected:
            assert self.line is not None
            self.line.say(self.outbox[name])
        return name

    async def say(self, command: str, phase: str = "", **fields: Any) -> int | str:
        """Give a command and wait for its answer: the seq, or why not."""
        name = self.give(command, phase, **fields)
        await self.until(lambda: name not in self.outbox)
        return self.acked.get(name, self.refused.get(name, ""))

    @property
    def connected(self) -> bool:
        return self.line is not None and not self.line.code

    def hang_up(self) -> None:
        """Be gone without a word."""
        if self.line is not None and not self.line.code:
            self.line.abort()

    async def leave(self) -> None:
        self.hang_up()
        if self.line is not None:
            await self.line.closed.wait()

    async def until(self, there: Any, seconds: float = SOON) -> None:
        """Wait until something is true that a frame can make true. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while not there():
                self._news.clear()
                await self._news.wait()

    # ---- what is heard

    def _end(self, code: int) -> None:
        self.codes.append(code)
        self._news.set()

    def _hear(self, frame: str) -> None:
        self.last_heard = time.monotonic()
        if frame.startswith("{"):
            self._told(json.loads(frame))
        else:
            self._pushed(frame)
        self._news.set()

    def _told(self, told: dict[str, Any]) -> None:
        if "ack" in told:
            name, seq = told["ack"], told["seq"]
            if self.acked.setdefault(name, seq) != seq:
                self.faults.append(f"{name} was acknowledged as {self.acked[name]} and as {seq}")
            self.outbox.pop(name, None)
        elif "refused" in told and self.patience and told["reason"] in LATER:
            asyncio.get_running_loop().call_later(self.patience, self._once_more, told["refused"])
        elif "refused" in told:
            self.refused[told["refused"]] = told["reason"]
            self.outbox.pop(told["refused"], None)
        elif "beat" in told:
            self.beats += 1
        elif "reload" in told:
            self.reloads += 1

    def _once_more(self, name: str) -> None:
        if self.connected and self.line is not None and name in self.outbox:
            self.line.say(self.outbox[name])

    def _pushed(self, frame: str) -> None:
        if self.page is not None:
            self.page.apply(frame)
        if head := SEQ.search(frame, 0, 120):
            seq = int(head[1])
            if seq < self.seq:
                self.faults.append(f"a push of {seq} came after {self.seq}")
            self.seq = seq
            if self.heard_at is not None:
                self.heard_at.append((seq, time.monotonic()))


async def _way_to(port: int, room: int) -> socket.socket:
    way = socket.socket()
    way.setblocking(False)
    if room:
        way.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
        way.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SMALL_SEGMENTS)
    try:
        await asyncio.get_running_loop().sock_connect(way, ("127.0.0.1", port))
    except BaseException:
        way.close()
        raise
    return way


def found(pattern: re.Pattern[str], source: str) -> str:
    match = pattern.search(source)
    assert match is not None, f"no {pattern.pattern} in {source[:300]}"
    return match[1]


def difference(lived: str, loaded: str) -> str:
    """Where two pages part, in few words."""
    pairs = enumerate(zip(lived, loaded, strict=False))
    at = next((i for i, (a, b) in pairs if a != b), min(len(lived), len(loaded)))
    return f"lived …{lived[max(0, at - 60) : at + 60]}…, loaded …{loaded[max(0, at - 60) : at + 60]}…"
