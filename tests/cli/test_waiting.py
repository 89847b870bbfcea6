"""The server that waits: a signal stops it at once, and between two ticks it does nothing."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvicorn

from app.cli.waiting import WaitingServer
from tests.support.patience import SOON, until, within


class Counting(WaitingServer):
    """Knows how often it has looked whether it should stop."""

    looks = 0

    async def on_tick(self, counter: int) -> bool:
        self.looks += 1
        return await super().on_tick(counter)


@asynccontextmanager
async def served() -> AsyncIterator[tuple[Counting, asyncio.Task[None]]]:
    """A server in a thread of its own, where uvicorn leaves the signals of the process alone."""
    server = Counting(uvicorn.Config(_nothing, port=0, lifespan="off", log_config=None))
    serving = asyncio.create_task(asyncio.to_thread(asyncio.run, server.serve()))
    while not server.looks:
        await asyncio.sleep(0.01)
    try:
        yield server, serving
    finally:
        server.should_exit = True
        await serving


async def _nothing(scope: object, receive: object, send: object) -> None:
    """An application that nobody asks."""


async def test_a_signal_is_not_kept_waiting_for_the_next_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.cli.waiting.TICK_SECONDS", 2 * SOON)
    async with served() as (server, serving):
        await asyncio.sleep(0.3)  # many a tick as uvicorn has them
        assert (server.looks, serving.done()) == (1, False)
        server.handle_exit(signal.SIGTERM, None)
        await within(asyncio.shield(serving), SOON)


async def test_what_else_wants_it_to_stop_is_seen_at_the_next_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.cli.waiting.TICK_SECONDS", 0.1)
    async with served() as (server, serving):
        server.should_exit = True
        await within(asyncio.shield(serving), SOON)
    assert server.looks >= 2


async def test_a_signal_before_it_has_begun_is_not_forgotten() -> None:
    server = Counting(uvicorn.Config(_nothing, port=0, lifespan="off", log_config=None))
    server.handle_exit(signal.SIGTERM, None)
    await within(asyncio.to_thread(asyncio.run, server.serve()), SOON)
    assert server.looks == 0


async def test_the_date_of_answers_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.cli.waiting.TICK_SECONDS", 0.1)
    async with served() as (server, _):
        first = dict(server.server_state.default_headers)[b"date"]
        await until(lambda: dict(server.server_state.default_headers)[b"date"] != first)
        assert dict(server.server_state.default_headers)[b"date"].endswith(b" GMT")
