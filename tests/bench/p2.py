"""P2: ballots that are decided, on disk and acknowledged: everybody at once, and a steady stream into a full hall.

The server may use both cores, as the load does. The plain way (a commit for each vote) and the same server without
waiting for the disk run in between.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from tests.bench.figures import Dose, Row, ratio, spread
from tests.bench.load import Fell, Load, Phone, Told, load, scratch_folder
from tests.bench.rivals import FLOOR, plain, running
from tests.bench.room import Room, copied, furnish
from tests.bench.serving import Serving, ours

CARDS = 50
RATE, PLAIN_TIMES, NORMAL_SHARE = 20_000, 15, 0.9
STREAM, ACK_MS, PAUSE_MS = 5_000, 50, 100
TURNS = 3
"""Ballots of each voter in the longer burst: people who change their minds."""
PLAIN_VOTERS = 500
UNSAFE = "tests.bench.peers.careless"
"""Our server with ``synchronous=NORMAL``."""


@dataclass
class Hall:
    """A server with its room and its phones, all connected."""

    serving: Serving
    load: Load
    told: dict[str, list[Told]] = field(default_factory=dict)

    def burst(self, voters: int, turns: int = 1) -> None:
        self._count(f"burst {turns}", self.load.burst(voters, turns))

    def flow(self, voters: int, rate: float, seconds: float) -> None:
        self._count("flow", self.load.flow(voters, rate, seconds))

    def _count(self, name: str, told: Told) -> None:
        if told["refused"] or told["strays"] or told["lost"]:
            raise Fell(
                f"{name}: {told['refused']} refused, {told['strays']} answered twice, {told['lost']} cut off"
            )
        self.told.setdefault(name, []).append(told)
        self.load.quiet()

    def all(self, name: str, *path: str) -> list[float]:
        """One figure of every round."""
        return [float(_inside(told, path)) for told in self.told[name]]


def _inside(told: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        told = told[name]
    return told


def measure(dose: Dose) -> Row:
    row = Row("P2", "Ballots decided, on disk and acknowledged", unit="ballots/s", beat=f"≥{RATE:,}")
    with ExitStack() as stack:
        room = furnish(scratch_folder("p2"), dose.phones, CARDS, voting=True)
        full, normal = _hall(stack, copied(room, "p2")), _hall(stack, room, UNSAFE)
        simple = _plain(stack)
        bare = _floor(stack, dose)
        for hall in (full, normal):
            hall.load.burst(dose.phones)  # warms up; everybody has voted once
            hall.load.quiet()
        for _ in range(dose.rounds):
            full.burst(dose.phones)
            normal.burst(dose.phones)
            simple.burst(min(PLAIN_VOTERS, dose.phones))
            bare.burst(dose.phones, 10)
            full.burst(dose.phones, TURNS)
            normal.burst(dose.phones, TURNS)
            full.flow(dose.phones, min(STREAM, dose.phones), dose.seconds)
    _judge(row, full, normal, simple, bare, dose)
    return row


def _hall(stack: ExitStack, room: Room, module: str = "app") -> Hall:
    serving = stack.enter_context(ours(room.data, free=True, module=module))
    return _connected(Hall(serving, stack.enter_context(load(room.phones(serving.port)))))


def _plain(stack: ExitStack) -> Hall:
    serving = stack.enter_context(plain())
    return _connected(Hall(serving, stack.enter_context(load([_voter(serving.port)] * PLAIN_VOTERS))))


def _floor(stack: ExitStack, dose: Dose) -> Hall:
    """Acknowledges without doing anything: how much the load generator could ask for."""
    serving = stack.enter_context(running(FLOOR))
    return _connected(Hall(serving, stack.enter_context(load([_voter(serving.port)] * dose.phones))))


def _voter(port: int) -> Phone:
    return Phone(
        port, ballot='{"command":"cast_ballot","id":"@","phase":"R04","option":["R03c1","R03c2","R03c3"]}'
    )


def _connected(hall: Hall) -> Hall:
    hall.load.connect()
    return hall


def _judge(row: Row, full: Hall, normal: Hall, simple: Hall, bare: Hall, dose: Dose) -> None:
    once, again, theirs = (
        full.all("burst 1", "rate"),
        full.all(f"burst {TURNS}", "rate"),
        simple.all("burst 1", "rate"),
    )
    row.value = spread(once).median
    row.least(f"{dose.phones:,} phones vote at once", spread(once), RATE, 0, "ballots/s")
    row.note("  the last is acknowledged after", spread(full.all("burst 1", "ms", "max")).show(0, "ms"))
    row.note(f"  each {TURNS} times, as soon as answered", spread(again).show(0, "ballots/s"))
    row.least(
        f"against a commit per vote ({spread(theirs).show(0, 'ballots/s')})",
        ratio(once, theirs),
        PLAIN_TIMES,
        1,
        "×",
    )
    unsafe = normal.all(f"burst {TURNS}", "rate")
    late = sum(told["unanswered"] for rounds in full.told.values() for told in rounds)
    row.true("every ballot is answered within 10 s", not late, f"{late} were not")
    row.least("synchronous=FULL against NORMAL", ratio(again, unsafe), NORMAL_SHARE, 2, "×")
    stream = f"{dose.phones:,} phones, {STREAM:,} ballots/s"
    row.most(f"{stream}: acknowledged, p99", spread(full.all("flow", "ms", "p99")), ACK_MS, 1, "ms")
    row.most(f"{stream}: longest pause", spread(full.all("flow", "gap_ms")), PAUSE_MS, 1, "ms")
    row.note(
        "the load generator alone, against a C server",
        spread(bare.all("burst 10", "rate")).show(0, "ballots/s"),
    )
    shares = [told["busy"] for rounds in full.told.values() for told in rounds]
    row.note("  its share of a core meanwhile, at the most", f"{max(shares):.2f}")
    row.detail["rounds"] = full.told
