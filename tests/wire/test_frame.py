"""A message encoded once: any browser's parser finds the same words in it, deflated or not."""

from __future__ import annotations

import zlib
from collections.abc import Generator
from typing import Any

import pytest
from websockets.extensions.permessage_deflate import PerMessageDeflate
from websockets.frames import Frame as Parsed
from websockets.frames import Opcode
from websockets.streams import StreamReader

from app.wire.deflate import TAIL
from app.wire.frame import DEFLATED_TEXT, TEXT, WORTH_DEFLATING, Frame, framed

SIZES = [0, 1, 125, 126, 127, 65535, 65536, 200_000]
FLUSHED = b"\x00\x00\xff\xff"


def parsed(wire: bytes, deflating: bool = False) -> Parsed:
    """What a browser makes of some bytes, which must be one frame and nothing else."""
    reader = StreamReader()
    reader.feed_data(wire)
    extensions = [PerMessageDeflate(True, True, 15, 15)] if deflating else []
    steps: Generator[Any, None, Parsed] = Parsed.parse(reader.read_exact, mask=False, extensions=extensions)
    try:
        next(steps)
    except StopIteration as end:
        assert not reader.buffer
        frame: Parsed = end.value
        return frame
    raise AssertionError("the frame is longer than it says")


def words(size: int) -> str:
    """Markup of some length that deflates as markup does."""
    return (
        "".join(f'<li id="c{n}">Värme {n}</li>' for n in range(size // 20 + 1))
        .encode()[:size]
        .decode(errors="ignore")
    )


@pytest.mark.parametrize("size", SIZES)
def test_a_frame_of_any_length_is_what_a_browser_expects(size: int) -> None:
    frame = parsed(framed(0x81, b"x" * size))
    assert (frame.opcode, frame.fin, frame.rsv1, bytes(frame.data)) == (Opcode.TEXT, True, False, b"x" * size)


@pytest.mark.parametrize("size", SIZES)
def test_a_length_is_told_in_the_shortest_way(size: int) -> None:
    head = len(framed(0x81, b"x" * size)) - size
    assert head == (2 if size < 126 else 4 if size < 65536 else 10)


@pytest.mark.parametrize("size", SIZES)
def test_plain_or_deflated_the_words_are_the_same(size: int) -> None:
    frame = Frame(words(size))
    assert bytes(parsed(frame.plain).data).decode() == frame.text
    assert bytes(parsed(frame.deflated, deflating=True).data).decode() == frame.text


def test_what_is_deflated_inflates_once_its_tail_is_back() -> None:
    frame = Frame(words(5000))
    head, length = frame.deflated[:2], int.from_bytes(frame.deflated[2:4], "big")
    assert (head, length) == (bytes((DEFLATED_TEXT, 126)), len(frame.deflated) - 4)
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    assert inflate.decompress(frame.deflated[4:] + FLUSHED).decode() == frame.text
    assert FLUSHED == TAIL
    assert len(frame.deflated) < len(frame.plain) / 3


def test_short_messages_are_not_deflated() -> None:
    short, long = Frame("x" * (WORTH_DEFLATING - 1)), Frame("x" * WORTH_DEFLATING)
    assert short.deflated == short.plain
    assert (short.deflated[0], long.deflated[0]) == (TEXT, DEFLATED_TEXT)


def test_every_deflated_frame_stands_by_itself() -> None:
    frames = [Frame(words(3000)), Frame(words(3000)), Frame(words(4000))]
    for frame in reversed(frames):
        assert bytes(parsed(frame.deflated, deflating=True).data).decode() == frame.text


def test_a_frame_is_encoded_when_it_is_first_asked_for_and_only_then() -> None:
    frame = Frame(words(3000))
    assert {"plain", "deflated"}.isdisjoint(vars(frame))
    assert frame.plain is frame.plain
    assert frame.deflated is frame.deflated
