"""Snapshots: a start from one is a start from the whole log; none counts that is not of this log and these rules."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.database import Database, WriteError
from app.database.key_folder import KeyFolder
from app.streams import snapshots as module
from app.streams.journal import Batch, Journal, open_journal
from app.streams.proof import Unproved
from app.streams.snapshots import Snapshots, fold
from sessions.people import organisation_key
from sessions.session import Session
from tests.streams.test_state_codec import stands_alike
from tests.support.databases import Place, asked
from tests.support.room import room
from tests.support.stage import START, Stage

CODE = "7K3MQX9T"
BREAKS = {
    "another epoch": "UPDATE heads SET epoch = 'other'",
    "other rules": "UPDATE snapshots SET rules = 'other'",
    "a part is missing": "DELETE FROM snapshots WHERE part = 1",
    "the last part is missing": "DELETE FROM snapshots WHERE part = parts - 1",
    "a body was changed": "UPDATE snapshots SET body = digest WHERE part = 2",
    "parts were swapped": "UPDATE snapshots SET part = CASE part WHEN 0 THEN 100 WHEN 1 THEN 0 ELSE part END",
    "the seal is another": "UPDATE snapshots SET seal = digest",
    "the seq is another": "UPDATE snapshots SET seq = seq - 1,"
    " digest = (SELECT digest FROM log WHERE log.seq = snapshots.seq - 1)",
}


@dataclass
class Kept:
    """A race in a database."""

    database: Database
    journal: Journal
    snapshots: Snapshots
    stage: Stage
    keys: KeyFolder
    written: int = 0

    async def write(self) -> None:
        """Put what the stage has come to into the log."""
        events = self.stage.log[self.written :]
        await self.journal.append(CODE, self.written, lambda _: Batch(tuple(events)))
        self.written += len(events)

    async def fold(self) -> Session:
        return await fold(self.journal, self.snapshots, CODE, organisation_key)


@pytest.fixture
async def kept(place: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[Kept]:
    monkeypatch.setattr(module, "PART", 1000)
    database = place.open()
    await database.migrate()
    journal = open_journal(database)
    await journal.create(CODE, "race48", "Race")
    keys = KeyFolder(tmp_path / "keys")
    kept = Kept(database, journal, Snapshots(database, organisation_key, keys), room(), keys)
    await kept.write()
    yield kept
    await database.close()


async def rows(kept: Kept) -> list[tuple[int, int]]:
    found = await asked(kept.database, "SELECT seq, part, parts FROM snapshots ORDER BY seq, part")
    assert all(row["part"] < row["parts"] for row in found)
    return [(row["seq"], row["part"]) for row in found]


async def change(kept: Kept, statement: str) -> int:
    return int(await kept.database.write(lambda db: db.execute(text(statement)).rowcount))


async def test_a_snapshot_and_what_came_after_is_the_whole_log_folded(kept: Kept) -> None:
    for _ in range(3):
        await kept.snapshots.save(CODE, kept.stage.session)
        kept.stage.do("next_phase", "kim", getattr(kept.stage.session.agenda.current, "id", ""))
        kept.stage.ok("announce", "kim", text="Soup")
        await kept.write()
        loaded = await kept.snapshots.load(CODE)
        assert loaded is not None
        assert loaded.seq < kept.stage.session.seq
        stands_alike(await kept.fold(), kept.stage.session)
        stands_alike(await kept.fold(), kept.stage.replayed())


async def test_a_newer_snapshot_takes_the_place_of_older_ones(kept: Kept) -> None:
    await kept.snapshots.save(CODE, kept.stage.session)
    first = await rows(kept)
    kept.stage.ok("announce", "kim", text="Soup")
    await kept.write()
    await kept.snapshots.save(CODE, kept.stage.session)
    second = await rows(kept)
    assert {seq for seq, _ in first} == {kept.stage.session.seq - 1}
    assert {seq for seq, _ in second} == {kept.stage.session.seq}
    assert [part for _, part in second] == list(range(len(second)))
    assert len(second) > 3


async def test_the_same_snapshot_twice_is_one(kept: Kept) -> None:
    await kept.snapshots.save(CODE, kept.stage.session)
    first = await rows(kept)
    await change(kept, "DELETE FROM snapshots WHERE part > 2")
    await kept.snapshots.save(CODE, kept.stage.session)
    assert await rows(kept) == first
    assert await kept.snapshots.load(CODE) is not None


@pytest.mark.parametrize("wrong", BREAKS)
async def test_what_does_not_fit_counts_for_nothing(kept: Kept, wrong: str) -> None:
    await kept.snapshots.save(CODE, kept.stage.session)
    assert await kept.snapshots.load(CODE) is not None
    assert await change(kept, BREAKS[wrong]) > 0
    assert await kept.snapshots.load(CODE) is None
    stands_alike(await kept.fold(), kept.stage.session)


async def test_a_log_that_does_not_hold_opens_with_no_snapshot(kept: Kept) -> None:
    """Neither from the one that was of the log as it stood, nor from its first event."""
    await kept.snapshots.save(CODE, kept.stage.session)
    assert await kept.snapshots.load(CODE) is not None
    assert await change(kept, "UPDATE log SET digest = body_digest WHERE seq = (SELECT max(seq) FROM log)")
    assert await kept.snapshots.load(CODE) is None
    with pytest.raises(Unproved):
        await kept.fold()


async def test_whoever_has_the_whole_database_can_seal_no_snapshot(kept: Kept, tmp_path: Path) -> None:
    """Another state under the same label, sealed with all that the database knows."""
    await kept.snapshots.save(CODE, kept.stage.session)
    forger = Snapshots(kept.database, organisation_key, KeyFolder(tmp_path / "another"))
    other = kept.stage.replayed()
    other.people.clear()
    await forger.save(CODE, other)
    assert (await forger.load(CODE)) is not None
    assert await kept.snapshots.load(CODE) is None
    stands_alike(await kept.fold(), kept.stage.session)


async def test_without_a_folder_of_keys_sessions_open_from_their_log(kept: Kept, tmp_path: Path) -> None:
    await kept.snapshots.save(CODE, kept.stage.session)
    (tmp_path / "file").write_text("")
    nowhere = Snapshots(kept.database, organisation_key, KeyFolder(tmp_path / "file" / "keys"))
    assert await nowhere.load(CODE) is None
    with pytest.raises(WriteError):
        await nowhere.save(CODE, kept.stage.session)


async def test_a_broken_one_does_not_hide_an_older_one_that_is_whole(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(self: Snapshots, stamp: Any) -> None: ...

    monkeypatch.setattr(Snapshots, "_drop_others", nothing)
    await kept.snapshots.save(CODE, kept.stage.session)
    kept.stage.ok("announce", "kim", text="Soup")
    await kept.write()
    await kept.snapshots.save(CODE, kept.stage.session)
    newest = await kept.snapshots.load(CODE)
    await change(
        kept, "UPDATE snapshots SET body = digest WHERE part = 1 AND seq = (SELECT max(seq) FROM log)"
    )
    older = await kept.snapshots.load(CODE)
    assert newest is not None
    assert older is not None
    assert (newest.seq, older.seq) == (kept.written, kept.written - 1)


async def test_a_state_that_does_not_go_on_as_the_log_does_is_left(
    kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = kept.stage.replayed()
    wrong.people.clear()
    await kept.snapshots.save(CODE, wrong)
    kept.stage.ok("choose_language", "a0", language="fi")
    await kept.write()
    with caplog.at_level(logging.ERROR):
        stands_alike(await kept.fold(), kept.stage.session)
    assert f"a snapshot of {CODE} does not go on" in caplog.text


async def test_nothing_is_kept_of_what_is_not_in_the_log(kept: Kept) -> None:
    kept.stage.ok("announce", "kim", text="Soup")
    await kept.snapshots.save(CODE, kept.stage.session)
    await kept.snapshots.save("00000000", kept.stage.session)
    assert await rows(kept) == []


async def test_what_is_erased_from_the_log_is_in_no_snapshot(kept: Kept) -> None:
    kept.stage.ok("announce", "kim", text="Geheimnisvoll")
    await kept.write()
    await kept.snapshots.save(CODE, kept.stage.session)
    assert await rows(kept)
    await kept.journal.erase(CODE, [kept.written], "withdrawn", "kim", START)
    assert await rows(kept) == []
    assert [notice.text for notice in (await kept.fold()).announcements.values()] == [""]


async def test_a_session_has_the_key_of_its_server(kept: Kept) -> None:
    def key(name: str) -> str:
        return f"k{name}"

    await kept.snapshots.save(CODE, kept.stage.session)
    session = await Snapshots(kept.database, key, kept.keys).load(CODE)
    assert session is not None
    assert session.key_of is key
