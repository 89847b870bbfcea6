from pathlib import Path

import pytest

from app.archive.export import export
from app.archive.verify import verify
from app.database import open_database
from app.planning import formats
from app.planning.create_session import Plan, create_session
from app.rehearsal.account.audit import read_lines, read_records
from app.rehearsal.account.settle import damage

AT = 1_790_000_000.0


@pytest.fixture
async def exported(tmp_path: Path) -> Path:
    database = open_database(tmp_path)
    await database.migrate()
    founded = await create_session(database, Plan(formats.take("race48"), AT), ())
    file = tmp_path / "export.zip"
    export(database, founded.code, file)
    await database.close()
    return file


def test_an_export_is_read_line_by_line(exported: Path) -> None:
    assert [line.kind for line in read_lines(exported)] == ["session_created"]
    assert read_records(exported) == []
    assert verify(exported).ok


@pytest.mark.parametrize(("how", "left"), [("lose", []), ("double", ["session_created"] * 2)])
def test_damage_is_done_and_noticed(exported: Path, how: str, left: list[str]) -> None:
    damage(exported, how, {"create"})
    assert [line.kind for line in read_lines(exported)] == left
    assert not verify(exported).ok
