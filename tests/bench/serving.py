"""Servers as processes of their own on the server's core: ours as everybody starts it, and the peers."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from app.address import any_port
from app.settings import ROOT
from tests.bench.load import Fell
from tests.bench.machine import SCRATCH, cores, cpu_seconds, pinned

START_SECONDS = 60.0


@dataclass
class Serving:
    """A process that listens on a port of 127.0.0.1."""

    process: subprocess.Popen[bytes]
    port: int

    @property
    def pid(self) -> int:
        return self.process.pid

    def cpu(self) -> float:
        """CPU seconds so far."""
        return cpu_seconds(self.pid)

    def kill(self) -> None:
        """SIGKILL, as the power would go."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """Ask it to end, and insist after a while."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()


def start(
    command: Sequence[str | Path],
    port: int,
    free: bool = False,
    cwd: Path = ROOT,
    environment: Mapping[str, str] | None = None,
) -> Serving:
    """Start a process on the server's core (on all of them if ``free``); it does not answer yet."""
    SCRATCH.mkdir(exist_ok=True)
    with (SCRATCH / "servers.log").open("ab") as log:
        process = subprocess.Popen(
            [str(word) for word in command],
            cwd=cwd,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=None if free else pinned(cores()[0]),
        )
    return Serving(process, port)


def start_ours(
    data: Path,
    port: int = 0,
    environment: Mapping[str, str] | None = None,
    free: bool = False,
    cwd: Path = ROOT,
    module: str = "app",
) -> Serving:
    """``python -m app serve`` on a data folder; it does not answer yet."""
    port = port or any_port("127.0.0.1")
    command = [sys.executable, "-m", module, "serve", "--port", str(port), "--data", str(data)]
    return start(command, port, free, cwd, environment)


def await_answer(serving: Serving, path: str = "/healthz") -> None:
    """Wait until the server answers. Raises Fell if it ends, or takes too long."""
    until = time.monotonic() + START_SECONDS
    while not answers(serving.port, path):
        if serving.process.poll() is not None or time.monotonic() > until:
            raise Fell(f"a server did not come up; {SCRATCH / 'servers.log'} says why")
        time.sleep(0.01)


def answers(port: int, path: str = "/healthz", cookie: str = "") -> bool:
    """Whether a page is there."""
    with suppress(OSError, HTTPException), closing(HTTPConnection("127.0.0.1", port, timeout=60)) as http:
        http.request("GET", path, headers={"Cookie": cookie})
        return http.getresponse().status == 200
    return False


def await_port(serving: Serving) -> None:
    """Wait until somebody listens. Raises Fell if the server ends, or takes too long."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and serving.process.poll() is None:
        with suppress(OSError), closing(socket.create_connection(("127.0.0.1", serving.port), 1)):
            return
        time.sleep(0.02)
    raise Fell(f"a peer did not come up; {SCRATCH / 'servers.log'} says why")


@contextmanager
def ours(
    data: Path,
    environment: Mapping[str, str] | None = None,
    free: bool = False,
    cwd: Path = ROOT,
    module: str = "app",
) -> Iterator[Serving]:
    """Our server on a data folder until the block ends."""
    serving = start_ours(data, environment=environment, free=free, cwd=cwd, module=module)
    try:
        await_answer(serving)
        yield serving
    finally:
        serving.stop()
