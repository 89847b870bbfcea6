"""strace looks at the order in which the server writes, syncs and acknowledges."""

from __future__ import annotations

import asyncio
import re
import shutil
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from app.setup.machine import apt_install
from tests.faults.d3 import answered
from tests.faults.finding import SMALL, Finding
from tests.faults.venue import CARDS, DOTS, OPTIONS, Venue, begun

CHECKED = (
    "before the bytes of each acknowledgement go to a socket, a sync of the write-ahead log has ended that began after "
    "the command had been written to it"
)
BROKEN = ("synchronous_off", "ack_first")

PEOPLE = {SMALL: 10}
EACH = {SMALL: 8}
"""Commands of one person, of which half are given one after the other."""
CALLS = "openat,close,pwrite64,fsync,fdatasync,write,writev,sendto,sendmsg"
LONGEST = 8192
"""Bytes of each call that are noted: a page of SQLite has 4,096."""

LINE = re.compile(r"(\d+) +([\d.]+) (.*)")
RESUMED = re.compile(r"<\.\.\. (\w+) resumed>(.*)")
UNFINISHED = " <unfinished ...>"
COMMAND = re.compile(r"([0-9a-f]{6}-\d+):p[0-9a-f]{16}")
ACKED = re.compile(r'\{\\"ack\\":\\"([^"\\]+)\\"')


class Call(NamedTuple):
    """One system call: when it began and ended, in lines of the trace."""

    name: str
    begin: int
    end: int
    told: str


async def run(dose: str, folder: Path, broken: str = "") -> Finding:
    strace = await asyncio.to_thread(find_strace)
    trace = folder / "trace"
    wrap = (
        strace,
        "-f",
        "-ttt",
        "-s",
        str(LONGEST),
        "-e",
        f"trace={CALLS}",
        "-e",
        "signal=none",
        "-o",
        str(trace),
    )
    held = Venue(folder / "data", broken, wrap=wrap)
    await held.begin()
    try:
        await held.start()
        await load(held, PEOPLE.get(dose, 50), EACH.get(dose, 60))
    finally:
        await held.stop()
    return await asyncio.to_thread(judge, list(calls(trace)))


def find_strace() -> str:
    """Debian's strace. Raises AssertionError where there is none and none may be installed."""
    found = shutil.which("strace")
    if found is None and apt_install("strace"):
        found = shutil.which("strace")
    assert found is not None, "strace is needed, and could not be installed (apt-get install strace)"
    return found


async def load(held: Venue, people: int, each: int) -> None:
    """Half of it one by one, then half of it at once."""
    await begun(held)
    held.arm()
    phones = await held.people(people)
    for phone in phones:
        await phone.load(keep=False)
        await phone.connect()
        for number in range(each // 2):
            await phone.say("add_card", CARDS, text=f"Card {number}")
    for phone in phones:
        for number in range(each // 2):
            phone.give("cast_ballot", DOTS, option=[OPTIONS[number % 6]])
    await asyncio.gather(*map(answered, phones))


def calls(trace: Path) -> Iterator[Call]:
    """Every call of every thread, in the order of their ends."""
    begun_at: dict[str, tuple[int, str]] = {}
    with trace.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines):
            if (match := LINE.match(line.rstrip("\n"))) is None:
                continue
            thread, _, told = match.groups()
            if told.endswith(UNFINISHED):
                begun_at[thread] = (number, told.removesuffix(UNFINISHED))
            elif (rest := RESUMED.match(told)) is not None and thread in begun_at:
                begin, first = begun_at.pop(thread)
                yield Call(rest[1], begin, number, first + rest[2])
            else:
                yield Call(told.partition("(")[0], number, number, told)


def judge(called: list[Call]) -> Finding:
    """Each acknowledgement against what had been written and synced when it went."""
    finding, logs = Finding(), log_files(called)
    writes = [call for call in called if call.name == "pwrite64" and on(call, logs)]
    written = first_written(writes)
    syncs = sorted(
        (c.begin, c.end) for c in called if c.name in ("fsync", "fdatasync") and on(c, logs) and ok(c)
    )
    finding.notes.append(
        f"{len(called):,} system calls, {len(writes):,} writes and {len(syncs):,} syncs of the log"
    )
    for call in called:
        for name in ACKED.findall(call.told) if call.name in ("write", "writev", "sendto", "sendmsg") else ():
            finding.injected += 1
            at = written.get(name)
            if at is None or at > call.begin:
                finding.violations.append(f"{name} was acknowledged and had not been written")
            elif not any(
                begin > at and end < call.begin for begin, end in syncs[bisect_right(syncs, (at, 0)) :]
            ):
                finding.violations.append(
                    f"{name} was acknowledged before a sync that began after its write had ended"
                )
    return finding


def first_written(writes: list[Call]) -> dict[str, int]:
    """When the write had ended that first held each command, by the command's id."""
    first: dict[str, int] = {}
    for call in writes:
        for name in COMMAND.findall(call.told):
            first.setdefault(name, call.end)
    return first


def log_files(called: list[Call]) -> set[str]:
    """The numbers under which the write-ahead log was open."""
    return {
        call.told.rpartition("= ")[2].strip()
        for call in called
        if call.name == "openat" and 'race.sqlite-wal"' in call.told
    }


def on(call: Call, files: set[str]) -> bool:
    return re.split(r"[(,)]", call.told, maxsplit=2)[1] in files


def ok(call: Call) -> bool:
    return call.told.endswith("= 0")
