"""Clients ask and never read, more of them than the server may have connections; others make up views and seqs."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from pathlib import Path

from tests.faults.finding import SMALL, Finding
from tests.faults.line import Line, Shut, handshake
from tests.faults.phone import SMALL_SEGMENTS, Phone
from tests.faults.venue import Venue, begun
from tests.faults.web import Web
from tests.support.patience import within

CHECKED = (
    "while they hang /healthz answers, who is in is answered and others come in; views that there are not open "
    "nothing; however many seqs are asked for, memory stays bounded"
)
BROKEN = ("endless_patience", "any_view")
PROVED = BROKEN

DESCRIPTORS = 1_024
"""Connections and files that the server may have, as many systems have it."""
DEAF = {SMALL: 1_010}
"""Clients that ask and never read."""
ASKS = 8
"""Questions of each, for what is large: more than the network holds of the answers."""
SEQS = {SMALL: 150}
PEOPLE = {SMALL: 5}
SOON = 10.0
"""Real seconds within which the others are answered, on the busiest machine."""
MEMORY = 150.0
"""Megabytes by which the server may grow."""
NOWHERE = ("phone/a", "phone/P1", "mine/x", "team/", "screen/P2", "console/P9", "nonsense")


async def run(dose: str, folder: Path, broken: str = "") -> Finding:
    finding = Finding(broken=broken)
    limit = f"--nofile={DESCRIPTORS}:{DESCRIPTORS}"
    held = Venue(folder, broken, wrap=["prlimit", limit])
    await held.begin()
    try:
        await held.start()
        await Attack(held, finding, dose).all()
    finally:
        await held.kill()
    return finding


class Attack:
    """On a server with few descriptors."""

    def __init__(self, held: Venue, finding: Finding, dose: str) -> None:
        self.held, self.finding, self.dose = held, finding, dose
        self.ways: list[socket.socket] = []

    async def all(self) -> None:
        self.console = await begun(self.held)
        self.phones = await self.held.people(PEOPLE.get(self.dose, 50))
        for phone in self.phones:
            await phone.load(keep=False)
            await phone.connect()
        self.held.arm()
        before = self.held.memory()
        await self._make_up_views()
        await self._make_up_seqs()
        await self._hang()
        await self._others_go_on()
        grown = self.held.memory() - before
        self.finding.check(grown < MEMORY, f"the server grew by {grown:.0f} MB")
        self.finding.notes.append(f"the server grew by {grown:.0f} MB")
        for way in self.ways:
            way.close()
        for phone in [*self.phones, self.console]:
            await phone.leave()

    async def _make_up_views(self) -> None:
        for view in NOWHERE:
            self.finding.injected += 1
            for phone in (self.phones[0], self.console):
                told = await self._opens(phone, view)
                self.finding.check(told == "1008", f"a socket for {view} was told {told}")

    async def _opens(self, phone: Phone, view: str) -> str:
        loop = asyncio.get_running_loop()
        _, line = await loop.create_connection(lambda: Line(lambda frame: None), "127.0.0.1", phone.port)
        try:
            path = f"/s/{phone.code}/live?view={view}"
            line.raw(handshake(path, f"127.0.0.1:{phone.port}", phone.cookie))
            await within(line.opened, SOON)
            await within(line.closed.wait(), 1.0)
            return str(line.code)
        except Shut as shut:
            return str(shut)
        except TimeoutError:
            return "open"
        finally:
            line.abort()

    async def _make_up_seqs(self) -> None:
        """Everybody says at each seq in turn that they have seen no more than that."""
        for number in range(SEQS.get(self.dose, 2_200)):
            phone = self.phones[number % len(self.phones)]
            seq = phone.seq - number % max(1, phone.seq // 2)
            async with Web(self.held.port) as web:
                await web.get(f"/s/{phone.code}/since?seq={seq}&view=phone/{number}", phone.cookie)
                answer = await web.get(f"/s/{phone.code}/since?seq={seq}&view=phone", phone.cookie)
            self.finding.injected += 1
            self.finding.check(
                answer.status in (200, 204, 429), f"seq {seq} was answered with {answer.status}"
            )

    async def _hang(self) -> None:
        """As many as there may be connections, one after the other."""
        loop = asyncio.get_running_loop()
        asked = b"GET /static/race.js HTTP/1.1\r\nHost: x\r\n\r\n" * ASKS
        for _ in range(DEAF.get(self.dose, 5_000)):
            way = socket.socket()
            way.setblocking(False)
            way.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            way.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SMALL_SEGMENTS)
            self.ways.append(way)
            with suppress(OSError, TimeoutError):
                await within(loop.sock_connect(way, ("127.0.0.1", self.held.port)), SOON)
                way.send(asked)
            self.finding.injected += 1

    async def _others_go_on(self) -> None:
        status = await self._health()
        self.finding.check(status == 200, f"while they hang /healthz says {status}")
        for phone in self.phones:
            told = await self._says(phone)
            self.finding.check(isinstance(told, int), f"somebody was answered {told}")
        self.finding.check(await self._comes_in(), "somebody could not come in")

    async def _health(self) -> int:
        with suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
            async with asyncio.timeout(SOON), Web(self.held.port) as web:
                return (await web.get("/healthz")).status
        return 0

    async def _says(self, phone: Phone) -> int | str:
        try:
            return await within(phone.say("choose_language", language="sv"), SOON)
        except TimeoutError:
            return "nothing"

    async def _comes_in(self) -> bool:
        with suppress(OSError, TimeoutError, AssertionError, asyncio.IncompleteReadError):
            return bool(await within(self.held.people(1), SOON))
        return False
