"""A line over ASGI's own ``send``: what is put into it goes out in order, and it ends when it is told to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from app.wire import transport as lines
from app.wire.frame import Frame
from app.wire.transport import ROOM, PlainTransport
from tests.support.patience import SOON, rest, within


class FarEnd:
    """What goes out by a line. It takes what comes while its gate is open, and breaks if it is told to."""

    def __init__(self) -> None:
        self.got: list[str | int] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.breaks: Exception | None = None
        self.drained = 0
        self.line = PlainTransport(self.send, self.hang_up)
        self.line.listen(lambda said: None, self._count, lambda: None)

    async def send(self, text: str) -> None:
        await self.gate.wait()
        if self.breaks is not None:
            raise self.breaks
        self.got.append(text)

    async def hang_up(self, code: int) -> None:
        await self.gate.wait()
        self.got.append(code)

    def _count(self) -> None:
        self.drained += 1


@asynccontextmanager
async def running() -> AsyncIterator[tuple[PlainTransport, FarEnd, asyncio.Task[None]]]:
    far = FarEnd()
    task = asyncio.create_task(far.line.run())
    try:
        yield far.line, far, task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_frames_and_answers_go_out_in_the_order_in_which_they_came() -> None:
    async with running() as (line, far, _):
        line.push(Frame("a"))
        line.reply("ö".encode())
        await rest()
        line.push(Frame("c"))
        await rest()
        assert (far.got, line.waiting()) == (["a", "ö", "c"], 0)


async def test_a_line_is_full_beyond_its_room_and_says_when_it_has_drained() -> None:
    async with running() as (line, far, _):
        far.gate.clear()
        line.push(Frame("x" * ROOM))
        await rest()
        assert (line.full, line.waiting()) == (False, ROOM)
        line.push(Frame("y"))
        assert (line.full, far.drained) == (True, 0)
        far.gate.set()
        await rest()
        assert (line.full, line.waiting(), far.drained, len(far.got)) == (False, 0, 1, 2)


async def test_who_was_never_full_is_not_said_to_have_drained() -> None:
    async with running() as (line, far, _):
        line.push(Frame("a"))
        await rest()
        assert (far.got, far.drained) == (["a"], 0)


async def test_the_goodbye_comes_after_what_waits_and_nothing_after_it() -> None:
    async with running() as (line, far, task):
        far.gate.clear()
        line.push(Frame("a"))
        line.reply(b"b")
        line.close(1008)
        line.close(1013)
        line.push(Frame("too late"))
        far.gate.set()
        await within(task, SOON)
        assert far.got == ["a", "b", 1008]


async def test_a_line_that_is_closed_before_it_runs_still_says_everything() -> None:
    far = FarEnd()
    far.line.push(Frame("a"))
    far.line.close(1008)
    await within(far.line.run(), SOON)
    assert far.got == ["a", 1008]


@pytest.mark.parametrize("error", [OSError("reset"), RuntimeError("closed"), ValueError("what they call it")])
async def test_a_socket_that_is_gone_ends_the_line_quietly(error: Exception) -> None:
    async with running() as (line, far, task):
        far.breaks = error
        line.push(Frame("a"))
        await within(task, SOON)
        line.push(Frame("b"))
        line.close(1008)
        await rest()
        assert far.got == []


@pytest.mark.parametrize("waits", [True, False])
async def test_who_takes_nothing_is_waited_for_a_while_only(
    monkeypatch: pytest.MonkeyPatch, waits: bool
) -> None:
    monkeypatch.setattr(lines, "PATIENCE", 0.05)
    async with running() as (line, far, task):
        far.gate.clear()
        if waits:
            line.push(Frame("a"))
        await rest()
        line.close(1013)
        await within(task, SOON)
        assert far.got == []
