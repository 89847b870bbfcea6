"""Both databases for tests: a folder for SQLite, and a real PostgreSQL that starts once for all tests."""

from __future__ import annotations

import asyncio
import atexit
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text

from app.database import Database, open_database
from app.rehearsal.venue.postgres import Postgres

KINDS = ("sqlite", "postgres")
SQLITE_ONLY = pytest.mark.parametrize("place", ["sqlite"], indirect=True)
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a test keeps everything: an empty database, opened as often as there are processes in the test."""

    data: Path
    url: str = ""

    def open(self) -> Database:
        """The database, as one more process sees it."""
        return open_database(self.data, self.url)


@cache
def postgres() -> Postgres:
    """The server of this run of the tests; it ends with the run."""
    server = Postgres(durable=False, max_connections=200)
    atexit.register(server.close)
    server.start()
    return server


def new_place(kind: str, folder: Path, migrated: bool = True) -> Place:
    """An empty place of a kind; ``migrated`` spares PostgreSQL's the time to make the tables."""
    if kind == "sqlite":
        return Place(folder)
    return Place(folder, new_database(postgres(), _template() if migrated else "template1"))


@cache
def _template() -> str:
    """The name of a database that has its tables and nothing in them."""
    url = new_database(postgres())
    with ThreadPoolExecutor(1) as thread:
        thread.submit(open_database(Path(), url).migrate_now).result()
    return url.partition("?")[0].rpartition("/")[2]


def new_database(server: Postgres, template: str = "template1") -> str:
    """The address of a new database without anything in it."""
    name = f"race_{next(_numbers)}"
    # A fixture may be asked for while an event loop runs in this thread.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _create(server, name, template)).result()
    return server.url(name)


async def _create(server: Postgres, name: str, template: str) -> None:
    connection = await asyncpg.connect(server.url())
    await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    await connection.close()


async def asked(database: Database, statement: str, **values: Any) -> list[dict[str, Any]]:
    """Rows as they stand in the tables."""
    return await database.read(
        lambda db: [dict(row) for row in db.execute(text(statement), values).mappings()]
    )
