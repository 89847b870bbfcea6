"""A socket over our own protocol and over uvicorn's ordinary one: the application is the same by either road."""

from __future__ import annotations

import asyncio
import logging
from asyncio import Protocol
from pathlib import Path
from typing import Any

import pytest
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import ConnectionClosed

from app.audience.connection import Connection
from app.live.socket import MAX_MALFORMED
from app.web.visitors import Visitor, visitor
from app.wire import protocol, transport
from app.wire.protocol import RaceProtocol
from app.wire.socket_transport import SocketTransport
from app.wire.transport import PlainTransport
from tests.live.test_socket import ROOM
from tests.support.house import Guest, House, house
from tests.support.patience import until

LINES: dict[type[Protocol], type] = {RaceProtocol: SocketTransport, WebSocketsSansIOProtocol: PlainTransport}
"""What the application writes to by each road."""


@pytest.fixture(params=[*LINES], ids=["short", "plain"])
def road(request: pytest.FixtureRequest) -> type[Protocol]:
    chosen: type[Protocol] = request.param
    return chosen


async def connections(home: House) -> list[Connection]:
    return (await home.desk()).fanout.connections.all


async def test_commands_are_answered_and_what_they_lead_to_is_told(
    tmp_path: Path, road: type[Protocol]
) -> None:
    async with house(tmp_path, ROOM, road) as home:
        kim, aino = await home.staff(), await home.guest("Aino")
        assert {type(known.transport) for known in await connections(home)} == {LINES[road]}
        told = await kim.say("announce", text="Soup is ready", named="x1")
        assert told == {"ack": "x1", "seq": (await home.desk()).session.seq}
        assert await kim.say("announce", text="Soup is ready", named="x1") == told
        assert "Soup is ready" in await aino.hears("Soup is ready")
        assert (await aino.say("announce", text="Hei"))["reason"] == "not_allowed"


async def test_who_was_away_gets_what_was_missed(tmp_path: Path, road: type[Protocol]) -> None:
    async with house(tmp_path, ROOM, road) as home:
        kim, aino = await home.staff(), await home.guest("Aino", live=False)
        await kim.say("announce", text="Before")
        seq = (await home.desk()).session.seq
        await kim.say("announce", text="After")
        await aino.connect(seq)
        assert "Before" not in await aino.hears("After")


async def test_what_is_no_command_is_answered_and_too_much_of_it_ends_the_socket(
    tmp_path: Path, road: type[Protocol]
) -> None:
    async with house(tmp_path, ROOM, road) as home:
        aino = await home.guest("Aino")
        assert aino.socket is not None
        for bad in ["[]", b"\x00", "{", ["in ", "pieces"]] * MAX_MALFORMED:
            await aino.socket.send(bad)  # type: ignore[arg-type]  # the last is a message of several frames
        answers = [str(await aino.socket.recv()) for _ in range(MAX_MALFORMED)]
        assert [answer for answer in answers if "malformed" not in answer] == []
        await aino.socket.wait_closed()
        assert aino.socket.close_code == 1008


async def test_a_removed_person_is_put_out_with_a_last_word(tmp_path: Path, road: type[Protocol]) -> None:
    async with house(tmp_path, ROOM, road) as home:
        kim, aino = await home.staff(), await home.guest("Aino")
        person = next(m.id for m in (await home.desk()).session.people.values() if m.role == "participant")
        await kim.say("remove_person", person=person)
        with pytest.raises(ConnectionClosed):
            await aino.hears("never said")
        assert aino.socket is not None
        assert (aino.heard[-1], aino.socket.close_code) == ('{"reload":true}', 1008)
        await until_alone(home, kim)


async def test_who_takes_nothing_is_let_go(
    tmp_path: Path, road: type[Protocol], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (transport, protocol):
        monkeypatch.setattr(module, "PATIENCE", 0.2)
    async with house(tmp_path, ROOM, road) as home:
        kim, aino = await home.staff(), await home.guest("Aino")
        assert aino.socket is not None
        aino.socket.transport.pause_reading()
        connection = (await connections(home))[-1]
        while not connection.transport.full:
            connection.transport.reply(b"x" * 65536)
            await asyncio.sleep(0)
        connection.transport.close(1013)
        await until_alone(home, kim)
        assert "ack" in await kim.say("announce", text="Soup")
        aino.socket.transport.abort()  # it reads nothing, so it would wait for a goodbye


async def test_whoever_leaves_while_being_let_in_costs_nothing(
    tmp_path: Path,
    road: type[Protocol],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    looking, looked = 0, list[int]()

    async def slow_visitor(*asked: Any) -> Visitor | None:
        nonlocal looking
        looking += 1
        await asyncio.sleep(0.05)
        try:
            return await visitor(*asked)
        finally:
            looked.append(1)

    async with house(tmp_path, ROOM, road) as home:
        kim, aino = await home.staff(), await home.guest("Aino", live=False)
        monkeypatch.setattr("app.live.socket.visitor", slow_visitor)
        for number, seconds in enumerate((0.0, 0.02, 0.04, 0.06, 0.08, 0.09, 0.1, 0.11)):
            await knock_and_leave(home, aino, seconds)
            await until(lambda number=number: looking > number)  # type: ignore[misc]
            await until(lambda number=number: len(looked) > number)  # type: ignore[misc]
        await until_alone(home, kim)
        assert "ack" in await kim.say("announce", text="Soup")
    assert [record.message for record in caplog.records if record.levelno >= logging.WARNING] == []


async def knock_and_leave(home: House, guest: Guest, pause: float) -> None:
    """Ask for a socket, and be gone a moment later."""
    port = home.server.servers[0].sockets[0].getsockname()[1]
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        f"GET /s/{home.code}/live?view=phone HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {guest.cookies}\r\n"
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
    )
    await asyncio.sleep(pause)
    writer.transport.abort()


async def until_alone(home: House, guest: Guest) -> None:
    """Wait until nobody else's socket is open."""
    known = (await home.desk()).fanout.connections
    await until(lambda: len(known) == 1)
    assert guest.socket is not None
