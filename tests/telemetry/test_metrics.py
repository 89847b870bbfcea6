"""What is counted, as a scraper reads it."""

from __future__ import annotations

import asyncio
import time
from collections import Counter

from prometheus_client.parser import text_string_to_metric_families

from app.telemetry.metrics import SIZES, Exposition, OpenNow, Spread, Tally, watch_loop_lag
from tests.support.patience import rest, stopped, until

NOTHING = OpenNow({}, 0, 0)


def samples(exposition: Exposition) -> dict[str, float]:
    """Every number by its name and labels."""
    found = {}
    for family in text_string_to_metric_families(exposition.text().decode()):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found


def test_what_was_counted_is_told() -> None:
    tally = Tally()
    tally.answered += 7
    tally.refused["closed"] += 2
    tally.turned_away['a "quoted"\nreason'] += 1
    tally.deliveries += 10_000
    tally.closed[1013] += 3
    told = samples(Exposition(tally, lambda: OpenNow({"phone": 53, "screen": 1}, 4, 2)))
    assert told["race_answered_total"] == 7
    assert told["race_refused_total{reason=closed}"] == 2
    assert told['race_turned_away_total{why=a "quoted"\nreason}'] == 1
    assert told["race_deliveries_total"] == 10_000
    assert told["race_sockets_closed_total{code=1013}"] == 3
    assert (told["race_sockets{view=phone}"], told["race_sockets{view=screen}"]) == (53, 1)
    assert (told["race_waiting"], told["race_sessions"]) == (4, 2)
    assert told["process_resident_memory_bytes"] > 1_000_000


def test_a_spread_tells_how_many_lay_at_or_below_each_bound() -> None:
    tally = Tally()
    for size in (1, 1, 2, 3, 500, 501, 5000):
        tally.batches.note(size)
    told = samples(Exposition(tally, lambda: NOTHING))
    below = {bound: told[f"race_batch_size_bucket{{le={bound}}}"] for bound in (*map(str, SIZES), "+Inf")}
    assert below["1.0"] == 2
    assert below["2.0"] == 3
    assert below["5.0"] == 4
    assert below["500.0"] == 5
    assert below["1000.0"] == 6
    assert below["+Inf"] == told["race_batch_size_count"] == 7
    assert told["race_batch_size_sum"] == 6008


def test_a_value_on_a_bound_is_below_it() -> None:
    spread = Spread((1.0, 2.0))
    for value in (0.0, 1.0, 1.1, 2.0, 2.1):
        spread.note(value)
    assert spread.counts == [2, 2, 1]


def test_counting_costs_next_to_nothing() -> None:
    """The hot way does it for every command. A figure of the machine is no matter of a test; a factor of fifty is."""
    tally, plain = Tally(), Counter[str]()
    began = time.perf_counter()
    for _ in range(20_000):
        plain["x"] += 1
    least = time.perf_counter() - began
    began = time.perf_counter()
    for _ in range(20_000):
        tally.refused["closed"] += 1
        tally.answered += 1
    assert time.perf_counter() - began < 50 * least


async def test_the_pulse_tells_how_late_the_loop_is() -> None:
    late: list[float] = []
    feeling = asyncio.create_task(watch_loop_lag(late.append))
    await rest()
    time.sleep(0.6)  # noqa: ASYNC251 - what the pulse is to notice
    await until(lambda: late)
    await stopped(feeling)
    assert max(late) > 0.25
