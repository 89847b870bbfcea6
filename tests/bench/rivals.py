"""The peers, ready to run: which are there on this machine, and how each is started and spoken to."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.address import any_port
from tests.bench.load import Phone, scratch_folder
from tests.bench.machine import HERE, SCRATCH, Missing, compiled
from tests.bench.serving import Serving, await_port, start

PEERS = HERE / "peers"
FLOOR, WS, SOCKETIO, BROADCAST, ERLANG = (
    "C floor",
    "node ws",
    "socket.io",
    "websockets broadcast",
    "bare Erlang",
)
FAN_OUT = (FLOOR, WS, SOCKETIO, BROADCAST, ERLANG)


@dataclass(frozen=True)
class Rival:
    """One peer that sends on to all what one says."""

    name: str
    path: str = "/"
    first: str = ""

    def phones(self, port: int, number: int) -> list[Phone]:
        return [Phone(port, self.path, first=self.first)] * number

    def frame(self, text: str) -> str:
        """What a client has to say so that everybody gets ``text``."""
        return "42" + json.dumps(["push", text], separators=(",", ":")) if self.name == SOCKETIO else text


def rival(name: str) -> Rival:
    return Rival(name, "/socket.io/?EIO=4&transport=websocket", "40") if name == SOCKETIO else Rival(name)


@contextmanager
def running(name: str, *extra: str) -> Iterator[Serving]:
    """A peer until the block ends. Raises Missing where its parts are not to be had."""
    port = any_port("127.0.0.1")
    serving = start(
        [*_command(name), str(port), *extra], port, cwd=_modules() if name in (WS, SOCKETIO) else HERE
    )
    try:
        await_port(serving)
        yield serving
    finally:
        serving.kill()


def _command(name: str) -> list[str | Path]:
    if name == FLOOR:
        return [compiled(PEERS / "floor.c")]
    if name == BROADCAST:
        return [sys.executable, PEERS / "broadcast.py"]
    if name == ERLANG:
        return ["erl", "-noshell", "+S", "1", "-pa", _beam(), "-run", "fan", "main"]
    return ["node", _modules() / ("ws.mjs" if name == WS else "socketio.mjs")]


@cache
def _modules() -> Path:
    """A folder with node's packages, and our two peers beside them, where node looks for packages."""
    folder = SCRATCH / "node"
    folder.mkdir(parents=True, exist_ok=True)
    if shutil.which("npm") is None or shutil.which("node") is None:
        raise Missing("node and npm are not installed")
    if not (folder / "node_modules" / "socket.io").exists():
        command = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "ws@8", "socket.io@4"]
        if subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode:
            raise Missing("npm could not fetch ws and socket.io")
    for name in ("ws.mjs", "socketio.mjs"):
        shutil.copy(PEERS / name, folder)
    return folder


@cache
def _beam() -> Path:
    if shutil.which("erl") is None or shutil.which("erlc") is None:
        raise Missing("Erlang is not installed (Debian: erlang-base erlang-crypto)")
    subprocess.run(["erlc", "-o", str(SCRATCH), str(PEERS / "fan.erl")], check=True)
    return SCRATCH


@contextmanager
def plain() -> Iterator[Serving]:
    """The plain way to take votes, until the block ends."""
    port, folder = any_port("127.0.0.1"), scratch_folder("plain")
    serving = start([sys.executable, PEERS / "plain.py", str(port), folder], port, free=True)
    try:
        await_port(serving)
        yield serving
    finally:
        serving.kill()
        shutil.rmtree(folder, ignore_errors=True)
