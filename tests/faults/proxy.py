"""A way to the server that can be abused: bytes are held back, frames swallowed, connections cut, links black-holed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.faults.line import frame_at, reset
from tests.support.patience import stopped

Swallow = Callable[[bytes], bool]


@dataclass(eq=False)
class Pipe:
    """One connection through the proxy: a budget of bytes each way, after which it is cut."""

    up: int = 1 << 60
    down: int = 1 << 60
    swallows: Swallow | None = None
    """Which of the server's frames never arrive."""
    swallowed: int = 0
    spoken: float = field(default_factory=time.monotonic)
    """When the last byte went either way."""
    passed_up: int = 0
    passed_down: int = 0


class Proxy:
    """Listens on a port of its own. ``pipe`` makes the rules for the next connection."""

    def __init__(self, port: int) -> None:
        self.server_port, self.port = port, 0
        self.pipe: Callable[[], Pipe] = Pipe
        self.pipes: list[Pipe] = []
        self.idle_seconds = 0.0
        """A connection that is silent for so long is cut; 0 for never."""
        self.cuts = 0
        self.holed = asyncio.Event()
        """While it is set nothing passes, and nobody is told."""
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._joined, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        await stopped(*self._tasks)

    async def _joined(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._carry(reader, writer)
        except (asyncio.CancelledError, OSError):
            return
        finally:
            _break(writer)
            self._tasks.discard(task)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        pipe = self.pipe()
        self.pipes.append(pipe)
        there, back = await asyncio.open_connection("127.0.0.1", self.server_port)
        ways = [
            asyncio.create_task(self._up(pipe, reader, back)),
            asyncio.create_task(self._down(pipe, there, writer)),
            asyncio.create_task(self._watch(pipe)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            _break(back)
            await stopped(*ways)

    async def _watch(self, pipe: Pipe) -> None:
        """Cut what has been silent for too long."""
        while not self.idle_seconds or time.monotonic() - pipe.spoken < self.idle_seconds:
            await asyncio.sleep(0.05)
        self.cuts += 1

    async def _up(self, pipe: Pipe, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await source.read(65536):
            await self._not_holed()
            pipe.spoken = time.monotonic()
            sink.write(data[: pipe.up - pipe.passed_up])
            pipe.passed_up = min(pipe.up, pipe.passed_up + len(data))
            await sink.drain()
            if pipe.passed_up >= pipe.up:
                await asyncio.sleep(0.002)  # what was let through arrives before the cut
                return

    async def _down(self, pipe: Pipe, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        rest = b""
        if pipe.swallows is not None:
            head = await source.readuntil(b"\r\n\r\n")
            sink.write(head)
        while data := await source.read(65536):
            await self._not_holed()
            pipe.spoken = time.monotonic()
            if pipe.swallows is not None:
                data, rest = chewed(pipe, rest + data)
            sink.write(data[: pipe.down - pipe.passed_down])
            pipe.passed_down = min(pipe.down, pipe.passed_down + len(data))
            await sink.drain()
            if pipe.passed_down >= pipe.down:
                await asyncio.sleep(0.002)
                return

    async def _not_holed(self) -> None:
        """Whoever sends into a hole hears nothing, for ever: this connection will never speak again."""
        if self.holed.is_set():
            await asyncio.Event().wait()


def _break(end: asyncio.StreamWriter) -> None:
    assert isinstance(end.transport, asyncio.Transport)
    reset(end.transport)


def chewed(pipe: Pipe, data: bytes) -> tuple[bytes, bytes]:
    """The frames that are let through, and the beginning of one that is not all there yet."""
    assert pipe.swallows is not None
    kept, at = b"", 0
    while (found := frame_at(data, at)) is not None:
        _, begin, end = found
        if pipe.swallows(data[begin:end]):
            pipe.swallowed += 1
        else:
            kept += data[at:end]
        at = end
    return kept, data[at:]


@asynccontextmanager
async def proxy(port: int) -> AsyncIterator[Proxy]:
    """A proxy before a server, until the block ends."""
    made = Proxy(port)
    await made.open()
    try:
        yield made
    finally:
        await made.close()
