"""From session to record: hand-overs that may come late or twice, commands, rows, exports, and what forgers try."""

from __future__ import annotations

import asyncio
import zipfile
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from app.archive.export import export
from app.archive.facts import facts_of, grouped, stream_of
from app.archive.handover import HANDOVER, HandingOver
from app.archive.move import move
from app.archive.records import Records
from app.archive.store import Archive
from app.archive.verify import verify
from app.clock import RaceClock
from app.database import Database, open_database
from app.projections import PROJECTIONS
from app.streams import tasks
from app.streams.heads import Conflict
from app.streams.journal import open_journal
from app.streams.proof import Unproved
from app.streams.rebuild import check, make_current, quiet, rebuild
from app.streams.tasks import Task
from sessions.messages import Command, FieldValue, Refused
from sessions.outcome import Fact
from sessions.record_commands import Sender
from sessions.session import Session
from tests.archive.test_archive import CODE, archived, forge, log, played
from tests.golden import CODE as RACE
from tests.golden import unpack_database
from tests.streams.test_journal import check_chain
from tests.support.batches import batch_of
from tests.support.databases import Place, asked
from tests.support.handing import Served, hand_over_all
from tests.support.stage import START, Stage

OWNER = Sender("bo", frozenset({"owner"}))
OFFICE = Sender("olle", frozenset({"office"}))


@dataclass
class Archiving:
    """A database with a played session, and whoever hands its entries over."""

    database: Database
    stage: Stage

    def __post_init__(self) -> None:
        self.served = Served(self.stage.session)
        self.records = Records(open_journal(self.database), lambda: START, PROJECTIONS)

    @property
    def session(self) -> Session:
        return self.stage.session

    def stream(self, entry: str = "e1") -> str:
        return stream_of(CODE, self.session.entries[entry])

    async def hand_over(self, entry: str = "e1", seq: int = 0) -> None:
        """Do the task as a worker does."""
        task = Task(
            f"{HANDOVER}/{CODE}/{entry}", HANDOVER, CODE, seq or self.session.seq, 0.0, {"entry": entry}
        )
        await self.database.write(lambda db: tasks.put(db, [task]))
        (taken,) = await self.database.write(lambda db: tasks.take(db, RaceClock(), [HANDOVER]))
        await HandingOver(open_journal(self.database), self._open, lambda: START, PROJECTIONS)(taken)

    async def _open(self, code: str) -> Served | None:
        return self.served if code == CODE else None

    async def do(
        self, name: str, fields: Mapping[str, FieldValue], sender: Sender = OWNER, command: str = "c1"
    ) -> int | Refused:
        return await self.records.do(self.stream(), Command(name, command, "", fields), sender)

    async def row(self) -> Any:
        rows = await Archive(self.database).records(CODE)
        return next(row for row in rows if row.stream == self.stream())

    async def kinds(self, stream: str = "") -> list[str]:
        return [event.kind for event in await open_journal(self.database).read(stream or self.stream())]


@pytest.fixture
async def archiving(place: Place) -> AsyncIterator[Archiving]:
    database = place.open()
    await database.migrate()
    stage = played()
    journal = open_journal(database)
    await journal.create(CODE, "test", "Test")
    await journal.append(CODE, 0, lambda _: batch_of(stage.log))
    yield Archiving(database, stage)
    await database.close()


async def test_a_kept_entry_becomes_a_record_with_a_stream_of_its_own(archiving: Archiving) -> None:
    await archiving.hand_over()
    assert await archiving.kinds() == ["record_begun"]
    row = await archiving.row()
    assert (row.status, row.title, row.entry, row.seq) == ("draft", "Quiet corners", "e1", 1)
    said = grouped(facts_of(archiving.session.entries["e1"], archiving.session))
    assert orjson.loads(row.body) == {**said, "reviews": {}}
    assert await check_chain(archiving.database, archiving.stream()) == 1
    assert await asked(archiving.database, "SELECT id FROM tasks") == []


async def test_the_same_hand_over_twice_or_late_changes_nothing(archiving: Archiving) -> None:
    await archiving.hand_over()
    before = await archiving.row()
    for seq in (archiving.session.seq, 2):
        await archiving.hand_over(seq=seq)
    assert (await archiving.kinds(), (await archiving.row()).digest) == (["record_begun"], before.digest)
    assert await asked(archiving.database, "SELECT id FROM tasks") == []


async def test_words_of_a_record_stand_apart_as_everywhere(archiving: Archiving) -> None:
    await archiving.hand_over()
    (line,) = await asked(archiving.database, "SELECT body, words FROM log WHERE kind = 'record_begun'")
    assert "loud" in line["words"]
    assert "loud" not in line["body"]


async def test_an_archived_record_decides_for_itself_and_keeps_what_its_session_still_says(
    archiving: Archiving,
) -> None:
    entry = archived(archiving.session)
    await archiving.hand_over()
    assert await archiving.kinds() == ["record_begun", "approved"]
    assert await archiving.do("save", {"base": "2", "market.segment": "Hospitals"}) == 3
    assert orjson.loads((await archiving.row()).body)["market"]["segment"] == "Hospitals"
    archiving.session.seq += 1
    entry.learn("P9", Fact(entry.id, "field", "Schools", "market.segment"), archiving.session.seq, START)
    await archiving.hand_over()
    record = await archiving.records.read(archiving.stream())
    assert (record.values["market.segment"], record.proposed["market.segment"]) == ("Hospitals", "Schools")


async def test_the_life_cycle_is_gone_by_command_with_who_when_and_why(archiving: Archiving) -> None:
    archived(archiving.session)
    await archiving.hand_over()
    for number, (status, why) in enumerate((("active", ""), ("parked", "No money"), ("active", "Money"))):
        assert (
            await archiving.do("advance", {"status": status, "why": why}, command=f"c{number}") == 3 + number
        )
    record = await archiving.records.read(archiving.stream())
    assert [(s.status, s.actor, s.why) for s in record.steps][-2:] == [
        ("parked", "bo", "No money"),
        ("active", "bo", "Money"),
    ]
    assert (await archiving.row()).status == "active"


async def test_the_same_command_again_gets_the_same_answer_and_no_second_event(archiving: Archiving) -> None:
    archived(archiving.session)
    await archiving.hand_over()
    answers = [await archiving.do("advance", {"status": "active"}) for _ in range(3)]
    assert answers == [3, 3, 3]
    assert await archiving.kinds() == ["record_begun", "approved", "status_changed"]


async def test_what_is_refused_writes_nothing(archiving: Archiving) -> None:
    archived(archiving.session)
    await archiving.hand_over()
    await archiving.do("save", {"base": "2", "market.segment": "Theirs"}, OFFICE)
    refused = await archiving.do(
        "save", {"base": "2", "market.segment": "Mine", "market.size": "Big"}, command="c2"
    )
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.params["theirs"]) == ("changed_meanwhile", {"market.segment": "Theirs"})
    assert len(await archiving.kinds()) == 3
    with pytest.raises(Conflict, match="no stream"):
        await archiving.records.do("r-nothing", Command("save", "c9", "", {}), OWNER)


async def test_two_records_that_are_merged_into_each_other_at_once_make_no_circle(
    archiving: Archiving,
) -> None:
    for name in ("e1", "e2"):
        await archiving.hand_over(name)
    one, two = archiving.stream("e1"), archiving.stream("e2")

    def merge(stream: str, into: str) -> Any:
        fields = {"into": into.removeprefix("r-"), "why": "The same idea"}
        return archiving.records.do(stream, Command("merge", "m1", "", fields), OFFICE)

    answers = await asyncio.gather(merge(one, two), merge(two, one))
    assert sorted(isinstance(answer, Refused) for answer in answers) == [False, True]
    merged = [bool((await archiving.records.read(stream)).merged_into) for stream in (one, two)]
    assert sorted(merged) == [False, True]


async def test_rows_can_be_made_again_and_are_the_same(archiving: Archiving) -> None:
    archived(archiving.session)
    for name in ("e1", "e2"):
        await archiving.hand_over(name)
    await archiving.do("advance", {"status": "active"})
    before = await asked(archiving.database, "SELECT * FROM records ORDER BY id")
    assert await asyncio.to_thread(archiving.database.read_now, lambda db: check(db, PROJECTIONS)) == []
    await archiving.database.write(lambda db: db.exec_driver_sql("DELETE FROM records"))
    await rebuild(archiving.database, PROJECTIONS)
    assert await asked(archiving.database, "SELECT * FROM records ORDER BY id") == before
    assert len(before) == 2


async def test_an_export_holds_the_records_streams_and_verify_covers_them(
    archiving: Archiving, tmp_path: Path
) -> None:
    for name in ("e1", "e2"):
        await archiving.hand_over(name)
    file = tmp_path / "race.zip"
    await asyncio.to_thread(export, archiving.database, CODE, file)
    assert verify(file).problems == []
    with zipfile.ZipFile(file) as archive:
        lines = [orjson.loads(line) for line in archive.read("records.log.jsonl").splitlines()]
    assert {line["stream"] for line in lines} == {archiving.stream("e1"), archiving.stream("e2")}
    for name, value in (
        ("body", "{}"),
        ("words", '{"texts":{}}'),
        ("actor", "x"),
        ("seq", 9),
        ("digest", "00" * 32),
    ):
        forged = log([{**lines[0], name: value}, *lines[1:]])
        assert not verify(forge(file, records_log_jsonl=forged)).ok, name
    assert not verify(forge(file, records_log_jsonl=log(lines[1:]))).ok
    assert verify(forge(file, records_log_jsonl=log(lines))).ok


async def test_a_record_that_says_otherwise_than_the_session_it_follows_is_found(
    archiving: Archiving, tmp_path: Path
) -> None:
    """Whoever owns the database writes a record's stream anew, well chained."""
    archiving.session.entries["e1"].title = "Another title"
    await archiving.hand_over()
    file = tmp_path / "race.zip"
    await asyncio.to_thread(export, archiving.database, CODE, file)
    assert [p.partition(": ")[2] for p in verify(file).problems] == [
        "identity.title is not what the session says"
    ]


async def test_a_record_whose_end_is_gone_is_neither_read_nor_written_on(archiving: Archiving) -> None:
    """Else it would stand there as it was before, and what comes next would be lost with what is gone."""
    await archiving.hand_over()
    archived(archiving.session)
    await archiving.hand_over(seq=archiving.session.seq + 1)
    gone = text(
        "DELETE FROM log WHERE stream = :stream AND seq = (SELECT seq FROM heads WHERE stream = :stream)"
    )
    await archiving.database.write(lambda db: db.execute(gone, {"stream": archiving.stream()}))
    before = await archiving.row()
    with pytest.raises(Unproved, match="does not end where its head says"):
        await archiving.records.read(archiving.stream())
    with pytest.raises(Unproved, match="does not end where its head says"):
        await archiving.do("advance", {"status": "in_progress", "why": "x"})
    with pytest.raises(Unproved, match="does not end where its head says"):
        await archiving.hand_over(seq=archiving.session.seq + 2)
    await rebuild(archiving.database, PROJECTIONS)
    assert await archiving.row() == before


async def test_a_moved_session_takes_its_records_along(archiving: Archiving, tmp_path: Path) -> None:
    archived(archiving.session)
    await archiving.hand_over("e2")
    target = open_database(tmp_path / "target")
    await target.migrate()
    await move(archiving.database, target, CODE, quiet, PROJECTIONS)
    assert await check_chain(target, archiving.stream("e2")) == 1
    statement = "SELECT stream, entry, status, title, body, seq, digest FROM records"
    before, after = [await asked(each, statement) for each in (archiving.database, target)]
    assert after == before != []
    await target.close()


async def test_the_records_of_release_1_get_their_streams_when_its_database_is_served(tmp_path: Path) -> None:
    unpack_database(tmp_path)
    database = open_database(tmp_path)
    await database.migrate()
    await make_current(database, PROJECTIONS)
    assert await asked(database, "SELECT id FROM tasks WHERE kind = 'handover'") == [
        {"id": f"handover/{RACE}"}
    ]
    session = await hand_over_all(database, RACE)
    rows = await Archive(database).records(RACE)
    assert sorted(row.status for row in rows) == sorted(entry.status for entry in session.entries.values())
    assert len(rows) == len(session.entries) >= 3
    assert await asked(database, "SELECT id FROM tasks WHERE kind = 'handover'") == []
    await database.close()
