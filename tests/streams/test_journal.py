"""The log on disk: gapless, acknowledged only when it is there, and provable from its first event to its last."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from app.database import Database
from app.streams import base_journal as module
from app.streams.chain import GENESIS, body_digest, link
from app.streams.journal import Batch, Conflict, Journal, JournalError, open_journal
from sessions.messages import Event, Personal
from tests.support.batches import batch_of
from tests.support.databases import SQLITE_ONLY, Place, asked

ROOT = Path(__file__).parents[2]
AT = 1_790_000_000.25
_ids = count(1)


@pytest.fixture
async def database(place: Place) -> AsyncIterator[Database]:
    database = place.open()
    await database.migrate()
    yield database
    await database.close()


@pytest.fixture
async def journal(database: Database) -> Journal:
    journal = open_journal(database)
    await journal.create("7K3MQX9T", "race48", "Race")
    return journal


def event(seq: int, command: str = "", **body: Any) -> Event:
    """An event of a command of its own, unless one is named."""
    return Event("card_added", "R03", body, seq, AT + seq, "p1", command or f"c{next(_ids)}")


def batch(first: int, length: int = 1) -> Batch:
    return Batch([event(seq, text=f"card {seq}") for seq in range(first, first + length)])


async def put(journal: Journal, session: str, batch: Batch) -> None:
    """Append a batch that was made without asking what others have appended."""
    await journal.append(session, batch.events[0].seq - 1 if batch.events else 0, lambda _: batch)


CODE = "7K3MQX9T"


async def rows(database: Database, session: str) -> list[dict[str, Any]]:
    """The log's rows, in order."""
    return await asked(database, "SELECT * FROM log WHERE stream = :code ORDER BY seq", code=session)


async def check_chain(database: Database, session: str) -> int:
    """Compute the whole chain again from the rows; how many events there are."""
    digest, log = GENESIS, await rows(database, session)
    for place, row in enumerate(log, 1):
        assert row["seq"] == place
        if row["salt"] is not None:
            assert body_digest(row["salt"], row["body"].encode()) == row["body_digest"]
        rest = (row[name] for name in ("stream", "seq", "at", "actor", "command", "kind", "phase"))
        words = () if row["words_digest"] is None else (row["words_digest"].hex(),)
        digest = link(digest, row["body_digest"], *rest, *words)
        assert row["digest"] == digest
    (head,) = await asked(database, "SELECT seq, digest FROM heads WHERE stream = :code", code=session)
    assert (head["seq"], head["digest"]) == (len(log), digest)
    return len(log)


async def test_batches_of_every_size_are_there_whole_and_in_order(
    journal: Journal, database: Database
) -> None:
    """Rows go to disk in blocks of several sizes."""
    sizes = (1, 3, 4, 21, 64, 85, 256, 341, 600)
    for size in sizes:
        head = await journal.head("7K3MQX9T")
        assert head is not None
        await put(journal, "7K3MQX9T", batch(head.seq + 1, size))
    assert await check_chain(database, "7K3MQX9T") == sum(sizes)
    texts = [orjson.loads(row["body"])["text"] for row in await rows(database, "7K3MQX9T")]
    assert texts == [f"card {seq}" for seq in range(1, sum(sizes) + 1)]


async def test_events_come_back_as_they_were_appended(journal: Journal) -> None:
    bodies: list[Mapping[str, Any]] = [
        {"text": "Äänestys – röstning", "n": 3, "share": 0.1, "deep": {"b": [1, None, True], "a": "ö"}},
        {},
    ]
    events = [event(seq, **body) for seq, body in enumerate(bodies, 1)]
    await put(journal, "7K3MQX9T", Batch(events))
    assert await journal.read("7K3MQX9T") == events
    assert await journal.read("7K3MQX9T", after=1) == events[1:]
    assert await journal.read("00000000") == []


async def test_the_head_moves_with_the_log(journal: Journal, database: Database) -> None:
    before = await journal.head("7K3MQX9T")
    await put(journal, "7K3MQX9T", batch(1, 3))
    after = await journal.head("7K3MQX9T")
    assert before is not None
    assert after is not None
    assert (before.seq, before.digest, after.seq, after.epoch) == (0, GENESIS, 3, before.epoch)
    assert await check_chain(database, "7K3MQX9T") == 3
    assert await journal.head("00000000") is None


async def test_a_long_log_is_read_in_chunks(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHUNK", 10)
    await put(journal, "7K3MQX9T", batch(1, 25))
    assert [len(chunk) async for chunk in journal.chunks("7K3MQX9T")] == [10, 10, 5]
    assert [e.seq for e in await journal.read("7K3MQX9T", after=20)] == [21, 22, 23, 24, 25]


async def test_two_hundred_appends_at_once_leave_every_log_without_a_gap(database: Database) -> None:
    journal = open_journal(database)
    codes = [f"RACE{n:04}" for n in range(8)]
    await asyncio.gather(*(journal.create(code, "race48", "Race") for code in codes))

    async def work(code: str) -> None:
        seq = 1
        for length in range(1, 26):
            await put(journal, code, batch(seq, length))
            seq += length

    await asyncio.gather(*map(work, codes))
    assert [await check_chain(database, code) for code in codes] == [325] * 8


async def test_appends_that_do_not_wait_for_each_other_keep_their_order(
    journal: Journal, database: Database
) -> None:
    await asyncio.gather(*(put(journal, "7K3MQX9T", batch(seq)) for seq in range(1, 201)))
    assert await check_chain(database, "7K3MQX9T") == 200


@pytest.mark.parametrize("first", [1, 3, 5])
async def test_a_batch_that_does_not_follow_is_a_conflict_and_writes_nothing(
    journal: Journal, database: Database, first: int
) -> None:
    await put(journal, "7K3MQX9T", batch(1, 3))
    told = batch_of(batch(first, 2).events, Personal("p1", {"name": "Anna"}))
    with pytest.raises(Conflict):
        await put(journal, "7K3MQX9T", told)
    assert await check_chain(database, "7K3MQX9T") == 3
    assert await asked(database, "SELECT * FROM people") == []


async def test_a_batch_with_a_gap_inside_is_a_conflict(journal: Journal) -> None:
    with pytest.raises(Conflict):
        await put(journal, "7K3MQX9T", Batch([event(1), event(3)]))


async def test_an_unknown_session_and_a_taken_code_are_conflicts(journal: Journal) -> None:
    with pytest.raises(Conflict):
        await put(journal, "00000000", batch(1))
    with pytest.raises(Conflict):
        await journal.create("7K3MQX9T", "race48", "Another")


async def test_of_two_desks_that_append_at_once_one_wins_and_the_other_is_told(
    journal: Journal,
) -> None:
    results = await asyncio.gather(
        *(put(journal, "7K3MQX9T", batch(1)) for _ in range(2)), return_exceptions=True
    )
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "NoneType"]


async def test_a_command_may_lead_to_several_events_but_is_answered_once(journal: Journal) -> None:
    await put(journal, "7K3MQX9T", Batch([event(1, "once"), event(2, "once")]))
    with pytest.raises(Conflict):
        await put(journal, "7K3MQX9T", Batch([event(3, "other"), event(4, "once")]))
    await put(journal, "7K3MQX9T", Batch([event(3, "other")]))
    assert [e.command for e in await journal.read("7K3MQX9T")] == ["once", "once", "other"]


async def test_an_empty_batch_writes_nothing(journal: Journal, database: Database) -> None:
    heard: list[Any] = []

    def decide(tail: Any) -> Batch:
        heard.extend(tail)
        return Batch(())

    await put(journal, "7K3MQX9T", batch(1, 3))
    await journal.append("7K3MQX9T", 3, decide)
    assert heard == []
    assert await check_chain(database, "7K3MQX9T") == 3


async def test_the_log_knows_the_answers_that_were_given(journal: Journal) -> None:
    await put(journal, "7K3MQX9T", Batch([event(1, "p1:a"), event(2, "p1:a"), event(3, "p2:b")]))
    await journal.create("AAAAAAAA", "race48", "Race")
    assert await journal.answers("7K3MQX9T", ["p1:a", "p2:b", "p2:a"]) == {"p1:a": 2, "p2:b": 3}
    assert await journal.answers("AAAAAAAA", ["p1:a"]) == {}
    assert await journal.answers("7K3MQX9T", []) == {}


@pytest.mark.parametrize("bad", [{1, 2}, object(), 1 << 70, "\ud800"])
async def test_what_json_cannot_say_is_refused_and_harms_nobody_else(
    journal: Journal, database: Database, bad: Any
) -> None:
    await journal.create("AAAAAAAA", "race48", "Race")
    results = await asyncio.gather(
        put(journal, "AAAAAAAA", batch(1)),
        put(journal, "7K3MQX9T", Batch([event(1, bad=bad)])),
        put(journal, "AAAAAAAA", batch(2)),
        return_exceptions=True,
    )
    assert [type(result) for result in results] == [type(None), JournalError, type(None)]
    assert await check_chain(database, "AAAAAAAA") == 2


async def test_personal_data_goes_to_its_rows_and_never_into_the_log(
    journal: Journal, database: Database
) -> None:
    secret = {"name": "Anna Ängström", "organisation": "Volvo", "mail": "anna@example.org"}
    await put(journal, "7K3MQX9T", batch_of([event(1, answered=True)], Personal("p1", secret)))
    await put(journal, "7K3MQX9T", batch_of([event(2)], Personal("p1", {"telephone": "070-1"})))
    (told,) = await asked(database, "SELECT name, organisation, contact FROM people")
    log = str(await rows(database, "7K3MQX9T"))
    assert (told["name"], told["organisation"]) == ("Anna Ängström", "Volvo")
    assert orjson.loads(told["contact"]) == {"mail": "anna@example.org", "telephone": "070-1"}
    assert "p1" in log
    assert not any(word in log for word in secret.values())


async def test_a_batch_may_hold_personal_data_alone(journal: Journal, database: Database) -> None:
    await put(journal, "7K3MQX9T", batch_of((), Personal("p1", {"alias": "Anna"})))
    assert await asked(database, "SELECT name FROM people") == [{"name": "Anna"}]


def written(seq: int, **body: Any) -> Event:
    """An event in whose ``text`` somebody wrote words."""
    return event(seq, **body)._replace(words=frozenset({"text"}))


@SQLITE_ONLY
async def test_erased_words_are_nowhere_on_disk_and_the_chain_still_holds(
    journal: Journal, database: Database, place: Place
) -> None:
    await put(journal, CODE, Batch([written(1, text="Geheimnisvoll", column="need"), written(2, text="x")]))
    assert holds(place.data, "Geheimnisvoll")
    digests = [row["digest"] for row in await rows(database, CODE)]
    assert await journal.erase(CODE, [1], "withdrawn", "p1", 5.0) == 3
    first, second, erased = await journal.read(CODE)
    assert (first.body, second.body["text"]) == ({"text": None, "column": "need"}, "x")
    assert (erased.kind, erased.body) == ("erased", {"seqs": [1], "why": "withdrawn"})
    assert [row["digest"] for row in await rows(database, CODE)][:2] == digests
    assert await check_chain(database, CODE) == 3
    assert not holds(place.data, "Geheimnisvoll")


async def test_what_people_wrote_stands_apart_and_comes_back_in_its_place(
    journal: Journal, database: Database
) -> None:
    body = {"card": "c1", "text": "Words", "column": "need"}
    await put(journal, CODE, Batch([written(1, **body), written(2, text="", column="x"), event(3, x=1)]))
    assert [list(e.body.items()) for e in await journal.read(CODE)] == [
        list(body.items()),
        [("text", ""), ("column", "x")],
        [("x", 1)],
    ]
    found = [(row["body"], row["words"], row["words_digest"] is None) for row in await rows(database, CODE)]
    assert found == [
        ('{"card":"c1","text":null,"column":"need"}', '{"text":"Words"}', False),
        ('{"text":"","column":"x"}', None, True),
        ('{"x":1}', None, True),
    ]


async def test_structure_is_never_erased_and_a_refused_erasure_leaves_everything(
    journal: Journal, database: Database
) -> None:
    await put(journal, CODE, Batch([written(1, text="Words"), event(2, x=1)]))
    before = await rows(database, CODE)
    for seqs in ([2], [1, 2], [7]):
        with pytest.raises(Conflict, match="no words"):
            await journal.erase(CODE, seqs, "withdrawn", "p1", 5.0)
    assert await rows(database, CODE) == before
    await journal.erase(CODE, [1], "withdrawn", "p1", 5.0)
    with pytest.raises(Conflict, match="no words"):
        await journal.erase(CODE, [1], "withdrawn", "p1", 5.0)


def holds(folder: Path, word: str) -> bool:
    """Whether a word is in any file of a folder: database, write-ahead log, or whatever else."""
    return any(word.encode() in path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def test_the_salt_hides_equal_bodies(journal: Journal, database: Database) -> None:
    await put(journal, "7K3MQX9T", Batch([event(1, option="a"), event(2, option="a")]))
    one, other = await rows(database, "7K3MQX9T")
    assert one["body"] == other["body"]
    assert one["body_digest"] != other["body_digest"]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE log SET body = replace(body, 'card 2', 'card X') WHERE seq = 2",
        "UPDATE log SET actor = 'p2' WHERE seq = 2",
        "UPDATE log SET at = at + 1 WHERE seq = 2",
        "UPDATE log SET kind = 'card_hidden' WHERE seq = 2",
        "DELETE FROM log WHERE seq = 2",
        "DELETE FROM log WHERE seq = 3",
    ],
)
async def test_a_change_in_the_database_breaks_the_chain(
    journal: Journal, database: Database, change: str
) -> None:
    await put(journal, "7K3MQX9T", batch(1, 3))
    assert await check_chain(database, "7K3MQX9T") == 3
    assert await database.write(lambda db: db.execute(text(change)).rowcount) == 1
    with pytest.raises(AssertionError):
        await check_chain(database, "7K3MQX9T")


@SQLITE_ONLY
async def test_a_full_disk_is_refused_and_heals_by_itself(journal: Journal, database: Database) -> None:
    await put(journal, "7K3MQX9T", batch(1))
    pages = await database.write(lambda db: db.exec_driver_sql("PRAGMA page_count").scalar_one())
    await database.write(lambda db: db.exec_driver_sql(f"PRAGMA max_page_count={pages}").scalar_one())
    big = Batch([event(2, text="x" * 100_000)])
    with pytest.raises(JournalError, match="full"):
        await put(journal, "7K3MQX9T", big)
    await database.write(lambda db: db.exec_driver_sql("PRAGMA max_page_count=1000000").scalar_one())
    await put(journal, "7K3MQX9T", big)
    assert await check_chain(database, "7K3MQX9T") == 2


async def test_close_waits_for_what_is_under_way(journal: Journal, database: Database) -> None:
    tasks = [asyncio.create_task(put(journal, "7K3MQX9T", batch(seq))) for seq in range(1, 51)]
    await asyncio.sleep(0)
    await journal.close()
    assert await check_chain(database, "7K3MQX9T") == 50
    await asyncio.gather(*tasks)


CHILD = """
import asyncio, os, sys
from pathlib import Path
from app.database import open_database
from app.streams.journal import Batch, open_journal
from sessions.messages import Event

async def write(journal, code):
    seq = (await journal.head(code)).seq
    while True:
        seq += 1
        event = Event("card_added", "R03", {"text": code}, seq, 1.5, "p1", f"{os.getpid()}-{seq}")
        await journal.append(code, seq - 1, lambda _, batch=Batch([event]): batch)
        os.write(1, f"{code} {seq}\\n".encode())

async def main():
    database = open_database(Path(sys.argv[1]), sys.argv[2])
    journal = open_journal(database)
    await asyncio.gather(*(write(journal, code) for code in sys.argv[3:]))

asyncio.run(main())
"""


async def test_a_killed_process_loses_nothing_that_it_acknowledged(database: Database, place: Place) -> None:
    journal = open_journal(database)
    codes = ["AAAAAAAA", "BBBBBBBB", "CCCCCCCC"]
    for code in codes:
        await journal.create(code, "race48", "Race")
    told: dict[str, int] = {}
    for acknowledgements in (40, 7, 200):
        told |= await asyncio.to_thread(_killed_after, acknowledgements, place, codes)
        for code in codes:
            assert await check_chain(database, code) >= told.get(code, 0)
    assert set(told) == set(codes)
    assert sum(told.values()) > 240


def _killed_after(acknowledgements: int, place: Place, codes: list[str]) -> dict[str, int]:
    """Let a process write until it has acknowledged so often, kill it, and return each log's last acknowledged seq."""
    command = [sys.executable, "-c", CHILD, str(place.data), place.url, *codes]
    told: dict[str, int] = {}
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True) as child:
        assert child.stdout is not None
        for line in child.stdout:
            code, seq = line.split()
            told[code] = int(seq)
            acknowledgements -= 1
            if acknowledgements == 0:
                os.kill(child.pid, signal.SIGKILL)
    assert child.returncode == -signal.SIGKILL
    return told
