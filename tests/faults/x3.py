"""Other sites open sockets and send forms with a visitor's own cookies."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.faults.finding import SMALL, Finding
from tests.faults.line import Line, Shut, handshake
from tests.faults.phone import Phone
from tests.faults.venue import CARDS, Venue, begun, venue
from tests.faults.web import Web
from tests.support.patience import within

CHECKED = (
    "403 (400 where it is no request at all) before the socket is accepted, and before a form is read; nothing reaches "
    "the log, nobody joins or leaves; our own pages, and clients that are no browser, are let through with a cookie"
)
BROKEN = ("open_house",)
PROVED = BROKEN

TIMES = {SMALL: 1}


def hostile(host: str) -> Iterator[tuple[str, ...]]:
    """Headers that no page of ours sends."""
    name, _, port = host.partition(":")
    for origin in (
        "https://evil.example",
        "null",
        "",
        "http://",
        host,
        f"http://{host}.evil.example",
        f"http://evil{host}",
        f"http://{host}@evil.example",
        f"http://a.{host}",
        f"http://{name}",
        f"http://{name}:{int(port) + 1}",
        f"http://{host}/",
        f"http://{host}, https://evil.example",
        "file://",
        "chrome-extension://abcdefgh",
        "http://[::1",
    ):
        yield (f"Origin: {origin}",)
    for site in ("cross-site", "same-site", "nonsense"):
        yield (f"Sec-Fetch-Site: {site}",)
        yield (f"Origin: http://{host}", f"Sec-Fetch-Site: {site}")
    yield (f"Origin: http://{host}", "Origin: https://evil.example")
    yield ("Origin: https://evil.example", f"Origin: http://{host}")


def ours(host: str) -> Iterator[tuple[str, ...]]:
    """Headers of our own pages, and of what is no browser."""
    yield (f"Origin: http://{host}",)
    yield (f"Origin: http://{host}", "Sec-Fetch-Site: same-origin")
    yield ()


async def run(dose: str, folder: Path, broken: str = "") -> Finding:
    finding = Finding()
    async with venue(folder, broken) as held:
        await begun(held)
        (phone,) = await held.people(1)
        await phone.load(keep=False)
        held.arm()
        for _ in range(TIMES.get(dose, 100)):
            await Attack(held, phone, finding).all()
    return finding


class Attack:
    """One visitor's browser, led astray."""

    def __init__(self, held: Venue, phone: Phone, finding: Finding) -> None:
        self.held, self.phone, self.finding = held, phone, finding
        self.host = f"127.0.0.1:{held.port}"

    async def all(self) -> None:
        before = self.held.log()[-1].seq
        for headers in hostile(self.host):
            told = await self._opens(self.phone.cookie, headers)
            self._expect(" 403 " in told or " 400 " in told, headers, f"a socket: {told}")
            for path, fields in self._forms():
                answer = await self._send(path, fields, headers)
                self._expect(answer == 403, headers, f"{path}: {answer}")
        came = [f"{entry.kind} by {entry.actor}" for entry in self.held.log(before)]
        self.finding.check(not came, f"this reached the log: {came}")
        await self._ours_are_let_through()

    def _forms(self) -> list[tuple[str, dict[str, str]]]:
        path = f"/s/{self.held.code}"
        card = {"command": "add_card", "phase": CARDS, "text": "From another site"}
        return [
            (f"{path}/do?view=phone", card),
            (f"{path}/leave?view=phone", {}),
            (f"{path}/join", {"name": "Eve"}),
            ("/join", {"code": self.held.code}),
            (f"/enter/{self.held.tokens['facilitator'][-1]}", {"name": "Eve"}),
        ]

    async def _ours_are_let_through(self) -> None:
        """Else it would be no wonder that nobody came in."""
        for headers in ours(self.host):
            told = await self._opens(self.phone.cookie, headers)
            self._expect(told == "open", headers, f"our own socket: {told}")
            told = await self._opens("", headers)
            self._expect(told == "1008", headers, f"a socket without a cookie: {told}")
        card = {"command": "add_card", "phase": CARDS, "text": f"Our own {self.finding.injected}"}
        answer = await self._send(f"/s/{self.held.code}/do?view=phone", card, next(ours(self.host)))
        self._expect(answer == 303, (), f"our own form: {answer}")

    def _expect(self, holds: bool, headers: Sequence[str], otherwise: str) -> None:
        self.finding.injected += 1
        self.finding.check(holds, f"{' and '.join(headers) or 'no header'}: {otherwise}")

    async def _opens(self, cookie: str, headers: Sequence[str]) -> str:
        """``open``, the answer's first line, or the code with which the socket was closed at once."""
        loop = asyncio.get_running_loop()
        _, line = await loop.create_connection(lambda: Line(lambda frame: None), "127.0.0.1", self.held.port)
        try:
            line.raw(handshake(f"/s/{self.held.code}/live?view=phone", self.host, cookie, *headers))
            await within(line.opened, 10)
            await within(line.closed.wait(), 0.2)
            return str(line.code)
        except Shut as shut:
            return str(shut)
        except TimeoutError:
            return "open"
        finally:
            line.abort()

    async def _send(self, path: str, fields: dict[str, str], headers: Sequence[str]) -> int:
        async with Web(self.held.port) as web:
            return (await web.post(path, fields, self.phone.cookie, *headers)).status
