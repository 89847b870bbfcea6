"""The server of a rehearsal: a process of its own, that may be killed and started again."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, Protocol

from app.address import NOTE, any_port
from app.clock import RaceClock
from app.settings import ROOT

START_SECONDS = 60.0
STOP_SECONDS = 10.0
LOG = "server.log"


class NoServer(Exception):
    """The server did not come up; the text says what it wrote last."""


class Victim(NamedTuple):
    """What may fall in the middle of a race, and how: it is back when that returns."""

    name: str
    fall: Callable[[], Awaitable[None]]


class Service(Protocol):
    """One server or several, that people come to."""

    data: Path
    url: str
    host: str
    ports: tuple[int, ...]
    clock: RaceClock

    async def start(self) -> float: ...

    async def stop(self) -> None: ...

    @property
    def victims(self) -> Sequence[Victim]: ...


class Server:
    """``python -m app serve`` on a data folder, or on the PostgreSQL at ``url``.

    Race time is wall time now, and runs at ``rate`` from here on.
    """

    def __init__(
        self, data: Path, rate: float, host: str = "127.0.0.1", port: int = 0, url: str = ""
    ) -> None:
        self.data, self.host, self.url = data, host, url
        self.port = port or any_port(host)
        self.ports: tuple[int, ...] = (self.port,)
        self.clock = RaceClock(time.time(), rate)
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> float:
        """Start it and wait until it answers; the seconds that took. Raises NoServer."""
        began = time.perf_counter()
        command = [sys.executable, "-m", "app", "serve", "--host", self.host, "--port", str(self.port)]
        self.data.mkdir(parents=True, exist_ok=True)
        (self.data / NOTE).unlink(missing_ok=True)
        with (self.data / LOG).open("ab") as log:
            self._process = subprocess.Popen(  # noqa: ASYNC220 - returns at once
                [*command, "--data", str(self.data)],
                cwd=ROOT,
                env={**os.environ, **self._environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        while not await self._serves():
            if self._process.poll() is not None or time.perf_counter() - began > START_SECONDS:
                raise NoServer(f"The server did not start. It said: {self.last_words()}")
            await asyncio.sleep(0.05)
        return time.perf_counter() - began

    @property
    def _environment(self) -> dict[str, str]:
        """Servers on one PostgreSQL have data folders beside each other, and one folder of keys."""
        shared = {"RACE_KEYS": str(self.data.resolve().parent / "keys")} if self.url else {}
        return {
            **shared,
            "RACE_CLOCK_ORIGIN": repr(self.clock.origin),
            "RACE_CLOCK_RATE": repr(self.clock.rate),
            "RACE_DATABASE_URL": self.url,
        }

    async def _serves(self) -> bool:
        """Whether it is this server, and no other, that answers: it leaves a note when it listens."""
        return (self.data / NOTE).exists() and await self._answers()

    async def _answers(self) -> bool:
        with suppress(OSError):
            reader, writer = await asyncio.open_connection(self.host, self.port)
            writer.write(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            answer = await reader.read(64)
            writer.close()
            return b" 200 " in answer
        return False

    async def kill(self) -> None:
        """SIGKILL: it gets no chance to finish anything."""
        if self._process is not None:
            self._process.kill()
            await asyncio.to_thread(self._process.wait)

    async def fall(self) -> None:
        """Kill it, and start it again."""
        await self.kill()
        await self.start()

    @property
    def victims(self) -> Sequence[Victim]:
        return [Victim("server", self.fall)]

    async def stop(self) -> None:
        """Ask it to stop, and insist if it does not."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            await asyncio.to_thread(self._process.wait, STOP_SECONDS)
        except subprocess.TimeoutExpired:
            await self.kill()

    def last_words(self) -> str:
        """The end of what it wrote."""
        with suppress(OSError):
            return (self.data / LOG).read_text("utf-8", "replace").strip()[-600:]
        return ""
