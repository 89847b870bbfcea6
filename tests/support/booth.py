"""A real server with the smallest of applications, and far ends that speak to it byte by byte."""

from __future__ import annotations

import asyncio
import base64
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import uvicorn
from websockets.utils import apply_mask

from app.wire.protocol import RaceProtocol
from app.wire.socket_transport import SocketTransport
from app.wire.transport import EXTENSION
from tests.support.patience import SOON, until, within

KEY = b"\x37\xfa\x21\x3d"
TEXT, BINARY, CONTINUED, CLOSE, PING, PONG = 0x81, 0x82, 0x80, 0x88, 0x89, 0x8A
DEFLATED, FIN = 0x40, 0x80


def masked(first: int, payload: bytes, form: int = 0) -> bytes:
    """A browser's frame. ``form`` is 126 or 127 to tell the length in more bytes than it takes."""
    size = len(payload)
    form = form or (127 if size > 65535 else 126 if size > 125 else size)
    length = size.to_bytes({126: 2, 127: 8}[form], "big") if form > 125 else b""
    return bytes((first, 0x80 | form)) + length + KEY + apply_mask(payload, KEY)


def deflated(text: bytes, level: int = 1, final: bool = False) -> bytes:
    """A browser's whole deflated message, before it is masked; ``final``: its last block says that it is the last,
    as RFC 7692 allows."""
    squeeze = zlib.compressobj(level, zlib.DEFLATED, -15)
    if final:
        return squeeze.compress(text) + squeeze.flush() + b"\0"
    return (squeeze.compress(text) + squeeze.flush(zlib.Z_SYNC_FLUSH))[:-4]


class Caller:
    """One socket as the application has it: its transport, what came by it, and uvicorn's side of it."""

    def __init__(self, transport: SocketTransport, protocol: RaceProtocol) -> None:
        self.transport, self.protocol = transport, protocol
        self.received: list[str] = []
        self.listens = False
        self.drained = self.recalled = 0
        self.code: int | None = None

    def listen(self) -> None:
        self.transport.listen(self._receive, self._count, self._recall)
        self.listens = True

    def _receive(self, text: str | bytes) -> None:
        self.received.append(text if isinstance(text, str) else text.decode())

    def _count(self) -> None:
        self.drained += 1

    def _recall(self) -> None:
        self.recalled += 1


class Booth:
    """The application: it lets everybody in, listens, and keeps what is said."""

    def __init__(self) -> None:
        self.callers: list[Caller] = []
        self.server: uvicorn.Server
        self.let_in = asyncio.Event()
        self.let_in.set()
        self.listening = asyncio.Event()
        self.listening.set()

    @property
    def port(self) -> int:
        port: int = self.server.servers[0].sockets[0].getsockname()[1]
        return port

    @property
    def protocols(self) -> list[RaceProtocol]:
        """Uvicorn's side of every open socket."""
        return [known for known in self.server.server_state.connections if isinstance(known, RaceProtocol)]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        transport = scope["extensions"][EXTENSION]
        caller = Caller(transport, next(known for known in self.protocols if known.offered is transport))
        self.callers.append(caller)
        await receive()
        await self.let_in.wait()
        await send({"type": "websocket.accept"})
        await self.listening.wait()
        caller.listen()
        while (message := await receive())["type"] == "websocket.receive":
            caller.received.append(message["text"])
        caller.code = message["code"]

    async def caller(self, number: int = -1) -> Caller:
        """Somebody who is listened to."""
        await until(lambda: len(self.callers) > max(number, 0) and self.callers[number].listens)
        return self.callers[number]


class FarEnd:
    """A browser, or what says that it is one."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def send(self, *frames: bytes) -> None:
        self.writer.write(b"".join(frames))

    async def head(self) -> str:
        """The server's answer to the request."""
        return (await within(self.reader.readuntil(b"\r\n\r\n"), SOON)).decode()

    async def frame(self) -> tuple[int, bytes]:
        """The first byte and the payload of the next frame."""
        async with asyncio.timeout(SOON):
            first, length = await self.reader.readexactly(2)
            if length > 125:
                length = int.from_bytes(await self.reader.readexactly(2 if length == 126 else 8), "big")
            return first, await self.reader.readexactly(length)

    async def closed(self) -> int:
        """The code with which the server says goodbye; what it says before is passed over."""
        while True:
            first, payload = await self.frame()
            if first == CLOSE:
                return int.from_bytes(payload[:2], "big")

    async def rest(self) -> bytes:
        """Everything until the end of the connection."""
        return await within(self.reader.read(), SOON)


@asynccontextmanager
async def booth(**config: Any) -> AsyncIterator[Booth]:
    """A server on a free port, until the block ends."""
    app = Booth()
    settings = {"ws_max_size": 65536, "ws": RaceProtocol, "lifespan": "off", "log_config": None, **config}
    app.server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", **settings))
    serving = asyncio.create_task(app.server.serve())
    await until(lambda: app.server.started)
    try:
        yield app
    finally:
        app.server.should_exit = True
        await serving


@asynccontextmanager
async def far_end(booth: Booth, extensions: str = "", room: int = 2**16) -> AsyncIterator[FarEnd]:
    """A connection on which the handshake has been asked for. ``room``: bytes that are read ahead."""
    reader, writer = await asyncio.open_connection("127.0.0.1", booth.port, limit=room)
    key = base64.b64encode(bytes(16)).decode()
    offer = f"Sec-WebSocket-Extensions: {extensions}\r\n" if extensions else ""
    writer.write(
        f"GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Key: {key}\r\n{offer}\r\n".encode()
    )
    far = FarEnd(reader, writer)
    try:
        yield far
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
