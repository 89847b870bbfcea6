"""Race time runs with the wall, or faster from an origin on."""

from __future__ import annotations

import pytest
import time_machine

from app.clock import RaceClock

NOON = 1_790_000_000.0


def test_race_time_is_wall_time_to_the_millisecond() -> None:
    with time_machine.travel(NOON + 0.123456, tick=False):
        assert RaceClock().now() == NOON + 0.123


@pytest.mark.parametrize(("real", "race"), [(-10, -600), (0, 0), (1, 60), (2880, 172_800)])
def test_a_faster_race_runs_from_its_origin(real: float, race: float) -> None:
    with time_machine.travel(NOON + real, tick=False):
        assert RaceClock(NOON, 60.0).now() == NOON + race


@pytest.mark.parametrize(("rate", "real"), [(1.0, 90.0), (60.0, 1.5), (2880.0, 0.03125)])
def test_a_stretch_of_race_time_is_shorter_on_the_wall(rate: float, real: float) -> None:
    assert RaceClock(NOON, rate).real_seconds(90.0) == real


def test_race_time_never_stands_still_between_two_looks() -> None:
    with time_machine.travel(NOON, tick=False) as wall:
        clock, seen = RaceClock(NOON, 1.0), []
        for _ in range(5):
            seen.append(clock.now())
            wall.shift(0.001)
    assert seen == [NOON + n / 1000 for n in range(5)]
