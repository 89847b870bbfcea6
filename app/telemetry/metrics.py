"""What is counted: plain numbers that cost next to nothing on the hot way, put in Prometheus' words only when asked.

One process, one tally. A counter of the package itself costs a lock and half a microsecond each time;
``tally.deliveries += n`` costs a twentieth of that, and all of it happens on the event loop.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector

MILLISECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
SIZES = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0)
PULSE_SECONDS = 0.25


class Spread:
    """How often something lay below each of some bounds."""

    __slots__ = ("bounds", "counts", "total")

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self.bounds, self.total = bounds, 0.0
        self.counts = [0] * (len(bounds) + 1)

    def note(self, value: float) -> None:
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value

    def buckets(self) -> list[tuple[str, float]]:
        """Prometheus' way: how many lay at or below each bound."""
        sums, below = [], 0
        for bound, count in zip((*map(str, self.bounds), "+Inf"), self.counts, strict=True):
            below += count
            sums.append((bound, float(below)))
        return sums


class Tally:
    """Everything that this process has counted since it started."""

    __slots__ = (
        "answered",
        "batches",
        "closed",
        "commits",
        "deliveries",
        "joined",
        "lag",
        "refused",
        "turned_away",
        "unproved",
    )

    def __init__(self) -> None:
        self.answered = 0
        """Commands that were acknowledged."""
        self.refused: Counter[str] = Counter()
        """Commands that were refused, by reason."""
        self.turned_away: Counter[str] = Counter()
        """Requests and sockets that came no further than the entrance, by why."""
        self.joined = 0
        """People let in."""
        self.deliveries = 0
        """Sockets that were told something: all of a delivery at once when it is done, and each that was caught up."""
        self.closed: Counter[int] = Counter()
        """Sockets that we closed, by close code: 1008 not allowed, 1013 too slow."""
        self.batches = Spread(SIZES)
        """Commands in a batch."""
        self.commits = Spread(MILLISECONDS)
        """Seconds from handing a batch to the log to its being on disk."""
        self.lag = Spread(MILLISECONDS)
        """Seconds by which the event loop was late."""
        self.unproved: dict[str, Exception] = {}
        """What is wrong with the logs of sessions that are not served because they do not hold, by code."""


tally = Tally()


class OpenNow(NamedTuple):
    """What can be looked at when it is asked for, and need not be counted."""

    sockets: Mapping[str, int]
    """Open sockets by view."""
    waiting: int
    sessions: int
    given_up: Mapping[str, int] = {}
    """Tasks that were given up and wait for somebody to look, by kind."""
    free: int = -1
    """Bytes that the disk has left; -1 where that is not known."""


class Exposition:
    """The tally, and what is open at this moment, as a scraper reads it."""

    def __init__(self, counted: Tally, look: Callable[[], OpenNow]) -> None:
        self.counted, self._look = counted, look
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(self)
        ProcessCollector(registry=self._registry)

    def text(self) -> bytes:
        """The page that ``/metrics`` answers with."""
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        counted, now = self.counted, self._look()
        yield _each("race_sockets", "Open sockets", "view", now.sockets, GaugeMetricFamily)
        yield GaugeMetricFamily("race_sessions", "Sessions being served", now.sessions)
        yield GaugeMetricFamily("race_waiting", "Commands waiting for a decision", now.waiting)
        yield GaugeMetricFamily("race_logs_unproved", "Logs that do not hold", len(counted.unproved))
        yield _each("race_tasks_given_up", "Tasks given up", "kind", now.given_up, GaugeMetricFamily)
        if now.free >= 0:
            yield GaugeMetricFamily("race_disk_free_bytes", "Free space where everything is stored", now.free)
        yield CounterMetricFamily("race_answered", "Commands acknowledged", counted.answered)
        yield _each("race_refused", "Commands refused", "reason", counted.refused)
        yield _each("race_turned_away", "Turned away at the entrance", "why", counted.turned_away)
        yield CounterMetricFamily("race_joined", "People let in", counted.joined)
        yield CounterMetricFamily("race_deliveries", "Sockets told something", counted.deliveries)
        codes = {str(code): number for code, number in counted.closed.items()}
        yield _each("race_sockets_closed", "Sockets that the server closed", "code", codes)
        yield _spread("race_batch_size", "Commands in a batch", counted.batches)
        yield _spread("race_commit_seconds", "Seconds until a batch is on disk", counted.commits)
        yield _spread("race_lag_seconds", "Seconds by which the event loop was late", counted.lag)


def _each(
    name: str,
    help_text: str,
    label: str,
    numbers: Mapping[str, int],
    family: type[CounterMetricFamily | GaugeMetricFamily] = CounterMetricFamily,
) -> Metric:
    metric = family(name, help_text, labels=[label])
    for value, number in sorted(numbers.items()):
        metric.add_metric([value], number)
    return metric


def _spread(name: str, help_text: str, spread: Spread) -> Metric:
    return HistogramMetricFamily(name, help_text, buckets=spread.buckets(), sum_value=spread.total)


async def watch_loop_lag(lag: Callable[[float], None]) -> None:
    """Look four times a second how late the event loop is, until cancelled: ``tally.lag.note`` hears of it."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + PULSE_SECONDS
        await asyncio.sleep(PULSE_SECONDS)
        lag(max(0.0, loop.time() - due))
