"""A real server in the test's own process, and people who come to it over real HTTP and real sockets."""

from __future__ import annotations

import asyncio
import json
import ssl
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

import httpx2 as httpx
import uvicorn
import websockets
from starlette.applications import Starlette
from websockets.asyncio.client import ClientConnection

from app.database import open_database
from app.live.desk import Desk
from app.live.house import LiveHouse
from app.main import create_app
from app.planning.create_session import Plan, create_session
from app.settings import Settings
from app.web.limits import Intake
from app.wire import deflate
from app.wire.protocol import RaceProtocol
from tests.support.patience import SOON, within
from tests.support.stage import race48

NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""All people come over plain HTTP: to read whom the machine trusts takes as long, for each, as to serve them a page."""


def http_client(url: str, **more: Any) -> httpx.AsyncClient:
    """A browser as far as plain HTTP goes; it waits for an answer as long as a busy machine takes."""
    return httpx.AsyncClient(base_url=url, verify=NO_CERTIFICATES, timeout=SOON, **more)


class Guest:
    """Somebody with a browser's cookies and, if they open it, a socket."""

    def __init__(self, house: House, view: str) -> None:
        self.house, self.view = house, view
        self.http = http_client(house.url)
        self.ids = count(1)
        self.socket: ClientConnection | None = None
        self.heard: list[str] = []

    @property
    def cookies(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.http.cookies.items())

    async def page(self, view: str = "") -> str:
        """A page of the session that must open."""
        path = {"phone": "", "": ""}.get(view or self.view, f"/{view or self.view}")
        answer = await self.http.get(f"/s/{self.house.code}{path}")
        assert answer.status_code == 200, answer.text
        return answer.text

    async def connect(self, seq: int = 0, **headers: str) -> ClientConnection:
        """Open the socket of the view, and resume from a seq."""
        address = f"{self.house.url.replace('http', 'ws')}/s/{self.house.code}/live?view={self.view}"
        self.socket = await websockets.connect(
            address, additional_headers={"Cookie": self.cookies, **headers}, open_timeout=SOON
        )
        await self.socket.send(json.dumps({"command": "resume", "seq": str(seq)}))
        return self.socket

    async def say(self, command: str, phase: str = "", named: str = "", **fields: Any) -> dict[str, Any]:
        """Send a command over the socket; its answer (what else is heard on the way goes to ``heard``)."""
        name = named or f"c{next(self.ids)}"
        assert self.socket is not None
        await self.socket.send(json.dumps({"command": command, "id": name, "phase": phase, **fields}))
        return await self.answer(name)

    async def answer(self, name: str) -> dict[str, Any]:
        """The acknowledgement or refusal of a command."""
        assert self.socket is not None
        while True:
            frame = str(await within(self.socket.recv(), SOON))
            if frame.startswith("{"):
                told: dict[str, Any] = json.loads(frame)
                if name in (told.get("ack"), told.get("refused")):
                    return told
            self.heard.append(frame)

    async def hears(self, words: str) -> str:
        """The first frame that holds these words."""
        for frame in self.heard:
            if words in frame:
                return frame
        assert self.socket is not None
        while True:
            frame = str(await within(self.socket.recv(), SOON))
            self.heard.append(frame)
            if words in frame:
                return frame

    async def post(self, command: str, phase: str = "", **fields: Any) -> httpx.Response:
        """The same as a plain form, without script."""
        body = {"command": command, "phase": phase, **fields}
        return await self.http.post(f"/s/{self.house.code}/do?view={self.view}", data=body)

    async def leave(self) -> None:
        with suppress(Exception):
            if self.socket is not None:
                await self.socket.close()
        await self.http.aclose()


class House:
    """A running server with one session in it."""

    def __init__(self, app: Starlette, server: uvicorn.Server, data: Path) -> None:
        self.app, self.server, self.data = app, server, data
        port = server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.code = ""
        self.tokens: dict[str, list[str]] = {}
        self.guests: list[Guest] = []

    @property
    def inside(self) -> LiveHouse:
        """What the server is made of."""
        inside: LiveHouse = self.app.state.house
        return inside

    async def begin(self, format_data: Mapping[str, Any] | None = None, language: str = "en") -> None:
        """Found a session, with a few links for each role of the staff."""
        roles = ["facilitator", "facilitator", "screen"]
        database = open_database(self.data, self.inside.settings.database_url)
        founded = await create_session(
            database, Plan(format_data or race48(), time.time(), language=language), roles
        )
        await database.close()
        self.code = founded.code
        for role, token in zip(roles, founded.tokens, strict=True):
            self.tokens.setdefault(role, []).append(token)

    async def desk(self) -> Desk:
        desk = await self.inside.desks.get(self.code)
        assert desk is not None
        return desk

    async def guest(
        self, name: str, language: str = "en", organisation: str = "", live: bool = True
    ) -> Guest:
        """Somebody joins from a phone."""
        guest = Guest(self, "phone")
        self.guests.append(guest)
        told = {"name": name, "language": language, "organisation": organisation}
        answer = await guest.http.post(f"/s/{self.code}/join", data=told)
        assert answer.status_code == 303, answer.text
        if live:
            await guest.connect((await self.desk()).session.seq)
        return guest

    async def staff(self, role: str = "facilitator", live: bool = True) -> Guest:
        """Somebody opens a staff link: the console, or the projector."""
        guest = Guest(self, "screen" if role == "screen" else "console")
        self.guests.append(guest)
        answer = await guest.http.post(f"/enter/{self.tokens[role].pop()}", data={"name": role.capitalize()})
        assert answer.status_code == 303, answer.text
        if live:
            await guest.connect((await self.desk()).session.seq)
        return guest


@asynccontextmanager
async def house(
    data: Path,
    format_data: Mapping[str, Any] | None = None,
    ws: type[asyncio.Protocol] = RaceProtocol,
    **settings: Any,
) -> AsyncIterator[House]:
    """A server on a free port, with a session, until the block ends. ``ws`` is how it speaks over sockets."""
    app = create_app(Settings(data=data, **settings))
    config = uvicorn.Config(
        app,
        port=0,
        http=Intake,
        ws=ws,
        log_config=None,
        log_level="warning",
        ws_max_size=65536,
        ws_per_message_deflate=deflate.ON,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    running = House(app, server, data)
    running.inside.settings.base_url = running.url
    await running.begin(format_data)
    try:
        yield running
    finally:
        for guest in running.guests:
            await guest.leave()
        server.should_exit = True
        await serving
