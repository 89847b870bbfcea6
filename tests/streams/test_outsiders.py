"""Who never came in is found at a price that grows with the people, not with people times events."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from app.database.sqlite import SqliteDatabase
from app.database.tables import now, table
from app.streams import heads, log
from app.streams.outsiders import outsiders
from sessions.messages import Event

STEP = 100
"""Instructions of the database's machine that are counted as one."""


async def filled(folder: Path, people: int) -> SqliteDatabase:
    """A session into which so many have come, and one who waits."""
    database = SqliteDatabase(folder)
    await database.migrate()
    names = [f"p{number}" for number in range(people)]
    joined = [
        Event("joined", "", {"person": name}, seq, 1.0, "door", f"join-{name}:door")
        for seq, name in enumerate(names, 1)
    ]

    def fill(db: Connection) -> None:
        heads.create(db, "AAAA", "test", "Test")
        log.append(db, "AAAA", log.Batch(tuple(joined)))
        row = {"session": "AAAA", "name": "Somebody", "organisation": "", "language": "en", "created": now()}
        db.execute(table("people").insert(), [{**row, "person": name} for name in (*names, "waits")])

    await database.write(fill)
    return database


async def steps(folder: Path, people: int) -> int:
    """What it costs to find the one who waits, among so many."""
    database, counted = await filled(folder, people), [0]

    def count() -> int:
        counted[0] += 1
        return 0

    def asked(db: Connection) -> list[str]:
        raw = db.connection.dbapi_connection
        assert raw is not None
        raw.set_progress_handler(count, STEP)
        return [each.person for each in outsiders(db)["AAAA"]]

    assert await database.write(asked) == ["waits"]
    await database.close()
    return counted[0]


async def test_four_times_the_people_cost_about_four_times_as_much(tmp_path: Path) -> None:
    few, many = await steps(tmp_path / "few", 300), await steps(tmp_path / "many", 1200)
    assert few > 10
    assert many < 6 * few
