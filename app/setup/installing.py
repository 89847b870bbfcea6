"""Installing the packages: `.venv/` is made where there is none, and the same command starts again in there."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NoReturn

from app.setup.machine import apt_install, runs, say, stop
from app.setup.requirements import (
    ROOT,
    VENV,
    VENV_PYTHON,
    digest_of,
    fresh,
    lock_of,
    locked,
    ready,
    stamp_of,
)


def ensure(extra: str = "") -> None:
    """Go on only with the packages of pyproject.toml at hand: those of the server, and of `extra` if named.

    Returns at once when the running interpreter has them. Else makes or refreshes `.venv/` and starts this
    very command again with the interpreter in there, so the caller never sees the difference.
    """
    if ready(extra):
        return
    with _only_one():
        if not fresh(extra):
            _install(extra)
    _start_again()


@contextmanager
def _only_one() -> Iterator[None]:
    """Let one command at a time fill `.venv/`; a second one waits for the first.

    SQLite's file lock is the one in the standard library that is the same on every system and is let go
    when its holder dies.
    """
    with closing(sqlite3.connect(ROOT / ".venv.lock", timeout=0, isolation_level=None)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            say("Another command is installing the packages; waiting for it …")
            lock.execute("PRAGMA busy_timeout = 1800000")
            lock.execute("BEGIN EXCLUSIVE")
        yield


def _install(extra: str) -> None:
    """Make `.venv/` where there is none that works, and install the locked versions into it."""
    begin = time.monotonic()
    if not _has_pip():
        _make_venv()
    for stale in VENV.glob("installed-*.json"):
        stale.unlink()
    say(f"Installing {locked(extra)} packages; the first time takes a minute …")
    _pip_install(lock_of(extra))
    digests = {name: digest_of(name) for name in {"", extra}}
    stamp_of(extra).write_text(json.dumps({"digests": digests}), encoding="utf-8")
    say(f"Installed in {time.monotonic() - begin:.0f} s.")


def _has_pip() -> bool:
    """Whether `.venv/` has an interpreter that runs and a pip to install with."""
    return VENV_PYTHON.exists() and runs(VENV_PYTHON, "-m", "pip", "--version")


def _make_venv() -> None:
    """Make `.venv/` anew; on a bare Debian get the missing half of Python first."""
    python = f"python{sys.version_info.major}.{sys.version_info.minor}"
    if not _can_make_venvs() and not (apt_install(f"{python}-venv") and _can_make_venvs()):
        stop(
            f"This Python cannot make virtual environments: install them (on Debian and Ubuntu "
            f"`sudo apt-get install {python}-venv`), and run the same command again."
        )
    say(f"Making .venv/ with Python {sys.version.split()[0]} …")
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], capture_output=True, text=True)
    if made.returncode:
        stop(f"`python -m venv` failed:\n{made.stdout}{made.stderr}")


def _can_make_venvs() -> bool:
    """Whether this Python has venv and ensurepip. Asked in a new process: apt may just have brought them."""
    return runs(sys.executable, "-c", "import ensurepip, venv")


def _pip_install(lock: Path) -> None:
    """Run pip in `.venv/`, telling in short what it is at and in full what went wrong. A file that is not the one that
    was locked is not installed, wherever it came from."""
    options = ["--disable-pip-version-check", "--no-input", "--progress-bar=off"]
    command = [
        str(VENV_PYTHON),
        "-m",
        "pip",
        "install",
        *options,
        "--require-hashes",
        "--no-deps",
        "-r",
        str(lock),
    ]
    lines: list[str] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip:
        for line in pip.stdout or ():
            lines.append(line)
            _show_progress(line)
    if pip.returncode:
        stop("pip could not install the packages:\n" + "".join(lines[-20:]))


def _show_progress(line: str) -> None:
    """Show one line of pip's, where a person watches: overwritten by the next."""
    if not sys.stdout.isatty():
        return
    if line.startswith("Collecting "):
        print(f"\r\033[K  {line.split()[1]}", end="", flush=True)
    elif line.startswith("Installing collected"):
        print("\r\033[K  unpacking …", end="", flush=True)
    elif line.startswith("Successfully"):
        print("\r\033[K", end="", flush=True)


def _start_again() -> NoReturn:
    """Become this same command, run by the interpreter of `.venv/`."""
    command = [str(VENV_PYTHON), *sys.orig_argv[1:]]
    sys.stdout.flush()
    if os.name == "nt":  # there exec leaves the console before the new process is done
        sys.exit(subprocess.run(command).returncode)
    os.execv(command[0], command)  # noqa: S606 - the arguments are our own
