"""A data folder and an export of release 1 are read for ever: migrated, folded and verified."""

from __future__ import annotations

from pathlib import Path

from app.archive.report import UNPROVED
from app.archive.verify import verify
from app.database import open_database
from app.people.store import People
from app.streams.journal import open_journal
from sessions.session import Session
from tests.golden import CODE, EXPORT, unpack_database


def test_an_export_of_release_1_is_verified() -> None:
    """All of it still follows; nobody had signed it, and what this release makes of a log may differ from what that one
    made of it."""
    report = verify(EXPORT)
    assert (report.problems, report.status) == ([], UNPROVED)
    assert report.events == 556
    assert report.doubts[0] == "it is not signed: nothing says who made it"
    assert all("made by another release" in doubt for doubt in report.doubts[1:])


async def test_a_data_folder_of_release_1_migrates_and_folds(tmp_path: Path) -> None:
    unpack_database(tmp_path)
    database = open_database(tmp_path)
    try:
        await database.migrate()
        people, session = People(database), Session()
        session.key_of = people.organisation_key
        for event in await open_journal(database).read(CODE, 0):
            session.evolve(event)
        assert session.seq == 556
        assert sorted(entry.status for entry in session.entries.values()).count("archived") == 3
    finally:
        await database.close()
