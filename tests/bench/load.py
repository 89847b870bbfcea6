"""The load generator from Python: ``loadgen.c``, a process of its own on its own core, told what to do line by
line. Its phones deflate what they say where the server agrees to it, as browsers do."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from tests.bench.machine import HERE, SCRATCH, compiled, cores, pinned

AT_ONCE = 256
"""Handshakes under way at a time: fewer than the backlog of any server here."""
PATIENCE_MS = 120_000

Told = dict[str, Any]
"""What the generator says after each order; ``loadgen.c`` explains the names."""
_runs = count(1)


@dataclass(frozen=True, slots=True)
class Phone:
    """A client as the generator needs it. ``@`` stands for the last seq in ``first`` and for an id in ``ballot``."""

    port: int
    path: str = "/"
    cookie: str = ""
    first: str = ""
    ballot: str = ""
    seq: int = 0

    @property
    def line(self) -> str:
        return "\t".join(map(str, (self.port, self.path, self.cookie, self.first, self.ballot, self.seq)))


class Load:
    """One generator and its phones. Raises Fell if it dies."""

    def __init__(self, process: subprocess.Popen[str], phones: list[Phone]) -> None:
        self.process, self.phones = process, phones

    def ask(self, order: str) -> Told:
        """Give an order and wait until it is done."""
        self.tell(order)
        return self.hear()

    def tell(self, order: str) -> None:
        """Give an order and do something else meanwhile; ``hear`` afterwards."""
        assert self.process.stdin is not None
        self.process.stdin.write(order + "\n")
        self.process.stdin.flush()

    def hear(self) -> Told:
        """Wait until the order is done."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise Fell("the load generator died")
        told: Told = json.loads(line)
        return told

    def connect(self) -> Told:
        """Open every phone and wait until all is quiet. Raises Fell unless all came up."""
        told = self.ask(f"connect {AT_ONCE} {PATIENCE_MS}")
        if told["connected"] != len(self.phones):
            raise Fell(f"{told['connected']} of {len(self.phones)} phones came up")
        self.quiet()
        return told

    def quiet(self, ms: int = 300) -> None:
        """Wait until nothing has come for a while, 30 s at the most."""
        self.ask(f"quiet {ms} 30000")

    def push(self, frame: str, marker: str, command: str = "-", by: int = 0, ms: int = 30_000) -> Told:
        """One phone says ``frame``; waits until every phone has got a frame with ``marker`` in it."""
        return self.ask(f"push {by} {marker} {command} {ms} {frame}")

    def burst(self, voters: int, turns: int = 1, ms: int = 5_000) -> Told:
        """Everybody votes at once, and again as soon as the last ballot is answered, ``turns`` times; no ballot is
        begun after ``ms``."""
        return self.ask(f"burst {voters} {turns} {ms}")

    def flow(self, voters: int, rate: float, seconds: float) -> Told:
        """Ballots at a steady rate, whatever the server does. Waits are counted from when each was due."""
        return self.ask(f"flow {voters} {rate} {seconds}")

    def answers(self) -> list[tuple[int, str, int]]:
        """Every ballot that was acknowledged so far: phone, id, seq."""
        path = SCRATCH / f"answers-{self.process.pid}"
        self.ask(f"answers {path}")
        rows = [line.split() for line in path.read_text().splitlines()]
        path.unlink()
        return [(int(phone), command, int(seq)) for phone, command, seq in rows]


class Fell(Exception):
    """A run that cannot be counted: the text says what fell over."""


@contextmanager
def load(phones: Iterable[Phone]) -> Iterator[Load]:
    """A generator with these phones, not connected yet; it ends with the block."""
    listed = list(phones)
    book = SCRATCH / f"phones-{next(_runs)}"
    program = compiled(HERE / "loadgen.c")
    book.write_text("".join(phone.line + "\n" for phone in listed))
    generator = subprocess.Popen(
        [program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=pinned(cores()[1]),
    )
    with generator as process:
        try:
            running = Load(process, listed)
            running.ask(f"phones {book}")
            yield running
        finally:
            process.kill()
            book.unlink(missing_ok=True)


def spread_over(ports: list[int], phones: Iterable[Phone]) -> list[Phone]:
    """The same phones, in turn at each of several servers."""
    return [
        Phone(ports[n % len(ports)], p.path, p.cookie, p.first, p.ballot, p.seq) for n, p in enumerate(phones)
    ]


def scratch_folder(name: str) -> Path:
    """A folder of a run's own."""
    folder = SCRATCH / f"{name}-{next(_runs)}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
