"""P5: from the start of the process until a session with a million events can be used: its page is there and a command
is acknowledged. Every start follows a kill -9.

The log is a race played by rule (``longlog.py``). The first start finds nothing but the log; the next ones find what a
server that had run before has left beside it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from app.settings import ROOT
from tests.bench.figures import Dose, Row, spread
from tests.bench.load import Fell
from tests.bench.machine import SCRATCH
from tests.bench.serving import START_SECONDS, Serving, answers, await_answer, start_ours

SECONDS = 2.0
FULL_MEASURE = 1_000_000
MARK = "made.json"
LONG_SECONDS = 120.0
SETTLE_SECONDS = 20.0
"""How long the first server runs before it is killed: time to leave behind what it leaves behind."""


def measure(dose: Dose) -> Row:
    row = Row(
        "P5",
        f"From process start to a usable session of {dose.events:,} events",
        unit="s",
        beat=f"≤{SECONDS:g} s",
    )
    folder = _made(dose.events)
    first = _timed(folder, SETTLE_SECONDS if dose.events > FULL_MEASURE // 20 else 0.0)
    times = [_timed(folder) for _ in range(dose.rounds)]
    usable = spread([one[1] for one in times])
    row.value = usable.median
    row.most("a command is acknowledged after", usable, SECONDS, 2, "s")
    row.note("  the page is there after", spread([one[0] for one in times]).show(2, "s"))
    row.note("  from the log alone: page, command", f"{first[0]:.2f} s, {first[1]:.2f} s")
    row.note("  bare process, no session asked for", spread([one[2] for one in times]).show(2, "s"))
    if dose.events < FULL_MEASURE:
        row.note("measured with fewer events than promised", f"{dose.events:,} of {FULL_MEASURE:,}")
    return row


def _made(events: int) -> Path:
    """The long log; made once for as long as rules and tables stay what they are."""
    folder, rules = SCRATCH / f"longlog-{events}", _fingerprint()
    if not _fits(folder, rules):
        shutil.rmtree(folder, ignore_errors=True)
        command = [
            sys.executable,
            "-m",
            "tests.bench.longlog",
            "--data",
            str(folder),
            "--events",
            str(events),
        ]
        made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if made.returncode:
            raise Fell(f"the long log could not be made: {made.stderr[-300:]}")
        (folder / MARK).write_text(json.dumps({**json.loads(made.stdout), "rules": rules}))
    return folder


def _fits(folder: Path, rules: str) -> bool:
    mark = folder / MARK
    return mark.exists() and json.loads(mark.read_text())["rules"] == rules


def _fingerprint() -> str:
    sources = [*(ROOT / "sessions").rglob("*.py"), *(ROOT / "app" / "migrations" / "versions").glob("*.py")]
    content = b"".join(path.read_bytes() for path in sorted(sources))
    return hashlib.sha256(content + Path(__file__).with_name("longlog.py").read_bytes()).hexdigest()


def _timed(folder: Path, stay: float = 0.0) -> tuple[float, float, float]:
    """Seconds from the start until the page is there, until a command is acknowledged, and until anything answers."""
    made = json.loads((folder / MARK).read_text())
    path, cookie = f"/s/{made['code']}", f"race={made['cookie']}"
    began = time.perf_counter()
    serving = start_ours(folder)
    try:
        await_answer(serving)
        alive = time.perf_counter() - began
        _await_page(serving, path, cookie)
        page = time.perf_counter() - began
        _command(serving, path, cookie)
        usable = time.perf_counter() - began
        time.sleep(stay)
        return page, usable, alive
    finally:
        serving.kill()


def _await_page(serving: Serving, path: str, cookie: str) -> None:
    until = time.monotonic() + LONG_SECONDS + START_SECONDS
    while not answers(serving.port, path, cookie):
        if time.monotonic() > until:
            raise Fell("the page of the long session did not come")
        time.sleep(0.01)


def _command(serving: Serving, path: str, cookie: str) -> None:
    """Somebody changes the language, which is open to everybody at any time."""
    fields = {"command": "choose_language", "language": "sv", "id": f"bench-{time.time_ns()}"}
    headers = {
        "Cookie": cookie,
        "Accept": "application/json",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    http = HTTPConnection("127.0.0.1", serving.port, timeout=LONG_SECONDS)
    http.request("POST", f"{path}/do?view=phone", urlencode(fields), headers)
    told = http.getresponse().read()
    http.close()
    if b'"ack"' not in told:
        raise Fell(f"a command was answered with {told[:200]!r}")
