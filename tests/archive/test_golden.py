"""A data folder and an export of release 1 are read for ever: migrated, folded and verified."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.archive.report import UNPROVED, WRONG
from app.archive.verify import verify
from app.database import open_database
from app.people.store import People
from app.streams.journal import open_journal
from sessions.session import Session
from tests.archive.forging import lines, members, sealed, with_lines
from tests.golden import CODE, EXPORT, unpack_database


def test_an_export_of_release_1_is_verified() -> None:
    """All of it still follows; nobody had signed it, and what this release makes of a log may differ from what that one
    made of it."""
    report = verify(EXPORT)
    assert (report.problems, report.status) == ([], UNPROVED)
    assert report.events == 556
    assert report.doubts[0] == "it is not signed: nothing says who made it"
    assert all("made by another release" in doubt for doubt in report.doubts[1:])


@pytest.mark.parametrize(
    ("kind", "status", "said"),
    [
        ("card_added", UNPROVED, "an early release erased all of it"),
        ("ballot_cast", WRONG, "its body is not proved"),
        ("result_counted", WRONG, "its body is not proved"),
        ("joined", WRONG, "its body is not proved"),
    ],
)
def test_what_release_1_could_erase_is_not_proved_and_of_anything_else_it_is_a_forgery(
    tmp_path: Path, kind: str, status: int, said: str
) -> None:
    """It kept words and structure in one body, and took the salt away to erase them."""
    content = members(EXPORT)
    log = lines(content)
    place = next(n for n, line in enumerate(log) if line["kind"] == kind)
    log[place] = {**log[place], "salt": None}
    report = verify(sealed(tmp_path / "x.zip", with_lines(content, log)))
    assert report.status == status
    found = report.problems if status == WRONG else report.doubts
    assert any(f"event {log[place]['seq']}" in each and said in each for each in found)


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
