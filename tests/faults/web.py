"""Plain HTTP on one connection that stays open: as little as it takes to join and to look at pages, quickly."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from types import TracebackType
from urllib.parse import urlencode


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def cookies(self) -> str:
        """The cookies it sets, as a browser would send them back."""
        return "; ".join(value.partition(";")[0] for name, value in self.headers if name == "set-cookie")


class Web:
    """``async with Web(port) as web: await web.get(…)``."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def __aenter__(self) -> Web:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.transport.abort()
        await asyncio.sleep(0)  # the loop takes note of it

    async def get(self, path: str, cookie: str = "", *headers: str) -> Answer:
        return await self._ask("GET", path, cookie, b"", *headers)

    async def post(self, path: str, fields: dict[str, str], cookie: str = "", *headers: str) -> Answer:
        form = urlencode(fields).encode()
        typed = "Content-Type: application/x-www-form-urlencoded"
        return await self._ask("POST", path, cookie, form, typed, f"Content-Length: {len(form)}", *headers)

    async def _ask(self, method: str, path: str, cookie: str, body: bytes, *headers: str) -> Answer:
        known = [f"Cookie: {cookie}"] if cookie else []
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", *known, *headers, "", ""]
        self._writer.write("\r\n".join(lines).encode() + body)
        return await self._answer()

    async def _answer(self) -> Answer:
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        pairs = [line.partition(":") for line in head[1:] if line]
        headers = [(name.lower(), value.strip()) for name, _, value in pairs]
        return Answer(int(head[0].split()[1]), headers, await self._body(dict(headers)))

    async def _body(self, headers: dict[str, str]) -> bytes:
        if "content-length" in headers:
            return await self._reader.readexactly(int(headers["content-length"]))
        body = b""
        while headers.get("transfer-encoding") == "chunked":
            size = int(await self._reader.readline(), 16)
            body += await self._reader.readexactly(size)
            await self._reader.readline()
            if not size:
                break
        return body
