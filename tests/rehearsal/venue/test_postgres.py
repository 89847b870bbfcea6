"""A PostgreSQL of one's own: it starts, crashes and comes back, and leaves nothing behind."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import asyncpg
import pytest

from app.rehearsal.venue.postgres import NoPostgres, Postgres
from app.setup import ROOT

CHILD = """
from app.rehearsal.venue.postgres import Postgres
postgres = Postgres(durable=False)
postgres.start()
print(postgres.folder, flush=True)
input()
"""


async def ask(url: str, question: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


def test_what_was_committed_outlives_a_crash_and_nothing_is_left_at_the_end() -> None:
    postgres = Postgres(durable=False)
    try:
        postgres.start()
        asyncio.run(ask(postgres.url(), "CREATE TABLE kept AS SELECT 7 AS n"))
        postgres.stop_hard()
        with pytest.raises((ConnectionRefusedError, FileNotFoundError)):
            asyncio.run(ask(postgres.url(), "SELECT 1"))
        postgres.start()
        assert asyncio.run(ask(postgres.url(), "SELECT n FROM kept")) == 7
    finally:
        postgres.close()
    assert not postgres.folder.exists()


def test_a_server_that_cannot_start_says_why() -> None:
    postgres = Postgres(max_connections="many")
    try:
        with pytest.raises(NoPostgres, match="max_connections"):
            postgres.start()
    finally:
        postgres.close()


def test_whoever_started_it_and_is_killed_leaves_no_server_behind() -> None:
    command = [sys.executable, "-c", CHILD]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        folder = Path(child.stdout.readline().strip())
        assert (folder / "data" / "postmaster.pid").exists()
        os.kill(child.pid, signal.SIGKILL)
    until = time.monotonic() + 20.0
    while folder.exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not folder.exists()
