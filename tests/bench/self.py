"""SELF: whether the load generator tells the truth, and how much of it there is to be had.

It is set before servers that leave out a delivery, make one twice, or stop for a while, and has to say so.
"""

from __future__ import annotations

import os
import signal
import threading
from contextlib import ExitStack

from tests.bench.figures import Dose, Row, spread
from tests.bench.load import Load, Phone, load
from tests.bench.rivals import FLOOR, running
from tests.bench.serving import Serving

PHONES = 1_000
FAULT = 100
"""Every so many-th delivery is left out, or made twice."""
STALL_SECONDS = 0.3
RATE = 5_000
BALLOT = '{"command":"cast_ballot","id":"@","phase":"R04","option":["R03c1","R03c2","R03c3"]}'


def measure(dose: Dose) -> Row:
    row = Row("SELF", "The load generator checks itself", unit="ballots/s", beat="counts what was planted")
    phones = min(PHONES, dose.phones * 10)
    _planted(row, phones)
    _stalled(row, phones, dose)
    _alone(row, phones, dose)
    return row


def _planted(row: Row, phones: int) -> None:
    for fault, extra, name in (
        ("no fault", (), ""),
        ("left out", (str(FAULT),), "missed"),
        ("twice", ("0", str(FAULT)), "twice"),
    ):
        with ExitStack() as stack:
            _, clients = _up(stack, phones, *extra)
            told = [clients.push(f"push-{n:03d} to all", f"push-{n:03d}", ms=500) for n in range(5)]
        found = {kind: sum(int(one[kind]) for one in told) for kind in ("reached", "missed", "twice")}
        planted = {kind: 5 * phones // FAULT if kind == name else 0 for kind in ("missed", "twice")}
        right = all(found[kind] in (planted[kind], planted[kind] - 1) for kind in planted)
        row.true(f"every {FAULT}th {fault}: {5 * phones:,} deliveries", right, str(found))


def _stalled(row: Row, phones: int, dose: Dose) -> None:
    """A server that stands still for a while in a steady stream: the wait is counted from when a ballot was due."""
    with ExitStack() as stack:
        serving, clients = _up(stack, phones)
        threading.Timer(dose.seconds / 3, _stop_for_a_while, (serving,)).start()
        told = clients.flow(phones, RATE, max(dose.seconds, 1.0))
    least = STALL_SECONDS * 1e3
    row.true(
        f"a server that stops for {least:.0f} ms: longest pause and longest wait",
        least <= told["gap_ms"] < 2 * least and least * 0.95 <= told["ms"]["max"] < 2 * least,
        f"{told['gap_ms']:.0f} ms, {told['ms']['max']:.0f} ms",
    )


def _stop_for_a_while(serving: Serving) -> None:
    os.kill(serving.pid, signal.SIGSTOP)
    threading.Event().wait(STALL_SECONDS)
    os.kill(serving.pid, signal.SIGCONT)


def _alone(row: Row, phones: int, dose: Dose) -> None:
    """Against a server that only acknowledges: what the generator can ask for, and how late it is by itself."""
    with ExitStack() as stack:
        _, clients = _up(stack, phones)
        bursts = [clients.burst(phones, 50) for _ in range(dose.rounds)]
        flows = [clients.flow(phones, RATE, dose.seconds) for _ in range(dose.rounds)]
    rates = spread([told["rate"] for told in bursts])
    row.value = rates.median
    row.note("acknowledged by a C server", rates.show(0, "ballots/s"))
    row.note(
        f"{RATE:,} ballots/s: p99 with a C server", spread([t["ms"]["p99"] for t in flows]).show(2, "ms")
    )
    row.note("  the generator's share of a core meanwhile", spread([t["busy"] for t in flows]).show(2))


def _up(stack: ExitStack, phones: int, *faults: str) -> tuple[Serving, Load]:
    serving = stack.enter_context(running(FLOOR, *faults))
    clients = stack.enter_context(load([Phone(serving.port, ballot=BALLOT)] * phones))
    clients.connect()
    return serving, clients
