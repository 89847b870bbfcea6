"""The simulated people's end of a WebSocket, against the real thing on the other."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from websockets.asyncio.server import ServerConnection, serve

from app.rehearsal.browser.handshake import connect
from app.rehearsal.browser.websocket import Socket
from app.wire import deflate
from tests.support.patience import SOON, within

LONG = "å" * 30_000


@pytest.fixture(params=[True, False], ids=["deflating", "plain"])
async def port(request: pytest.FixtureRequest) -> AsyncIterator[int]:
    """A server that says back what it hears, asks for a sign of life before, and goes when told to."""

    async def echo(socket: ServerConnection) -> None:
        async for words in socket:
            if words == "go":
                await socket.close(1008)
                return
            await (await socket.ping())
            await socket.send(words)
            await socket.send([str(words), "!"])

    extensions = [deflate.OFFER] if request.param else []
    async with serve(echo, "127.0.0.1", 0, extensions=extensions, compression=None) as server:
        yield server.sockets[0].getsockname()[1]


async def opened(port: int, heard: list[str], path: str = "/") -> Socket:
    return await connect("127.0.0.1", port, path, "a=b", heard.append, 5.0)


@pytest.mark.parametrize("words", ["", "hej", "å" * 63, "x" * 126, LONG])
async def test_what_is_sent_comes_back_whole_also_in_pieces(port: int, words: str) -> None:
    heard: list[str] = []
    socket = await opened(port, heard)
    socket.send(words)
    async with asyncio.timeout(5.0):
        while len(heard) < 2:
            await asyncio.sleep(0.01)
    assert heard == [words, words + "!"]
    socket.close(1000)
    await socket.ended


async def test_what_is_sent_is_deflated_if_the_server_agrees(
    port: int, request: pytest.FixtureRequest
) -> None:
    socket = await opened(port, [])
    assert socket.deflates is ("deflating" in request.node.name)
    socket.close(1000)
    await socket.ended


async def test_a_server_that_deflates_on_other_terms_is_left() -> None:
    async def silent(socket: ServerConnection) -> None:
        await socket.wait_closed()

    async with serve(silent, "127.0.0.1", 0) as server:  # with context takeover
        with pytest.raises(OSError, match="not opened"):
            await opened(server.sockets[0].getsockname()[1], [])


async def test_the_code_of_a_goodbye_is_told(port: int) -> None:
    socket = await opened(port, [])
    socket.send("go")
    assert await within(socket.ended, SOON) == 1008


async def test_a_connection_that_is_cut_says_so(port: int) -> None:
    socket = await opened(port, [])
    socket.hang_up()
    assert await within(socket.ended, SOON) == 1006


async def test_who_is_no_websocket_server_is_an_error() -> None:
    async def rude(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 403 Forbidden\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(rude, "127.0.0.1", 0)
    async with server:
        with pytest.raises(OSError, match="not opened"):
            await opened(server.sockets[0].getsockname()[1], [])
