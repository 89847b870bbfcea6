"""A forger changes an export, makes up a whole log, or changes the database, in more than a hundred ways.

The ways are those of ``tests/archive/test_forger.py``; here they are played against the product as it is, and against
one that believes what it is told.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from app.archive.export import export
from app.archive.report import PROVED as IS_PROVED
from app.archive.verify import verify
from app.database import open_database
from app.streams.proof import Unproved
from tests.archive.forging import CODE, Made, make, members, played, sealed
from tests.archive.test_forger import DATABASE, LOGS, MEMBERS
from tests.faults import broken as variants
from tests.faults.finding import SMALL, Finding

CHECKED = (
    "the honest export is proved; no forgery is, and what is wrong is named; nothing is exported of a changed "
    "database"
)
BROKEN = ("believes_bodies", "believes_counts")
PROVED = BROKEN

EACH = {SMALL: 6}
"""Every how manieth forgery is played."""


async def run(dose: str, folder: Path, broken: str = "") -> Finding:
    return await asyncio.to_thread(_played, EACH.get(dose, 1), folder, broken)


def _played(each: int, folder: Path, broken: str) -> Finding:
    finding = Finding()
    made = make(folder / "honest", played().log)
    with variants.here(broken):
        report = verify(made.file, trust=made.trust)
        finding.check(report.status == IS_PROVED, f"the honest export is not proved: {report.problems}")
        for name, found in (*_files(each, made, folder), *_logs(each, made, folder), *_databases(made)):
            finding.injected += 1
            finding.check(found, f"{name}: nothing was found")
    return finding


def _files(each: int, made: Made, folder: Path) -> Iterator[tuple[str, bool]]:
    for name in [*MEMBERS][::each]:
        change, place = MEMBERS[name]
        content = {n: text for n, text in change(members(made.file)).items() if n != "signature.json"}
        report = verify(sealed(folder / "forged.zip", content), trust=made.trust)
        yield (
            name,
            any(place in problem for problem in report.problems) or (not place and bool(report.doubts)),
        )


def _logs(each: int, made: Made, folder: Path) -> Iterator[tuple[str, bool]]:
    for number, name in enumerate([*LOGS][::each]):
        change, place = LOGS[name]
        forged = make(folder / f"log{number}", change(list(made.log)), keys=made.keys)
        report = verify(forged.file, trust=made.trust)
        yield name, any(place in problem for problem in report.problems)


def _databases(made: Made) -> Iterator[tuple[str, bool]]:
    """Each change by itself, in a copy of the database."""
    for number, (name, statement) in enumerate(DATABASE.items()):
        data = made.data.with_name(f"data{number}")
        data.mkdir()
        with (
            sqlite3.connect(made.data / "race.sqlite") as whole,
            sqlite3.connect(data / "race.sqlite") as copy,
        ):
            whole.backup(copy)
            copy.execute(statement)
        whole.close()
        copy.close()
        yield name, _refused(data)


def _refused(data: Path) -> bool:
    database = open_database(data)
    try:
        export(database, CODE, data / "x.zip")
    except Unproved:
        return True
    finally:
        asyncio.run(database.close())
    return False
