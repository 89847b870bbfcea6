"""Signs of life: everybody hears one now and then, and who takes nothing is let go."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress

import pytest

from app.audience.fanout import Fanout
from app.audience.heartbeat import SEND_SECONDS, TOO_SLOW, Heartbeat
from app.clock import RaceClock
from app.drawing.render import Renderer
from app.settings import Settings
from tests.audience.test_fanout import Phone, announce, deliver
from tests.support.look import hall_of
from tests.support.patience import until
from tests.support.stage import START, Stage, phase


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer(Settings().templates)


@pytest.fixture
def stage() -> Stage:
    return Stage(phase("pause", "P1", rules={"reason": "meal"}), aino="participant", ben="participant")


@pytest.fixture
def fanout(stage: Stage, renderer: Renderer) -> Fanout:
    return Fanout(hall_of(stage), renderer)


@pytest.fixture
def heartbeat(fanout: Fanout) -> Heartbeat:
    return Heartbeat(fanout, RaceClock(START, 60.0), every=20.0)


def opened(fanout: Fanout, heartbeat: Heartbeat, person: str = "aino", cursor: int | None = -1) -> Phone:
    phone = Phone(fanout, person, cursor=cursor)
    heartbeat.add(phone.connection)
    return phone


def now() -> float:
    return asyncio.get_running_loop().time()


def beats(phone: Phone) -> list[int]:
    """Numbers of the beats that a phone has heard."""
    return [json.loads(text)["beat"] for text in phone.got if text.startswith("{")]


async def test_the_first_beat_comes_after_a_while_and_then_one_every_while(
    fanout: Fanout, heartbeat: Heartbeat
) -> None:
    phone, begun = opened(fanout, heartbeat), now()
    for seconds, heard in ((19, 0), (20.1, 1), (39, 1), (40.2, 2), (60.3, 3)):
        heartbeat.beat(begun + seconds)
        assert len(beats(phone)) == heard, seconds


async def test_a_beat_tells_the_time_of_the_race(fanout: Fanout, heartbeat: Heartbeat) -> None:
    phone = opened(fanout, heartbeat)
    heartbeat.beat(now() + 21)
    told = json.loads(phone.got[0])["now"] / 1000
    assert told == pytest.approx(RaceClock(START, 60.0).now(), abs=60)


async def test_all_who_are_due_hear_the_same_frame(fanout: Fanout, heartbeat: Heartbeat) -> None:
    phones = [opened(fanout, heartbeat, person) for person in ("aino", "ben", "kim")]
    heartbeat.beat(now() + 21)
    frames = {id(frame) for phone in phones for frame in phone.wire.frames}
    assert ([len(phone.wire.frames) for phone in phones], len(frames)) == ([1, 1, 1], 1)


async def test_who_came_later_is_due_later(
    fanout: Fanout, heartbeat: Heartbeat, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, begun = opened(fanout, heartbeat), now()
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: begun + 10)
    second = opened(fanout, heartbeat, "ben")
    for seconds, heard in ((21, (1, 0)), (31, (1, 1)), (42, (2, 1)), (52, (2, 2))):
        heartbeat.beat(begun + seconds)
        assert (len(beats(first)), len(beats(second))) == heard


async def test_who_has_not_said_where_it_stands_hears_that_we_are_there(
    fanout: Fanout, heartbeat: Heartbeat
) -> None:
    phone = opened(fanout, heartbeat, cursor=None)
    heartbeat.beat(now() + 21)
    assert len(beats(phone)) == 1


async def test_who_is_gone_is_forgotten(fanout: Fanout, heartbeat: Heartbeat) -> None:
    phone = opened(fanout, heartbeat)
    heartbeat.remove(phone.connection)
    heartbeat.remove(phone.connection)
    heartbeat.beat(now() + 21)
    assert (phone.got, len(heartbeat._due)) == ([], 0)


async def test_a_full_line_is_spared_and_beaten_to_when_it_has_room(
    fanout: Fanout, heartbeat: Heartbeat
) -> None:
    phone, begun = opened(fanout, heartbeat), now()
    phone.wire.full = True
    heartbeat.beat(begun + 21)
    phone.wire.full = False
    assert beats(phone) == []
    heartbeat.beat(begun + 42)
    assert len(beats(phone)) == 1


async def test_who_takes_nothing_for_too_long_is_let_go(
    stage: Stage, fanout: Fanout, heartbeat: Heartbeat
) -> None:
    stuck, well = opened(fanout, heartbeat), opened(fanout, heartbeat, "ben")
    stuck.wire.full = True
    announce(stage, "Soup")
    deliver(fanout)
    since = stuck.connection.full_since
    heartbeat.disconnect_stuck(since + SEND_SECONDS - 1)
    assert stuck.wire.code is None
    heartbeat.disconnect_stuck(since + SEND_SECONDS + 1)
    assert [phone.wire.code for phone in (stuck, well)] == [TOO_SLOW, None]


async def test_who_drains_in_time_stays_and_the_time_counts_anew(
    stage: Stage, fanout: Fanout, heartbeat: Heartbeat
) -> None:
    phone = opened(fanout, heartbeat)
    phone.wire.full = True
    announce(stage, "Soup")
    deliver(fanout)
    since = phone.connection.full_since
    phone.drain()
    heartbeat.disconnect_stuck(since + SEND_SECONDS + 1)
    assert phone.wire.code is None
    deliver(fanout)
    assert "Soup" in phone.got[-1]


async def test_it_runs_by_itself(fanout: Fanout) -> None:
    heartbeat = Heartbeat(fanout, RaceClock(START, 1.0), every=0.04)
    phone = opened(fanout, heartbeat)
    running = asyncio.create_task(heartbeat.run())
    await until(lambda: len(beats(phone)) >= 3)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    assert beats(phone) == sorted(set(beats(phone)))
