"""The machine under the figures: who runs on which core, what work costs, what is compiled and fetched for a run."""

from __future__ import annotations

import os
import platform
import resource
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent
SCRATCH = HERE / "scratch"
"""What a run compiles, fetches and writes; git ignores it. On the same disk as the sources: never in memory."""
FILES = 12_000
"""Open sockets that one process of a full run needs."""


class Missing(Exception):
    """Something that a row needs is not on this machine; the text says what."""


def cores() -> tuple[int, int]:
    """The server's core and the load's. Where there is only one it is the same, and no figure is worth much."""
    ours = sorted(os.sched_getaffinity(0))
    return ours[0], ours[-1]


def pinned(core: int) -> Callable[[], None]:
    """For a child process, before it becomes another program: it and all its threads stay on one core."""
    return lambda: os.sched_setaffinity(0, {core})


def raise_files() -> str:
    """Let this process and its children open as many files as they may; what is lacking, in words, or ""."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < FILES:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))
        except (ValueError, PermissionError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
            return f"only {hard} open files are allowed here, and 10,000 phones need {FILES} (ulimit -n)"
    else:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return ""


def cpu_seconds(pid: int) -> float:
    """CPU that a process has used so far, all its threads, user and system: what ``/proc/PID/stat`` says in hundredths
    of a second, here from the process's own CPU clock, in nanoseconds."""
    return time.clock_gettime((~pid << 3) | 2)


def memory(pid: int) -> int:
    """Bytes of memory that are a process's own (PSS)."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise Missing("the kernel does not tell the memory of a process")


def compiled(source: Path) -> Path:
    """A C source as a program, compiled if it is not yet. Raises Missing."""
    program = SCRATCH / source.stem
    SCRATCH.mkdir(exist_ok=True)
    if program.exists() and program.stat().st_mtime >= source.stat().st_mtime:
        return program
    if missing := missing_to_compile():
        raise Missing(missing)
    fresh = program.with_suffix(f".{os.getpid()}")
    subprocess.run(["gcc", "-O2", "-Wall", "-Wextra", "-o", str(fresh), str(source), "-lz"], check=True)
    return fresh.replace(program)


def missing_to_compile() -> str:
    """What is not installed that the programs in C need; "" if nothing."""
    if shutil.which("gcc") is None:
        return "gcc is not installed"
    asked = ["gcc", "-E", "-x", "c", "-include", "zlib.h", "/dev/null"]
    found = subprocess.run(asked, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return "zlib.h is not installed (Debian and Ubuntu: zlib1g-dev)" if found.returncode else ""


def describe() -> str:
    """The machine in one line."""
    model = next((v for k, _, v in _fields(Path("/proc/cpuinfo")) if k.strip() == "model name"), "?").strip()
    total = next((v for k, _, v in _fields(Path("/proc/meminfo")) if k == "MemTotal"), "0 kB").split()[0]
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    return f"{len(os.sched_getaffinity(0))} × {model}, {int(total) / 1048576:.0f} GB, {system}"


def _fields(path: Path) -> list[tuple[str, str, str]]:
    return [line.partition(":") for line in path.read_text().splitlines()]
