"""The short way in and out of a socket, and its ends, over real connections, on the loop that ``serve`` uses too."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator

import pytest
import websockets
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

from app.wire import protocol
from app.wire.frame import Frame
from app.wire.odd_frames import ODD
from app.wire.transport import ROOM
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
    far_end,
    masked,
)
from tests.support.patience import until

pytestmark = pytest.mark.every_loop

CHROMIUM = "permessage-deflate; client_max_window_bits"
GOODBYE = masked(CLOSE, (1000).to_bytes(2, "big"))
LARGEST = 65536


@pytest.fixture
async def desk() -> AsyncIterator[Booth]:
    async with booth() as running:
        yield running


@pytest.fixture
async def far(desk: Booth) -> AsyncIterator[FarEnd]:
    """Somebody who has been let in and is listened to."""
    async with far_end(desk) as end:
        await end.head()
        await desk.caller()
        yield end


@pytest.fixture
async def caller(desk: Booth, far: FarEnd) -> Caller:
    return await desk.caller()


async def hears(caller: Caller, *texts: str) -> bool:
    """Whether exactly these texts have been received, after a while at most."""
    await until(lambda: len(caller.received) >= len(texts))
    await asyncio.sleep(0.01)
    return caller.received == [*texts]


def fill(caller: Caller) -> int:
    """Push to somebody who does not read until the line is full; how many frames that took."""
    frame = Frame("x" * LARGEST)
    for number in range(1, 1000):
        caller.transport.push(frame)
        if caller.transport.full:
            return number
    raise AssertionError("it is never full")


# ---- what comes in, however it is cut


async def test_a_message_is_heard_wherever_its_frame_is_cut(caller: Caller, far: FarEnd) -> None:
    frame = masked(TEXT, "Värme".encode())
    for cut in range(1, len(frame)):
        caller.received.clear()
        far.send(frame[:cut])
        await asyncio.sleep(0.005)
        assert caller.received == []
        far.send(frame[cut:])
        assert await hears(caller, "Värme")


@pytest.mark.parametrize("form", [126, 127])
async def test_a_frame_that_comes_byte_by_byte_is_heard(caller: Caller, far: FarEnd, form: int) -> None:
    for byte in masked(TEXT, b"slowly", form):
        far.send(bytes((byte,)))
        await asyncio.sleep(0.001)
    assert await hears(caller, "slowly")


async def test_several_frames_in_one_segment_are_several_messages(caller: Caller, far: FarEnd) -> None:
    last = masked(TEXT, b"d")
    far.send(*(masked(TEXT, text) for text in (b"a", b"", b"c")), last[:3])
    assert await hears(caller, "a", "", "c")
    far.send(last[3:])
    assert await hears(caller, "a", "", "c", "d")


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65535, LARGEST])
async def test_a_message_of_any_length_that_is_allowed_is_heard(
    caller: Caller, far: FarEnd, size: int
) -> None:
    far.send(masked(TEXT, b"x" * size), masked(TEXT, b"next"))
    assert await hears(caller, "x" * size, "next")


@pytest.mark.parametrize(
    ("size", "form"), [(0, 126), (5, 126), (0, 127), (5, 127), (126, 127), (LARGEST, 127)]
)
async def test_a_length_may_be_told_in_more_bytes_than_it_takes(
    caller: Caller, far: FarEnd, size: int, form: int
) -> None:
    far.send(masked(TEXT, b"x" * size, form), masked(TEXT, b"next"))
    assert await hears(caller, "x" * size, "next")


async def test_thousands_of_empty_frames_in_a_segment_take_no_time(caller: Caller, far: FarEnd) -> None:
    caller.transport.receive = lambda text: None
    flood = masked(TEXT, b"") * 40_000
    loop = asyncio.get_running_loop()
    begun = loop.time()
    caller.protocol.data_received(flood)
    assert loop.time() - begun < 0.5


async def test_fragments_are_one_message_and_a_ping_may_come_between_them(
    caller: Caller, far: FarEnd
) -> None:
    first, second, third = "Vä".encode()[:2], "Vä".encode()[2:] + b"r", b"me"
    far.send(masked(TEXT & ~FIN, first), masked(PING, b"there?"))
    assert await far.frame() == (PONG, b"there?")
    far.send(masked(CONTINUED & ~FIN, second), masked(CONTINUED, third), masked(TEXT, b"next"))
    assert await hears(caller, "Värme", "next")


async def test_a_message_in_the_middle_of_another_is_a_fault(caller: Caller, far: FarEnd) -> None:
    far.send(masked(TEXT & ~FIN, b"begun"), masked(TEXT, b"another"))
    assert await far.closed() == 1002
    await until(lambda: caller.code is not None)
    assert caller.received == []


async def test_a_message_of_bytes_is_none_that_could_be_a_command(caller: Caller, far: FarEnd) -> None:
    far.send(masked(BINARY, b'{"command": "x"}'), masked(TEXT, b"next"))
    assert await hears(caller, "\0", "next")


async def test_what_was_said_before_anybody_listened_is_heard_first(desk: Booth) -> None:
    desk.listening.clear()
    half = masked(TEXT, b"in two halves")
    async with far_end(desk) as far:
        await far.head()
        far.send(masked(TEXT, b"early"), masked(TEXT & ~FIN, b"in "), half[:7])
        await asyncio.sleep(0.05)
        desk.listening.set()
        caller = await desk.caller()
        far.send(half[7:])
        assert await far.closed() == 1002  # a message in the middle of another, however it was cut
        assert caller.received == ["early"]


async def test_a_frame_that_was_begun_before_anybody_listened_is_heard_whole(desk: Booth) -> None:
    text = "⁅    HELLO"  # its last eleven bytes would be a frame of their own, saying hello
    frame = bytes((TEXT, 0x80 | len(text.encode()), 0, 0, 0, 0)) + text.encode()
    desk.listening.clear()
    async with far_end(desk) as far:
        await far.head()
        far.send(masked(TEXT, b"early"), frame[:7])
        await asyncio.sleep(0.05)
        desk.listening.set()
        caller = await desk.caller()
        far.send(frame[7:], masked(TEXT, b"late"))
        assert await hears(caller, "early", text, "late")


# ---- what is refused


@pytest.mark.parametrize("size", [0, 5, 200, 70_000])
async def test_an_unmasked_frame_ends_the_connection(caller: Caller, far: FarEnd, size: int) -> None:
    far.send(masked(TEXT, b"good"), Frame("x" * size).plain)
    assert await far.closed() == 1002
    await until(lambda: caller.code is not None)
    assert caller.received == ["good"]


async def test_an_unmasked_frame_of_two_bytes_is_not_waited_for(caller: Caller, far: FarEnd) -> None:
    far.send(bytes((CLOSE, 0)))
    assert await far.closed() == 1002


@pytest.mark.parametrize("size", [LARGEST + 1, 200_000])
@pytest.mark.parametrize("at_once", [True, False])
async def test_a_larger_frame_ends_the_connection_and_nothing_of_it_is_heard(
    caller: Caller, far: FarEnd, size: int, at_once: bool
) -> None:
    inside = masked(TEXT, b"smuggled")
    frame = masked(TEXT, b"x" * size)[:30] + inside * (size // len(inside))
    first = len(frame) if at_once else 30
    far.send(masked(TEXT, b"good"))
    far.send(frame[:first])
    assert await far.closed() == 1009
    far.send(frame[first:])
    await until(lambda: caller.code is not None)
    assert caller.received == ["good"]


async def test_a_head_that_tells_of_more_than_is_allowed_is_enough(caller: Caller, far: FarEnd) -> None:
    far.send(bytes((TEXT, 0xFF)) + b"\xff" * 8 + b"mask")
    assert await far.closed() == 1009


async def test_fragments_that_are_too_large_together_end_the_connection(caller: Caller, far: FarEnd) -> None:
    far.send(masked(TEXT & ~FIN, b"x" * 40_000), masked(CONTINUED, b"x" * 40_000))
    assert await far.closed() == 1009
    assert caller.received == []


@pytest.mark.parametrize("first", [0x83, 0x8B, TEXT | 0x20, TEXT | DEFLATED, PING & ~FIN, CONTINUED])
async def test_what_the_protocol_does_not_know_ends_the_connection(
    caller: Caller, far: FarEnd, first: int
) -> None:
    far.send(masked(first, b"x"), masked(TEXT, b"after"))
    assert await far.closed() == 1002
    assert caller.received == []


async def test_nonsense_before_the_handshake_is_done_ends_the_connection(
    desk: Booth, caplog: pytest.LogCaptureFixture
) -> None:
    desk.let_in.clear()
    async with far_end(desk) as far:
        await until(lambda: len(desk.callers) == 1)
        far.send(Frame("unmasked").plain)
        with pytest.raises(asyncio.IncompleteReadError):
            await far.head()
        desk.let_in.set()
    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == []


# ---- what goes out


@pytest.mark.parametrize("size", [1, 125, 126, 65535, LARGEST])
async def test_what_is_pushed_and_told_comes_in_order(caller: Caller, far: FarEnd, size: int) -> None:
    caller.transport.push(Frame("x" * size))
    caller.transport.reply(b"told")
    assert await far.frame() == (TEXT, b"x" * size)
    assert await far.frame() == (TEXT, b"told")


async def test_a_descriptor_is_lent_until_something_is_written_that_must_not_be_overtaken(
    caller: Caller, far: FarEnd
) -> None:
    descriptor = caller.transport.descriptor
    assert descriptor >= 0
    caller.transport.push(Frame("pushed"))
    os.write(descriptor, Frame("written").plain)
    assert [await far.frame(), await far.frame()] == [(TEXT, b"pushed"), (TEXT, b"written")]
    assert caller.recalled == 0
    far.send(masked(PING, b"there?"))
    assert await far.frame() == (PONG, b"there?")
    assert (caller.recalled, caller.transport.descriptor) == (1, descriptor)


async def test_what_a_descriptor_did_not_take_goes_before_everything_else(
    caller: Caller, far: FarEnd
) -> None:
    frame = Frame("x" * LARGEST)
    far.writer.transport.pause_reading()  # type: ignore[attr-defined]  # it reads as well
    whole, sent = 0, len(frame.plain)
    while sent == len(frame.plain):
        whole, sent = whole + 1, os.write(caller.transport.descriptor, frame.plain)
    assert caller.recalled == 0
    caller.transport.finish(frame.plain[sent:])
    assert (caller.recalled, caller.transport.descriptor) == (1, -1)
    caller.transport.push(Frame("after"))
    far.writer.transport.resume_reading()  # type: ignore[attr-defined]  # it reads as well
    for _ in range(whole):
        assert await far.frame() == (TEXT, frame.text.encode())
    assert await far.frame() == (TEXT, b"after")


@pytest.mark.parametrize("end", ["we say goodbye", "they say goodbye", "they are gone", "it is cut off"])
async def test_nobody_may_use_the_descriptor_of_a_socket_that_ends(
    caller: Caller, far: FarEnd, end: str
) -> None:
    assert (caller.recalled, caller.transport.descriptor >= 0) == (0, True)
    if end == "we say goodbye":
        caller.transport.close(1013)
    elif end == "it is cut off":
        caller.protocol.transport.abort()
    elif end == "they say goodbye":
        far.send(GOODBYE)
    else:
        far.writer.transport.abort()
    await until(lambda: caller.recalled > 0)
    assert caller.transport.descriptor == -1


WORDS = Frame("<li>Värme</li>" * 500)


async def test_one_frame_serves_those_who_inflate_and_those_who_do_not(desk: Booth) -> None:
    async with far_end(desk) as plain, far_end(desk, CHROMIUM) as deflating:
        assert "Extensions" not in await plain.head()
        await until(lambda: len(desk.callers) == 2)
        agreed = await deflating.head()
        for caller in desk.callers:
            await until(lambda caller=caller: caller.listens)  # type: ignore[misc]
            caller.transport.push(WORDS)
        assert "server_no_context_takeover" in agreed
        assert "client_no_context_takeover" in agreed
        assert await plain.frame() == (TEXT, WORDS.text.encode())
        first, payload = await deflating.frame()
        assert (first, len(payload) < 500) == (TEXT | DEFLATED, True)


@pytest.mark.parametrize(
    ("offer", "inflates"),
    [
        (ClientPerMessageDeflateFactory(), True),
        (ClientPerMessageDeflateFactory(server_no_context_takeover=True), True),
        (ClientPerMessageDeflateFactory(client_no_context_takeover=True), True),
        (ClientPerMessageDeflateFactory(client_max_window_bits=10), True),
        (ClientPerMessageDeflateFactory(server_max_window_bits=15), True),
        (ClientPerMessageDeflateFactory(server_max_window_bits=10), False),
        (ClientPerMessageDeflateFactory(server_max_window_bits=9, client_max_window_bits=9), False),
        (None, False),
    ],
)
async def test_a_client_understands_what_is_pushed_whatever_it_has_asked_for(
    desk: Booth, offer: ClientPerMessageDeflateFactory | None, inflates: bool
) -> None:
    extensions = [offer] if offer else None
    address = f"ws://127.0.0.1:{desk.port}/"
    async with websockets.connect(address, extensions=extensions, compression=None) as socket:
        caller = await desk.caller()
        for frame in (WORDS, Frame("short"), WORDS, Frame(WORDS.text[::-1])):
            caller.transport.push(frame)
            assert await socket.recv() == frame.text
        assert caller.transport.inflates is inflates
        await socket.send("said " * 1000)
        await socket.send("short")
        assert await hears(caller, "said " * 1000, "short")


# ---- room


async def test_a_line_is_full_while_nobody_reads_and_says_when_it_has_drained(
    caller: Caller, far: FarEnd
) -> None:
    far.writer.transport.pause_reading()  # type: ignore[attr-defined]  # it reads as well
    frames = fill(caller)
    assert (caller.transport.full, caller.transport.waiting() > ROOM, caller.drained) == (True, True, 0)
    far.writer.transport.resume_reading()  # type: ignore[attr-defined]
    for _ in range(frames):
        assert await far.frame() == (TEXT, b"x" * LARGEST)
    await until(lambda: caller.drained == 1)
    assert (caller.transport.full, caller.transport.waiting()) == (False, 0)


async def test_a_line_that_is_paused_hears_nothing_until_it_listens_again(
    caller: Caller, far: FarEnd
) -> None:
    frames = [masked(TEXT, text) for text in (b"a", b"b", b"c")]
    caller.transport.pause()
    caller.protocol.data_received(frames[0] + frames[1][:3])
    far.send(frames[1][3:], frames[2])
    await asyncio.sleep(0.05)
    assert caller.received == []
    caller.transport.resume()
    assert await hears(caller, "a", "b", "c")


async def test_who_is_paused_in_the_middle_of_a_segment_hears_no_more_of_it(
    caller: Caller, far: FarEnd
) -> None:
    heard: list[str | bytes] = []

    def hear_one(said: str | bytes) -> None:
        heard.append(said)
        caller.transport.pause()

    caller.transport.listen(hear_one, lambda: None, lambda: None)
    far.send(*(masked(TEXT, text) for text in (b"a", b"b", b"c")))
    for number in range(1, 4):
        await until(lambda number=number: len(heard) == number)  # type: ignore[misc]
        await asyncio.sleep(0.02)
        assert len(heard) == number
        caller.transport.resume()
    assert heard == [b"a", b"b", b"c"]


async def test_a_flood_of_pings_ends_the_connection(caller: Caller, far: FarEnd) -> None:
    far.send(masked(PING, b"x") * (ODD + 1), masked(TEXT, b"after"))
    assert await far.closed() == 1008
    assert caller.received == []


async def test_a_flood_of_pings_before_the_handshake_is_done_ends_the_connection(
    desk: Booth, caplog: pytest.LogCaptureFixture
) -> None:
    desk.let_in.clear()
    async with far_end(desk) as far:
        await until(lambda: len(desk.callers) == 1)
        far.send(masked(PING, b"x") * (ODD + 1))
        await far.rest()
        desk.let_in.set()
    assert caplog.records == []


# ---- the end


async def test_a_browser_that_leaves_is_answered_and_gone(caller: Caller, far: FarEnd) -> None:
    far.send(masked(TEXT, b"last words"), GOODBYE, masked(TEXT, b"too late"))
    assert await far.frame() == (CLOSE, (1000).to_bytes(2, "big"))
    assert await far.rest() == b""
    await until(lambda: caller.code is not None)
    assert (caller.received, caller.code) == (["last words"], 1000)


async def test_nothing_is_written_to_who_has_just_left(
    caller: Caller, far: FarEnd, caplog: pytest.LogCaptureFixture
) -> None:
    line, protocol = caller.transport, caller.protocol
    protocol.data_received(GOODBYE)
    for _ in range(10):
        line.push(WORDS)
        line.reply(b"x")
    line.close(1008)
    await until(lambda: protocol.disconnected)
    for _ in range(10):
        line.push(WORDS)
        line.reply(b"x")
    line.close(1008)
    assert line.waiting() == 0
    assert await far.closed() == 1000
    assert await far.rest() == b""
    assert caplog.records == []


async def test_who_was_gone_before_anybody_listened_costs_nothing(
    desk: Booth, caplog: pytest.LogCaptureFixture
) -> None:
    desk.listening.clear()
    async with far_end(desk) as far:
        await far.head()
    await until(lambda: desk.callers[0].protocol.disconnected)
    desk.listening.set()
    await until(lambda: desk.callers[0].code is not None)
    desk.callers[0].transport.push(WORDS)
    assert caplog.records == []


async def test_closing_says_the_code_after_what_waits_and_hears_nothing_more(
    caller: Caller, far: FarEnd
) -> None:
    caller.transport.push(WORDS)
    caller.transport.close(1013)
    caller.transport.close(1008)
    caller.transport.push(Frame("too late"))
    assert await far.frame() == (TEXT, WORDS.text.encode())
    assert await far.frame() == (CLOSE, (1013).to_bytes(2, "big"))
    await until(lambda: caller.code is not None)
    far.send(masked(TEXT, b"x"), masked(PING, b"x"), masked(TEXT & ~FIN, b"x"))
    far.send(masked(CLOSE, (1013).to_bytes(2, "big")))
    assert await far.rest() == b""
    assert (caller.received, caller.code) == ([], 1013)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "PATIENCE", 0.2)


@pytest.mark.parametrize("reads", [True, False])
async def test_who_does_not_answer_a_goodbye_is_cut_off(
    caller: Caller, far: FarEnd, impatient: None, reads: bool
) -> None:
    if not reads:
        far.writer.transport.pause_reading()  # type: ignore[attr-defined]
        fill(caller)
    caller.transport.close(1013)
    await until(lambda: caller.code is not None)
    assert not caller.protocol.disconnected
    await until(lambda: caller.protocol.disconnected)


async def test_who_says_goodbye_and_does_not_take_what_waits_is_cut_off(
    caller: Caller, far: FarEnd, impatient: None
) -> None:
    far.writer.transport.pause_reading()  # type: ignore[attr-defined]
    fill(caller)
    far.send(GOODBYE)
    await until(lambda: caller.code is not None)
    assert caller.code == 1000
    await until(lambda: caller.protocol.disconnected)


@pytest.mark.parametrize("reads", [True, False])
async def test_who_does_not_answer_pings_is_given_up(impatient: None, reads: bool) -> None:
    async with booth(ws_ping_interval=0.1, ws_ping_timeout=0.1) as desk, far_end(desk) as far:
        await far.head()
        caller = await desk.caller()
        if not reads:
            far.writer.transport.pause_reading()  # type: ignore[attr-defined]
            fill(caller)
        await until(lambda: caller.code is not None)
        assert caller.code == 1011
        await until(lambda: caller.protocol.disconnected)


async def test_who_answers_pings_stays() -> None:
    async with booth(ws_ping_interval=0.05, ws_ping_timeout=0.1) as desk, far_end(desk) as far:
        await far.head()
        caller = await desk.caller()
        for _ in range(6):
            first, payload = await far.frame()
            assert first == PING
            far.send(masked(PONG, payload))
        assert (caller.code, caller.protocol.disconnected) == (None, False)


@pytest.mark.parametrize("state", ["reads", "does not read", "was closed"])
async def test_a_server_that_stops_says_so_and_waits_for_nobody(
    impatient: None, caplog: pytest.LogCaptureFixture, state: str
) -> None:
    async with booth(timeout_graceful_shutdown=2) as desk, far_end(desk) as far:
        await far.head()
        caller = await desk.caller()
        if state != "reads":
            far.writer.transport.pause_reading()  # type: ignore[attr-defined]
            fill(caller)
        if state == "was closed":
            caller.transport.close(1013)
        desk.server.should_exit = True
        await until(lambda: caller.code is not None)
        assert caller.code == (1013 if state == "was closed" else 1012)
        if state == "reads":
            assert await far.closed() == 1012
        await until(lambda: caller.protocol.disconnected)
    assert caplog.records == []
