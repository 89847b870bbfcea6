"""The server under test: a process of its own on a folder of its own, with one session in it."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg

from app.address import NOTE, any_port
from app.database import open_database
from app.planning.create_session import Plan, create_session
from app.settings import ROOT
from tests.faults.phone import Phone
from tests.faults.web import Web
from tests.support.forked import Forked
from tests.support.stage import phase, race48, words

START_SECONDS = 60.0
STOP_SECONDS = 15.0
UNLIMITED = "1000000"
"""Commands of one person at once: here a few people play thousands (that they are limited is a row of its own)."""
AT_ONCE = 16
"""People who come through the door at the same time."""
IDEAS, DOTS, CARDS = "P1", "P2", "P3"
"""The phases of a simple session: a few ideas; a vote on them that may be cast again and again; and, beside the vote,
cards without end."""
OPTIONS = tuple(f"{IDEAS}c{n}" for n in range(1, 7))


class Entry(NamedTuple):
    """A row of the log, as it stands on disk."""

    seq: int
    command: str
    kind: str
    actor: str
    at: float
    phase: str


def simple() -> dict[str, Any]:
    """A short format: enough that everybody can write, vote and be told things."""
    shelves = {key: value for key, value in race48().items() if key not in ("phase", "key", "title")}
    everyone: dict[str, Any] = {"minutes": 600, "who": ["everyone"]}
    cards = {**everyone, "rules": {"per_person": 10**6}}
    dots = {**everyone, "rules": {"method": "dots", "dots": 3}}
    phases = [
        phase("collect", IDEAS, **cards),
        phase("vote", DOTS, inputs=[IDEAS], **dots),
        phase("collect", CARDS, beside=DOTS, **cards),
    ]
    return {**shelves, "key": "simple", "title": words("Simple"), "phase": phases}


class Venue:
    """``python -m app serve``, or a variant that was broken on purpose; it may be killed and started again."""

    def __init__(
        self, folder: Path, broken: str = "", wrap: Sequence[str] = (), url: str = "", **environment: str
    ) -> None:
        self.folder, self.wrap, self.environment = folder, list(wrap), environment
        self.module = ["tests.faults.broken", broken] if broken else ["app"]
        self.url = url
        """A PostgreSQL instead of the folder."""
        self.port = any_port("127.0.0.1")
        self.code = ""
        self.tokens: dict[str, list[str]] = {}
        self.process: subprocess.Popen[bytes] | Forked | None = None
        ours = {
            "RACE_TEST_ARMED": str(folder / "armed"),
            "RACE_DATABASE_URL": url,
            "RACE_MESSAGES_BURST": UNLIMITED,
        }
        self.environment = {**ours, **self.environment}
        self.started: list[float] = []
        """Seconds that each start took until the server answered."""

    @property
    def database(self) -> Path:
        return self.folder / "race.sqlite"

    # ---- the process

    async def start(self) -> float:
        """Start it and wait until it answers; the seconds that took."""
        began = time.perf_counter()
        self.launch()
        await self.answering()
        self.started.append(time.perf_counter() - began)
        return self.started[-1]

    def launch(self) -> None:
        """Start it, and do not wait."""
        serve = ["serve", "--host", "127.0.0.1", "--port", str(self.port), "--data", str(self.folder)]
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / NOTE).unlink(missing_ok=True)
        environment, log = {**os.environ, **self.environment}, self.folder / "server.log"
        module, *arguments = [*self.module, *serve]
        if self.wrap or "LD_PRELOAD" in environment:  # takes hold where a program begins
            self.process = _begun([*self.wrap, sys.executable, "-m", module, *arguments], environment, log)
        else:
            self.process = Forked(module, arguments, environment, log)

    async def answering(self) -> None:
        """Wait until it answers. Raises AssertionError, with its last words, if it does not."""
        began = time.perf_counter()
        while not await self._answers():
            assert self.process is not None
            ended = self.process.poll() is not None or time.perf_counter() - began > START_SECONDS
            assert not ended, f"the server did not start: {self.last_words()}"
            await asyncio.sleep(0.01)

    async def _answers(self) -> bool:
        if not (self.folder / NOTE).exists():
            return False
        with suppress(OSError, asyncio.IncompleteReadError):
            async with Web(self.port) as web:
                return (await web.get("/healthz")).status == 200
        return False

    def arm(self) -> None:
        """From now on what was broken on purpose is broken."""
        (self.folder / "armed").touch()

    async def kill(self) -> None:
        """SIGKILL, to it and whatever it is wrapped in: it gets no chance to finish anything."""
        if self.process is not None:
            self._signal(signal.SIGKILL)
            await asyncio.to_thread(self.process.wait)

    async def stop(self) -> None:
        """SIGTERM, and insist if it does not stop."""
        if self.process is None or self.process.poll() is not None:
            return
        self._signal(signal.SIGTERM)
        try:
            await asyncio.to_thread(self.process.wait, STOP_SECONDS)
        except subprocess.TimeoutExpired:
            await self.kill()

    def _signal(self, number: signal.Signals) -> None:
        """To it and whatever it is wrapped in, if it has not ended."""
        assert self.process is not None
        with suppress(ProcessLookupError):
            if self.process.poll() is None:
                (os.killpg if self.wrap else os.kill)(self.process.pid, number)

    def last_words(self) -> str:
        with suppress(OSError):
            return (self.folder / "server.log").read_text("utf-8", "replace").strip()[-1500:]
        return ""

    def memory(self) -> float:
        """Resident megabytes of the server."""
        assert self.process is not None
        pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6

    def sockets(self) -> int:
        """Connections that the server holds."""
        assert self.process is not None
        ends = Path(f"/proc/{self.process.pid}/net/tcp").read_text().splitlines()[1:]
        return sum(end.split()[1].endswith(f":{self.port:04X}") and end.split()[3] == "01" for end in ends)

    # ---- the session

    async def begin(self, form: Mapping[str, Any] | None = None, at: float = 0.0, consoles: int = 2) -> None:
        """Found the session; the server need not run."""
        roles = ["facilitator"] * consoles + ["screen"] * 2
        database = open_database(self.folder, self.url)
        try:
            await database.migrate()
            founded = await create_session(database, Plan(form or simple(), at or time.time()), roles)
        finally:
            await database.close()
        self.code, self.tokens = founded.code, {}
        for role, token in zip(roles, founded.tokens, strict=True):
            self.tokens.setdefault(role, []).append(token)

    async def people(self, number: int, language: str = "") -> list[Phone]:
        """So many people come through the door, a few at a time, in three languages."""
        waiting, phones = iter(range(number)), []

        async def queue() -> None:
            async with Web(self.port) as web:
                for n in waiting:
                    told = {"name": f"Guest {n}", "language": language or ("en", "sv", "fi")[n % 3]}
                    answer = await web.post(f"/s/{self.code}/join", told)
                    assert answer.status == 303, answer
                    phones.append(Phone(self.port, self.code, answer.cookies))

        await asyncio.gather(*(queue() for _ in range(min(AT_ONCE, number))))
        return phones

    async def staff(self, role: str = "facilitator") -> Phone:
        """Somebody opens a staff link: a console, or the projector."""
        async with Web(self.port) as web:
            answer = await web.post(f"/enter/{self.tokens[role].pop()}", {"name": role.capitalize()})
        assert answer.status == 303, answer
        return Phone(self.port, self.code, answer.cookies, "screen" if role == "screen" else "console")

    def neighbour(self, folder: Path, broken: str = "") -> Venue:
        """One more server for the same session, on the same PostgreSQL."""
        other = Venue(folder, broken, url=self.url)
        other.code, other.tokens = self.code, self.tokens
        return other

    # ---- the disk

    def log(self, after: int = 0) -> list[Entry]:
        """The log as it stands on disk, read without asking the server."""
        if self.url:
            with ThreadPoolExecutor(1) as thread:
                return thread.submit(asyncio.run, self._log_in_postgres(after)).result()
        with closing(sqlite3.connect(self.database, timeout=30)) as db:
            rows = db.execute(
                "SELECT seq, command, kind, actor, at, phase FROM log WHERE stream = ? AND seq > ? ORDER BY seq",
                (self.code, after),
            )
            return [Entry(*row) for row in rows]

    async def _log_in_postgres(self, after: int) -> list[Entry]:
        connection = await asyncpg.connect(self.url)
        try:
            rows = await connection.fetch(
                "SELECT seq, command, kind, actor, at, phase FROM log WHERE stream = $1 AND seq > $2 ORDER BY seq",
                self.code,
                after,
            )
        finally:
            await connection.close()
        return [Entry(*row) for row in rows]


def _begun(command: list[str], environment: Mapping[str, str], log: Path) -> subprocess.Popen[bytes]:
    """A program from its very beginning, in a session of its own."""
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


@asynccontextmanager
async def venue(
    folder: Path, broken: str = "", form: Mapping[str, Any] | None = None, **more: Any
) -> AsyncIterator[Venue]:
    """A server that runs with a session in it, until the block ends."""
    held = Venue(folder, broken, **more)
    await held.begin(form)
    try:
        await held.start()
        yield held
    finally:
        await held.kill()


async def begun(held: Venue) -> Phone:
    """A simple session with its ideas collected, and the vote and the cards open; the facilitator's console."""
    console = await held.staff()
    await console.load(keep=False)
    await console.connect()
    await _accepted(console, "open_phase", IDEAS)
    for number in range(1, len(OPTIONS) + 1):
        await _accepted(console, "add_card", IDEAS, text=f"Idea {number}")
    await _accepted(console, "open_phase", DOTS)
    return console


async def heard(console: Phone, phones: Sequence[Phone]) -> None:
    """Something is said to everybody, and all have heard it, and so everything before it."""
    seq = await console.say("announce", text=f"Does everybody hear this? {time.time()}")
    assert isinstance(seq, int), seq
    await asyncio.gather(*(phone.until(lambda p=phone: p.seq >= seq) for phone in phones))


async def _accepted(phone: Phone, command: str, where: str, **fields: str) -> None:
    told = await phone.say(command, where, **fields)
    assert isinstance(told, int), f"{command} in {where}: {told}"
