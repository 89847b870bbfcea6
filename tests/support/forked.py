"""Processes of ours that need not import everything anew: each is forked from one that has, and else is as any other.

To import the server takes a second of a core, and the tests start more than a hundred. The one they are forked from
begins with the first that is asked for, runs nothing, and ends with whoever asked.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from multiprocessing import connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Lock

from app.settings import ROOT


class Forked:
    """``python -m MODULE ARGUMENTS`` in a session of its own, in its own environment; asked as `subprocess.Popen` is.

    What it prints is added to a file.
    """

    def __init__(
        self, module: str, arguments: Sequence[str], environment: Mapping[str, str], output: Path
    ) -> None:
        given, self._asking = (module, [*arguments], dict(environment), output), Lock()
        self._process = _context().Process(target=_become, args=given, daemon=True)
        self._process.start()
        assert self._process.pid is not None
        self.pid = self._process.pid

    def poll(self) -> int | None:
        """Its exit status, once it has ended."""
        with self._asking:  # it is told once, and threads may wait beside
            return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Its exit status, when it has ended. Raises TimeoutExpired."""
        connection.wait([self._process.sentinel], timeout)
        if (status := self.poll()) is None:
            raise subprocess.TimeoutExpired(self._process.name, timeout or 0.0)
        return status

    def send_signal(self, number: int) -> None:
        """To it alone; none if it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)


@cache
def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.support.imported"])
    return context


async def came_to_its_end(module: str, *arguments: object) -> None:
    """Run ``python -m MODULE ARGUMENTS`` to its end. Raises AssertionError, with what it printed, if it fails."""
    with NamedTemporaryFile() as output:
        process = Forked(module, [*map(str, arguments)], os.environ, Path(output.name))
        status = await asyncio.to_thread(process.wait)
        assert status == 0, output.read()[-2000:].decode("utf-8", "replace")


def _become(module: str, arguments: list[str], environment: dict[str, str], output: Path) -> None:
    """In the new process: what a process of this command line would be."""
    os.setsid()
    with output.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv[1:] = arguments
    runpy.run_module(module, run_name="__main__", alter_sys=True)
