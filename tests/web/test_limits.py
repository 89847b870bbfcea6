"""How long and how much a request may talk before it is understood, and how long its answer waits to be read."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from app.telemetry.metrics import tally
from app.web import limits, unread
from app.web.limits import MAX_HEAD
from app.web.room import room
from tests.live.test_socket import ROOM
from tests.support.house import House, house
from tests.support.patience import SOON, until, within

Wire = tuple[asyncio.StreamReader, asyncio.StreamWriter]
FORM = (
    b"POST /join HTTP/1.1\r\nHost: localhost\r\nContent-Length: 40\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n"
)
HEAD = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"


@asynccontextmanager
async def wire(home: House) -> AsyncIterator[Wire]:
    port = int(home.url.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def answer(reader: asyncio.StreamReader) -> bytes:
    """What comes until the server hangs up."""
    with suppress(ConnectionError):
        return await within(reader.read(-1), SOON)
    return b""


async def test_a_request_in_pieces_is_understood(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home, wire(home) as (reader, writer):
        for piece in (HEAD[:9], HEAD[9:], b"Connection: close\r\n", b"\r\n"):
            writer.write(piece)
            await asyncio.sleep(0.02)
        assert (await answer(reader)).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (b"", b""),
        (HEAD, b"HTTP/1.1 408"),
        (FORM + b"\r\ncode=", b"HTTP/1.1 408"),
    ],
    ids=["nothing", "half a head", "half a body"],
)
async def test_who_does_not_come_to_the_point_is_hung_up_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: bytes, told: bytes
) -> None:
    monkeypatch.setattr(limits, "REQUEST_SECONDS", 0.3)
    async with house(tmp_path, ROOM) as home, wire(home) as (reader, writer):
        writer.write(said)
        heard = asyncio.create_task(answer(reader))
        with suppress(ConnectionError):
            while not heard.done():  # a header each moment, for ever
                if said == HEAD:
                    writer.write(b"X: y\r\n")
                await asyncio.sleep(0.05)
        assert (await heard)[: len(told) or 1] == told


async def test_a_further_request_on_the_same_connection_has_its_own_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "REQUEST_SECONDS", 0.4)
    async with house(tmp_path, ROOM) as home, wire(home) as (reader, writer), wire(home) as (idle, _):
        too_late, asked = asyncio.create_task(answer(idle)), 0
        while not too_late.done():
            asked += 1
            writer.write(HEAD + b"\r\n")
            assert (await reader.readuntil(b"}")).startswith(b"HTTP/1.1 200")
            await asyncio.sleep(0.02)
        assert asked > 1
        writer.write(HEAD)
        assert (await answer(reader)).startswith(b"HTTP/1.1 408")


@pytest.mark.parametrize("shape", ["one long line", "many lines", "a line without an end", "a long address"])
async def test_a_head_that_is_too_large_is_refused_before_it_fills_the_memory(
    tmp_path: Path, shape: str
) -> None:
    large = b"x" * (MAX_HEAD + 10)
    heads = {
        "one long line": HEAD + b"X: " + large + b"\r\n\r\n",
        "many lines": HEAD + b"X: y\r\n" * MAX_HEAD,
        "a line without an end": HEAD + b"X: " + large * 20,
        "a long address": b"GET /" + large + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    }
    async with house(tmp_path, ROOM) as home, wire(home) as (reader, writer):
        writer.write(heads[shape])
        told = await answer(reader)
        assert told == b"" or told.startswith(b"HTTP/1.1 431"), told
        async with wire(home) as (other, another):
            another.write(HEAD + b"Connection: close\r\n\r\n")
            assert (await answer(other)).startswith(b"HTTP/1.1 200")


async def test_what_is_no_request_is_told_so(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home, wire(home) as (reader, writer):
        writer.write(b"\x16\x03\x01 hello\r\n\r\n")
        assert (await answer(reader)).startswith(b"HTTP/1.1 400")


async def test_a_socket_is_not_hung_up_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "REQUEST_SECONDS", 0.3)
    async with house(tmp_path, ROOM) as home:
        aino = await home.guest("Aino")
        async with wire(home) as (idle, _):
            assert await answer(idle) == b""
        assert "ack" in await aino.say("choose_language", language="fi")


# ---- who asks and never reads


@asynccontextmanager
async def deaf(home: House, asks: int = 300) -> AsyncIterator[socket.socket]:
    """A client with hardly any room, which asks again and again and reads nothing."""
    way = socket.socket()
    way.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    way.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
    way.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(way, ("127.0.0.1", int(home.url.rpartition(":")[2])))
    asked = asyncio.create_task(
        loop.sock_sendall(way, b"GET /static/race.js HTTP/1.1\r\nHost: l\r\n\r\n" * asks)
    )
    try:
        yield way
    finally:
        asked.cancel()
        with suppress(asyncio.CancelledError, OSError):
            await asked
        way.close()


async def test_who_asks_and_never_reads_is_let_go_and_who_reads_slowly_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unread, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(unread, "TAKE_SECONDS", 0.6)
    async with house(tmp_path, ROOM) as home, deaf(home), deaf(home) as slow:
        loop, let_go = asyncio.get_running_loop(), tally.turned_away["takes_nothing"]
        await until(lambda: len(home.server.server_state.connections) == 2)
        began, read = loop.time(), 0
        while tally.turned_away["takes_nothing"] == let_go or loop.time() - began < 2:
            read += len(await within(loop.sock_recv(slow, 65536), SOON))
            await asyncio.sleep(0.01)
        assert read > 100_000
        await until(lambda: len(home.server.server_state.connections) == 1)
        assert tally.turned_away["takes_nothing"] == let_go + 1


async def test_nobody_may_take_for_ever_what_was_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unread, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(unread, "RESPONSE_SECONDS", 0.5)
    async with house(tmp_path, ROOM) as home, deaf(home) as slow:
        let_go = tally.turned_away["takes_nothing"]
        with suppress(ConnectionError):
            while await within(asyncio.get_running_loop().sock_recv(slow, 2048), SOON):
                await asyncio.sleep(0.01)
        await until(lambda: not home.server.server_state.connections)
        assert tally.turned_away["takes_nothing"] > let_go


async def test_where_there_is_no_room_who_takes_nothing_makes_way_and_then_who_was_idle_longest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with (
        house(tmp_path, ROOM) as home,
        wire(home) as (idle, _),
        wire(home) as (busy, asking),
        deaf(home),
    ):
        await until(lambda: any(v.takes_nothing for v in room._visits))
        monkeypatch.setattr(room, "most", 3)
        async with wire(home) as (fourth, fourth_asks):
            fourth_asks.write(HEAD + b"\r\n")
            assert (await fourth.readuntil(b"}")).startswith(b"HTTP/1.1 200")
            asking.write(HEAD + b"\r\n")
            assert (await busy.readuntil(b"}")).startswith(b"HTTP/1.1 200")
            assert not idle.at_eof(), "the one that took nothing went first"
            async with wire(home) as (fifth, fifth_asks):
                fifth_asks.write(HEAD + b"\r\n")
                assert (await fifth.readuntil(b"}")).startswith(b"HTTP/1.1 200")
                assert await answer(idle) == b"", "and then the one that has asked for nothing"
                asking.write(HEAD + b"\r\n")
                assert (await busy.readuntil(b"}")).startswith(b"HTTP/1.1 200")


async def test_sockets_leave_room_for_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with house(tmp_path, ROOM) as home:
        aino, bo = await home.guest("Aino"), await home.guest("Bo", live=False)
        monkeypatch.setattr(room, "most", 2)
        with pytest.raises(InvalidStatus) as refusal:
            await bo.connect()
        assert refusal.value.response.status_code == 503
        assert "data-person" in await bo.page()
        assert "ack" in await aino.say("choose_language", language="fi")
        monkeypatch.setattr(room, "most", 30)
        await bo.connect()
