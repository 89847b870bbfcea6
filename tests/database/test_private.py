"""One server for a data folder, and nobody else's eyes on it."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.address import NOTE, leave_note, noted
from app.database import PATIENCE_SERVING, Served, WriteError, open_database
from app.database.pragmas import PATIENCE
from app.database.private import LOCK, keep_private
from app.setup import ROOT

HOLD = """
import sys, time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from app.database import open_database
database = open_database(Path(sys.argv[1]))
database.claim()
print("taken", flush=True)
time.sleep(60)
"""


@contextmanager
def served(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process serves the folder until the block ends; then it is killed."""
    hold = [sys.executable, "-c", HOLD, str(folder)]
    with subprocess.Popen(hold, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "taken\n"
            yield process
        finally:
            process.kill()


async def test_a_second_server_on_a_folder_is_refused_until_the_first_is_gone_however_it_ends(
    tmp_path: Path,
) -> None:
    second = open_database(tmp_path)
    with served(tmp_path) as first, pytest.raises(Served, match=f"process {first.pid}\\) already serves"):
        second.claim()
    second.claim()
    assert (tmp_path / LOCK).read_text() == f"{os.getpid()}\n"
    third = open_database(tmp_path)
    with pytest.raises(Served):
        third.claim()
    await second.close()
    third.claim()
    await third.close()


def test_serve_says_in_one_sentence_that_the_folder_is_served_already(tmp_path: Path) -> None:
    serve = [sys.executable, "-m", "app", "serve", "--port", "0", "--data", str(tmp_path)]
    with served(tmp_path):
        told = subprocess.run(serve, cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert told.returncode == 1
    assert told.stderr.startswith("Another server (process ")
    assert told.stderr.count("\n") == 1
    assert not (tmp_path / NOTE).exists(), "links would lead to a server that never was"


async def test_nobody_else_can_read_what_lies_in_the_folder_also_where_it_existed(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir(0o755)
    for name in ("race.sqlite", "organisations.key", NOTE, "a picture of somebody's"):
        (folder / name).touch(0o644)
    database = open_database(folder)
    database.claim()
    await database.migrate()
    await database.write(lambda db: None)
    assert database.secret is not None
    leave_note(folder, "http://127.0.0.1:1")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.iterdir())}
    await database.close()
    assert modes.pop("data") == 0o700
    assert modes.pop("a picture of somebody's") == 0o644
    assert {"race.sqlite", "race.sqlite-wal", "race.sqlite-shm", LOCK} < set(modes)
    assert set(modes.values()) == {0o600}


def test_what_is_new_is_nobody_elses_from_the_start(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        open_database(tmp_path / "data").migrate_now()
        leave_note(tmp_path / "data", "http://127.0.0.1:2")
    finally:
        os.umask(before)
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "data").iterdir()]
    assert set(modes) == {0o600}
    assert noted(tmp_path / "data") == "http://127.0.0.1:2"


def test_a_folder_that_is_everybodys_stays_so(tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    keep_private(tmp_path)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o1777


async def test_a_server_waits_for_a_locked_file_about_a_second_and_the_command_line_longer(
    tmp_path: Path,
) -> None:
    serving, patient = open_database(tmp_path, patience=PATIENCE_SERVING), open_database(tmp_path)
    await serving.migrate()
    other = sqlite3.connect(tmp_path / "race.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    with pytest.raises(WriteError):
        await serving.write(lambda db: None)
    assert time.monotonic() - began < PATIENCE / 2
    other.execute("ROLLBACK")
    other.close()
    asked = "PRAGMA busy_timeout"
    assert await patient.write(lambda db: db.exec_driver_sql(asked).scalar_one()) == 10_000
    await serving.close()
    await patient.close()
