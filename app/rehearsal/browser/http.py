"""A person's browser as far as HTTP goes: pages, forms and cookies, on plain sockets."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlencode, urlsplit

TRIES = 200
PAUSE = 0.15
"""Seconds between two tries while the server is away."""
NOT_YET, FORBIDDEN = 5, 403
NOT_NOW = 'id="pass"'
"""Stands on the page of a guest whose pass is not good."""
SECONDS = 60
"""How long an answer may take."""
AT_ONCE = 32
"""Requests under way at a time, so that a thousand people who arrive together leave each other a door."""


class Unexpected(Exception):
    """An answer that a browser could do nothing with. The text says which."""


class Outside(Unexpected):
    """Somebody is not let in now, and the page says when they are or were: they may look again."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. ``location`` is where it sends the browser, "" if nowhere."""

    status: int
    text: str
    location: str = ""


@dataclass(frozen=True)
class Place:
    """Where the servers are, and the door that everybody goes through."""

    host: str
    ports: tuple[int, ...]
    door: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    turns: Iterator[int] = field(default_factory=count)

    def port(self) -> int:
        """The port of one of them, each in its turn: so proxies do it, and nobody stays with one."""
        return self.ports[next(self.turns) % len(self.ports)]


@dataclass
class Browser:
    """Cookies by name, sent to one place."""

    place: Place
    cookies: dict[str, str] = field(default_factory=dict)
    language: str = "en"

    async def open(self, path: str) -> str:
        """The page at a path, redirects followed. Tries again while the server is away, and for a moment where it may
        not be seen: another page of the same person may just be bringing the cookie of a new role. Raises Outside
        and Unexpected."""
        for _ in range(NOT_YET):
            answer = await self._insist("GET", path)
            while answer.location:
                path = urlsplit(answer.location).path
                answer = await self._insist("GET", path)
            if answer.status != FORBIDDEN or NOT_NOW in answer.text:
                break
            await asyncio.sleep(PAUSE)
        if answer.status == FORBIDDEN and NOT_NOW in answer.text:
            raise Outside(path)
        if answer.status != 200:
            raise Unexpected(f"{path} answered {answer.status}")
        return answer.text

    async def send(self, path: str, fields: dict[str, str]) -> str:
        """Send a form once; the path it leads to. Raises Unexpected unless it leads somewhere, and OSError."""
        answer = await self._ask("POST", path, urlencode(fields))
        if not answer.location:
            raise Unexpected(f"the form of {path} was answered with {answer.status}")
        return urlsplit(answer.location).path

    async def _insist(self, method: str, path: str) -> Answer:
        for _ in range(TRIES):
            try:
                return await self._ask(method, path)
            except (OSError, asyncio.IncompleteReadError, ValueError):
                await asyncio.sleep(PAUSE)
        raise Unexpected(f"{path} did not answer")

    async def _ask(self, method: str, path: str, body: str = "") -> Answer:
        async with self.place.door, asyncio.timeout(SECONDS):
            port = self.place.port()
            reader, writer = await asyncio.open_connection(self.place.host, port)
            try:
                writer.write(self._request(port, method, path, body))
                await writer.drain()
                return self._read(await reader.read(-1))
            finally:
                writer.close()

    def _request(self, port: int, method: str, path: str, body: str) -> bytes:
        head = {
            "host": f"{self.place.host}:{port}",
            "connection": "close",
            "accept-language": self.language,
            "cookie": self.cookie_header,
        }
        if method == "POST":
            head |= {"content-type": "application/x-www-form-urlencoded", "content-length": str(len(body))}
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items() if value)]
        return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()

    @property
    def cookie_header(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def _read(self, raw: bytes) -> Answer:
        head, separator, body = raw.partition(b"\r\n\r\n")
        if not separator:
            raise OSError("the connection was cut")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = [
            (name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)
        ]
        self._keep_cookies(value for name, value in headers if name == "set-cookie")
        expected = next((int(value) for name, value in headers if name == "content-length"), len(body))
        if len(body) < expected:
            raise OSError("the answer was cut")
        location = next((value for name, value in headers if name == "location"), "")
        return Answer(int(first.split()[1]), body.decode(), location)

    def _keep_cookies(self, headers: Iterable[str]) -> None:
        for cookie in headers:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
