"""P1: what a real push costs the server for each phone it reaches, beside a bare send loop and what others offer.

One phone sends a card; it is decided, committed, rendered in three languages and written to every phone. The
peers get a frame of the same size from one client and send it on to all: no rules, no disk, no rendering.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count

from tests.bench.figures import Dose, Row, ratio, spread
from tests.bench.load import Fell, Load, load, scratch_folder
from tests.bench.machine import Missing
from tests.bench.rivals import BROADCAST, ERLANG, FAN_OUT, FLOOR, SOCKETIO, WS, Rival, rival, running
from tests.bench.room import card, furnish
from tests.bench.serving import Serving, ours

OURS = "ours"
APART = 0.15
"""Seconds between two pushes, the same for all: a change that comes sooner than a tick after another waits for it."""
BEAT = {WS: 1.0, BROADCAST: 1.3, ERLANG: 1.2, SOCKETIO: 1.6}
"""Deliveries per CPU second against each peer's."""
FLOOR_RATIO = 1.3


@dataclass
class Runner:
    """One of those who run: its server, its phones, and what each round has cost."""

    name: str
    serving: Serving
    load: Load
    kind: Rival | None = None
    micros: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    slowest: list[float] = field(default_factory=list)
    size: int = 0
    """Bytes of a delivery, with its head."""
    numbers: Iterator[int] = field(default_factory=count)

    def round(self, pushes: int, size: int) -> None:
        """So many pushes; CPU microseconds for each delivery. Raises Fell if one was lost or came twice."""
        before, reached = self.serving.cpu(), 0
        for _ in range(pushes):
            began = time.monotonic()
            reached += self._push(next(self.numbers), size)
            time.sleep(max(0.0, APART - (time.monotonic() - began)))
        self.micros.append((self.serving.cpu() - before) * 1e6 / reached)

    def _push(self, n: int, size: int) -> int:
        marker = f"push-{n:06d}."
        text = (f"{marker} " + "x" * size)[:size]
        frame = card(f"push{n}", marker) if self.kind is None else self.kind.frame(text)
        told = self.load.push(frame, marker, by=n % len(self.load.phones))
        if told["missed"] or told["twice"]:
            raise Fell(f"{self.name}: {told['missed']} phones missed a push, {told['twice']} got one twice")
        self.busy.append(told["busy"])
        self.slowest.append(told["ms"]["max"])
        self.size = told["bytes"] // told["reached"]
        return int(told["reached"])


def measure(dose: Dose) -> Row:
    row = Row("P1", "CPU of a push for each phone it reaches", unit="× the C floor", beat=f"≤{FLOOR_RATIO}")
    found = []
    for phones in sorted({dose.phones // 10, dose.phones}):
        found.append(_compare(row, phones, dose))
    row.value = max(found)
    return row


def _compare(row: Row, phones: int, dose: Dose) -> float:
    with ExitStack() as stack:
        runners = list(_runners(row, phones, stack))
        runners[0].round(2, 0)  # warms up, and tells how large a frame is
        size = runners[0].size - 4
        for runner in runners[1:]:
            runner.round(2, size)
        for runner in runners:
            runner.micros.clear()
        for _ in range(dose.rounds):
            for runner in runners:
                runner.round(dose.pushes, size)
    return _judged(row, phones, size, {runner.name: runner for runner in runners})


def _runners(row: Row, phones: int, stack: ExitStack) -> Iterator[Runner]:
    """Everybody up and connected, ours first."""
    room = furnish(scratch_folder("p1"), phones, cards=50)
    serving = stack.enter_context(ours(room.data))
    yield _connected(Runner(OURS, serving, stack.enter_context(load(room.phones(serving.port)))))
    for name in FAN_OUT:
        try:
            serving = stack.enter_context(running(name))
        except Missing as missing:
            row.note(name, str(missing))
            continue
        kind = rival(name)
        clients = stack.enter_context(load(kind.phones(serving.port, phones)))
        yield _connected(Runner(name, serving, clients, kind))


def _connected(runner: Runner) -> Runner:
    runner.load.connect()
    return runner


def _judged(row: Row, phones: int, size: int, runners: dict[str, Runner]) -> float:
    mine = runners[OURS].micros
    crowd = f"{phones:,} phones"
    row.note(f"{crowd}: ours, frames of {size:,} bytes", spread(mine).show(2, "µs"))
    row.note(f"{crowd}: a push reaches the last phone after", spread(runners[OURS].slowest).show(0, "ms"))
    row.detail[crowd] = {name: spread(runner.micros).told for name, runner in runners.items()}
    row.detail[f"{crowd}: busy share of the load generator"] = max(max(r.busy) for r in runners.values())
    against = ratio(mine, runners[FLOOR].micros)
    row.most(
        f"{crowd}: CPU against {FLOOR} ({spread(runners[FLOOR].micros).show(2, 'µs')})", against, FLOOR_RATIO
    )
    for name, limit in BEAT.items():
        if name in runners:
            theirs = runners[name].micros
            what = f"{crowd}: deliveries per CPU second against {name} ({spread(theirs).show(2, 'µs')})"
            row.least(what, ratio(theirs, mine), limit)
    return against.median
