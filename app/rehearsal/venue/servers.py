"""Several servers on one PostgreSQL, which are one to whoever comes: nobody stays with one of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

from app.rehearsal.venue.postgres import Postgres
from app.rehearsal.venue.server import Server, Victim


class Ensemble:
    """``processes`` servers; ``postgres`` is what keeps everything, if it may be made to crash."""

    def __init__(self, data: Path, rate: float, processes: int, url: str, postgres: Postgres | None) -> None:
        self.data, self.url, self._postgres = data, url, postgres
        self.servers = [Server(data / f"process-{n}", rate, url=url) for n in range(1, processes + 1)]
        self.clock = self.servers[0].clock
        for server in self.servers:
            server.clock = self.clock
        self.host, self.ports = self.servers[0].host, tuple(server.port for server in self.servers)

    async def start(self) -> float:
        """Start all of them and wait until they answer; the seconds that took. Raises NoServer."""
        began = time.perf_counter()
        await asyncio.gather(*(server.start() for server in self.servers))
        return time.perf_counter() - began

    async def stop(self) -> None:
        """Ask them to stop, and insist if one does not."""
        await asyncio.gather(*(server.stop() for server in self.servers))

    @property
    def victims(self) -> Sequence[Victim]:
        processes = [Victim(f"process {n}", s.fall) for n, s in enumerate(self.servers, 1)]
        if self._postgres is None:
            return processes
        return [processes[0], Victim("PostgreSQL", self._crash), *processes[1:]]

    async def _crash(self) -> None:
        """Every connection of every process breaks; PostgreSQL recovers from its log, and they come back to it."""
        assert self._postgres is not None
        await asyncio.to_thread(self._postgres.stop_hard)
        await asyncio.to_thread(self._postgres.start)
