"""What browsers deflate is heard as what they do not: the same texts, whichever way a frame takes and however it is
cut."""

from __future__ import annotations

import asyncio
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Sequence
from itertools import pairwise
from typing import cast

import pytest
import uvicorn
import websockets
from hypothesis import example, given, settings
from hypothesis import strategies as st
from uvicorn.server import ServerState
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

from app.wire import deflate
from app.wire.incoming import FrameReader
from app.wire.odd_frames import ODD
from app.wire.protocol import RaceProtocol
from tests.support.booth import (
    BINARY,
    CLOSE,
    CONTINUED,
    DEFLATED,
    FIN,
    PING,
    PONG,
    TEXT,
    Booth,
    Caller,
    FarEnd,
    booth,
    deflated,
    far_end,
    masked,
)
from tests.support.patience import until
from tests.wire.test_protocol import CHROMIUM, LARGEST, hears

pytestmark = pytest.mark.every_loop

SQUEEZED = TEXT | DEFLATED
SECOND = "Värme i hallen " * 20
"""A text with something to deflate, and letters of two bytes."""


def squeezed(text: str, level: int = 1) -> bytes:
    """A text as a browser sends it that deflates."""
    return masked(SQUEEZED, deflated(text.encode(), level))


@pytest.fixture
async def desk() -> AsyncIterator[Booth]:
    async with booth() as running:
        yield running


@pytest.fixture
async def far(desk: Booth) -> AsyncIterator[FarEnd]:
    """Somebody who deflates, has been let in and is listened to."""
    async with far_end(desk, CHROMIUM) as end:
        assert "permessage-deflate" in await end.head()
        await desk.caller()
        yield end


@pytest.fixture
async def caller(desk: Booth, far: FarEnd) -> Caller:
    return await desk.caller()


@pytest.fixture
def no_long_way(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on nothing is heard but by the short way."""
    monkeypatch.setattr(RaceProtocol, "take_long", lambda self, frames: None)


# ---- what is heard


async def test_a_deflated_frame_takes_the_short_way(caller: Caller, far: FarEnd, no_long_way: None) -> None:
    far.send(masked(BINARY, b"none of those that are heard now"), squeezed(SECOND), masked(TEXT, b"plain"))
    assert await hears(caller, SECOND, "plain")


@pytest.mark.parametrize("level", [0, 1, 6, 9])
@pytest.mark.parametrize("text", ["", "x", SECOND, "x" * 60_000, SECOND * 200])
async def test_a_deflated_text_is_heard_as_it_was_said(
    caller: Caller, far: FarEnd, text: str, level: int
) -> None:
    far.send(squeezed(text, level), masked(TEXT, b"next"))
    assert await hears(caller, text, "next")


async def test_a_deflated_message_whose_last_block_says_so_is_heard(caller: Caller, far: FarEnd) -> None:
    far.send(masked(SQUEEZED, deflated(SECOND.encode(), final=True)), squeezed("next"))
    assert await hears(caller, SECOND, "next")


async def test_a_message_of_a_client_that_is_not_ours_is_heard(desk: Booth) -> None:
    texts = [SECOND, "short", "", SECOND * 100, SECOND[::-1]]
    address = f"ws://127.0.0.1:{desk.port}/"
    async with websockets.connect(address, extensions=[ClientPerMessageDeflateFactory()]) as socket:
        caller = await desk.caller()
        for text in texts:
            await socket.send(text)
        assert await hears(caller, *texts)


async def test_plain_and_deflated_frames_may_follow_each_other(caller: Caller, far: FarEnd) -> None:
    far.send(masked(TEXT, b"a"), squeezed("b"), squeezed("c"), masked(TEXT, b"d"), squeezed("e"))
    assert await hears(caller, *"abcde")


async def test_control_frames_may_come_between_deflated_ones(caller: Caller, far: FarEnd) -> None:
    far.send(squeezed("a"), masked(PING, b"there?"), squeezed("b"), masked(PONG, b"word"), squeezed("c"))
    assert await far.frame() == (PONG, b"there?")
    assert await hears(caller, *"abc")


async def test_a_deflated_frame_is_heard_wherever_it_is_cut(caller: Caller, far: FarEnd) -> None:
    frame = squeezed("Värme")
    for cut in range(1, len(frame)):
        caller.received.clear()
        caller.protocol.data_received(frame[:cut])
        assert caller.received == []
        caller.protocol.data_received(frame[cut:])
        assert caller.received == ["Värme"]


def in_pieces(text: str, *cuts: int) -> list[bytes]:
    """One deflated message in several frames; only the first says that it is deflated."""
    payload = deflated(text.encode())
    ends = [0, *cuts, len(payload)]
    parts = [payload[start:end] for start, end in pairwise(ends)]
    firsts = [SQUEEZED & ~FIN, *[CONTINUED & ~FIN] * (len(parts) - 2), CONTINUED]
    return [masked(first, part) for first, part in zip(firsts, parts, strict=True)]


async def test_a_deflated_message_in_pieces_is_heard_and_so_is_what_is_around_it(
    caller: Caller, far: FarEnd
) -> None:
    first, *others = in_pieces(SECOND, 3, 17)
    far.send(squeezed("before"), first, masked(PING, b"there?"), *others, squeezed("after"))
    assert await far.frame() == (PONG, b"there?")
    assert await hears(caller, "before", SECOND, "after")


async def test_what_was_deflated_before_anybody_listened_is_heard_first(desk: Booth) -> None:
    desk.listening.clear()
    async with far_end(desk, CHROMIUM) as far:
        await far.head()
        far.send(squeezed("early"))
        await asyncio.sleep(0.05)
        desk.listening.set()
        caller = await desk.caller()
        far.send(squeezed("late"))
        assert await hears(caller, "early", "late")


async def test_nothing_is_kept_of_a_message_for_the_next_one(caller: Caller, far: FarEnd) -> None:
    """Who deflates with what came before has not agreed to it: what they mean cannot be known."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    payloads = [(squeeze.compress(SECOND.encode()) + squeeze.flush(zlib.Z_SYNC_FLUSH))[:-4] for _ in range(2)]
    assert len(payloads[1]) < len(payloads[0])
    far.send(*(masked(SQUEEZED, payload) for payload in payloads))
    assert await far.closed() == 1002
    assert caller.received == [SECOND]


# ---- what is refused


@pytest.mark.parametrize("size", [LARGEST + 1, 600 * 1024, 60_000_000])
async def test_what_inflates_to_more_than_is_allowed_ends_the_connection(
    caller: Caller, far: FarEnd, size: int
) -> None:
    bomb = deflated(bytes(size), 9)
    assert len(bomb) < LARGEST
    far.send(squeezed("good"), masked(SQUEEZED, bomb), squeezed("after"))
    assert await far.closed() == 1009
    await until(lambda: caller.code is not None)
    assert caller.received == ["good"]


@pytest.mark.parametrize("level", [1, 9])
async def test_what_inflates_to_just_as_much_as_is_allowed_is_heard(
    caller: Caller, far: FarEnd, level: int
) -> None:
    far.send(squeezed("x" * LARGEST, level), squeezed("next"))
    assert await hears(caller, "x" * LARGEST, "next")


def zeros(mebibytes: int) -> bytes:
    """A deflated message of so many mebibytes, of a thousandth of its size."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    return (squeeze.compress(bytes(1024 * 1024)) + squeeze.flush(zlib.Z_FULL_FLUSH)) * mebibytes


async def test_of_what_inflates_to_hundreds_of_mebibytes_the_head_is_enough(
    caller: Caller, far: FarEnd
) -> None:
    bomb = masked(SQUEEZED, zeros(600))
    assert LARGEST < len(bomb) < 1024 * 1024
    far.send(squeezed("good"), bomb[:20])
    assert await far.closed() == 1009
    assert caller.received == ["good"]


def test_a_bomb_costs_no_more_memory_than_a_message_of_the_allowed_size() -> None:
    bomb = zeros(600)[:LARGEST]
    assert len(zlib.decompressobj(-15).decompress(bomb)) > 60_000_000
    tracemalloc.start()
    try:
        assert deflate.inflate(bomb, 15, LARGEST) is None
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 10 * LARGEST


@pytest.mark.parametrize(
    "payload", [b"\x07", b"\xff" * 9, b"\xff" * 3000, b"\x00\x05\x00\x00\x00hello", b"\x06\x00\x00garbage"]
)
async def test_what_is_no_deflated_data_ends_the_connection(
    caller: Caller, far: FarEnd, payload: bytes
) -> None:
    far.send(squeezed("good"), masked(SQUEEZED, payload), squeezed("after"))
    assert await far.closed() == 1002
    await until(lambda: caller.code is not None)
    assert caller.received == ["good"]


async def test_a_deflated_message_in_the_middle_of_another_is_a_fault(caller: Caller, far: FarEnd) -> None:
    far.send(in_pieces(SECOND, 5)[0], squeezed("another"))
    assert await far.closed() == 1002
    assert caller.received == []


async def test_a_flood_of_pieces_of_deflated_messages_ends_the_connection(
    caller: Caller, far: FarEnd
) -> None:
    pieces = b"".join(in_pieces("x", 1))
    far.send(pieces * (ODD + 1))
    assert await far.closed() == 1008


async def test_where_deflating_was_not_agreed_on_a_deflated_frame_ends_the_connection(desk: Booth) -> None:
    async with far_end(desk) as far:
        await far.head()
        caller = await desk.caller()
        far.send(masked(TEXT, b"good"), squeezed("deflated"))
        assert await far.closed() == 1002
        assert caller.received == ["good"]


async def test_a_server_that_does_not_deflate_agrees_to_nothing() -> None:
    async with booth(ws_per_message_deflate=False) as desk, far_end(desk, CHROMIUM) as far:
        assert "deflate" not in await far.head()
        caller = await desk.caller()
        far.send(masked(TEXT, b"plain"))
        assert await hears(caller, "plain")
        assert not caller.transport.inflates


# ---- however it is cut, it is what uvicorn's own way makes of it


class Heard:
    """A protocol without a network, past its handshake: which texts it hands on, and the code on which it closes."""

    class Network(asyncio.Transport):
        """Takes everything and sends nothing."""

        def __init__(self) -> None:
            super().__init__()
            self.closing = False

        def write(self, data: bytes | bytearray | memoryview) -> None: ...

        def pause_reading(self) -> None: ...

        def resume_reading(self) -> None: ...

        def get_write_buffer_size(self) -> int:
            return 0

        def is_closing(self) -> bool:
            return self.closing

        def close(self) -> None:
            self.closing = True

    def __init__(self, short: bool) -> None:
        loop = asyncio.get_running_loop()
        config = uvicorn.Config(_nothing, ws_max_size=LARGEST, ws_ping_interval=None, log_config=None)
        config.load()
        self.protocol = RaceProtocol(config, ServerState(), {}, loop)
        self.network, self.texts = self.Network(), list[bytes]()
        self.protocol.connection_made(self.network)
        self.protocol.data_received(HANDSHAKE)
        self.protocol.conn.send_response(self.protocol.response)
        self.protocol.handshake_complete = True
        if short:
            self.protocol.offered.receive = self._receive

    def _receive(self, text: str | bytes) -> None:
        self.texts.append(cast(bytes, text))

    def hear(self, chunks: Sequence[bytes]) -> None:
        for chunk in chunks:
            if not self.network.closing:
                self.protocol.data_received(chunk)

    def heard(self) -> tuple[list[bytes], int | None]:
        """The texts, and the code of the goodbye if there was one."""
        texts, code = [*self.texts], None
        while not self.protocol.queue.empty():
            message = cast(dict[str, object], self.protocol.queue.get_nowait())
            if message["type"] == "websocket.receive":
                texts.append(str(message["text"]).encode() if "text" in message else b"\0")
            elif message["type"] == "websocket.disconnect" and code is None:
                code = cast(int, message["code"])
        return texts, code


async def _nothing(scope: object, receive: object, send: object) -> None:
    await asyncio.Event().wait()


HANDSHAKE = (
    "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    f"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Extensions: {CHROMIUM}\r\n\r\n"
).encode()

TEXTS = st.text(max_size=40) | st.text("ab", min_size=100, max_size=3000)
WHOLE = st.one_of(
    TEXTS.map(lambda text: masked(TEXT, text.encode())),
    TEXTS.map(squeezed),
    TEXTS.map(lambda text: b"".join(in_pieces(text, 1))),
    TEXTS.map(lambda text: masked(TEXT & ~FIN, text.encode()) + masked(CONTINUED, b"!")),
    st.binary(max_size=20).map(lambda word: masked(PING, word)),
    st.binary(max_size=20).map(lambda word: masked(PONG, word)),
)
CUT_OFF = masked(SQUEEZED, b"\x00\x05\x00\xfa\xffhe")
"""A block that says it has five bytes, and has two: what RFC 7692 has a receiver append becomes part of it."""
ODD_ONES = st.one_of(
    st.just(CUT_OFF),
    st.just(masked(SQUEEZED, b"\xff" * 9)),
    st.just(masked(SQUEEZED, deflated(bytes(600 * 1024)))),
    st.just(masked(CONTINUED, b"of nothing")),
    st.just(masked(TEXT | 0x20, b"of an extension that is not known")),
    st.just(masked(CLOSE, (1000).to_bytes(2, "big"))),
    st.just(bytes((TEXT, 3)) + b"bad"),
)
STREAMS = st.tuples(st.lists(WHOLE, max_size=8), st.lists(ODD_ONES, max_size=1), st.lists(WHOLE, max_size=2))


@settings(deadline=None)
@example(stream=([squeezed("before")], [CUT_OFF], [squeezed("after")]), cuts=[20])
@given(stream=STREAMS, cuts=st.lists(st.integers(0, 6000), max_size=12))
def test_however_frames_are_cut_they_are_what_uvicorns_own_way_makes_of_them(
    stream: tuple[list[bytes], list[bytes], list[bytes]], cuts: list[int]
) -> None:
    frames = [frame for part in stream for frame in part]
    data = b"".join(frames)
    ends = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    chunks = [data[start:end] for start, end in pairwise(ends)]

    async def both() -> None:
        short, long = Heard(short=True), Heard(short=False)
        short.hear(chunks)
        long.hear([data])
        assert short.heard() == long.heard()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    asyncio.run(both())


def test_a_reader_keeps_nothing_of_a_message_that_was_taken() -> None:
    reader = FrameReader(LARGEST)
    reader.window = 15

    async def after() -> None:
        heard = Heard(short=True)
        reader.read(squeezed(SECOND), heard.protocol)
        assert heard.texts == [SECOND.encode()]
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    asyncio.run(after())
    kept = [getattr(reader, name) for name in FrameReader.__slots__ if name != "_odd"]
    assert sorted(map(repr, kept)) == sorted(map(repr, [False, b"", LARGEST, 15]))
