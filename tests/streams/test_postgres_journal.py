"""One log and several journals, as of several processes on one PostgreSQL."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import pytest

from app.database import Database, open_database
from app.rehearsal.venue.postgres import Postgres
from app.streams import postgres_journal
from app.streams.journal import Batch, Conflict, Journal, JournalError, open_journal
from sessions.messages import Event, Personal
from tests.streams.test_journal import check_chain, event
from tests.support.batches import batch_of
from tests.support.databases import Place, asked, new_place

CODE = "7K3MQX9T"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return new_place("postgres", tmp_path / "data")


@pytest.fixture
async def databases(place: Place) -> AsyncIterator[list[Database]]:
    """The same database as three processes see it."""
    opened = [place.open() for _ in range(3)]
    await opened[0].migrate()
    await open_journal(opened[0]).create(CODE, "race48", "Race")
    yield opened
    for database in opened:
        await database.close()


@pytest.fixture
def journals(databases: list[Database]) -> list[Journal]:
    return [open_journal(database) for database in databases]


class Reader:
    """What a desk does: folds what others appended, and decides after it."""

    def __init__(self, journal: Journal, name: str) -> None:
        self.journal, self.name = journal, name
        self.log: list[Event] = []

    @property
    def seq(self) -> int:
        return len(self.log)

    async def append(self, length: int, *told: Personal) -> None:
        """Append events of one command, after whatever others have appended."""
        batch: list[Event] = []

        def decide(tail: Sequence[Event]) -> Batch:
            self.log += tail
            first = self.seq + 1
            batch.extend(
                event(seq, f"{self.name}-{first}", by=self.name) for seq in range(first, first + length)
            )
            return batch_of(batch, *told)

        await self.journal.append(CODE, self.seq, decide)
        self.log += batch


async def test_each_hears_what_the_others_have_appended_before_it_decides(
    journals: list[Journal], databases: list[Database]
) -> None:
    one, other = Reader(journals[0], "one"), Reader(journals[1], "other")
    await one.append(2)
    await other.append(1)
    await other.append(1)
    await one.append(1)
    assert [e.body["by"] for e in one.log] == ["one", "one", "other", "other", "one"]
    assert one.log == await journals[2].read(CODE)
    assert await check_chain(databases[2], CODE) == 5


async def test_hundreds_of_appends_by_three_at_once_skip_nothing_and_double_nothing(
    journals: list[Journal], databases: list[Database]
) -> None:
    readers = [Reader(journal, f"r{n}") for n, journal in enumerate(journals)]
    chance = random.Random(7)

    async def work(reader: Reader) -> None:
        for _ in range(60):
            await reader.append(chance.randint(1, 4))
            await asyncio.sleep(chance.choice((0, 0, 0.002)))

    await asyncio.gather(*map(work, readers))
    whole = await journals[0].read(CODE)
    for reader in readers:
        await reader.append(0)
        assert reader.log == whole
    assert {e.body["by"] for e in whole} == {"r0", "r1", "r2"}
    assert await check_chain(databases[0], CODE) == len(whole) >= 180


async def test_a_batch_that_was_made_before_others_appended_is_refused(
    journals: list[Journal], databases: list[Database]
) -> None:
    await Reader(journals[0], "one").append(3)
    stale = batch_of([event(1)], Personal("p1", {"name": "Anna"}))
    with pytest.raises(Conflict):
        await journals[1].append(CODE, 0, lambda tail: stale)
    assert await asked(databases[0], "SELECT * FROM people") == []
    assert await check_chain(databases[0], CODE) == 3


async def test_a_command_that_another_process_has_answered_is_not_written_again(
    journals: list[Journal],
) -> None:
    await journals[0].append(CODE, 0, lambda tail: Batch([event(1, "p1:c1")]))
    with pytest.raises(Conflict):
        await journals[1].append(CODE, 0, lambda tail: Batch([event(len(tail) + 1, "p1:c1")]))
    assert await journals[1].answers(CODE, ["p1:c1", "p1:c2"]) == {"p1:c1": 1}


async def test_who_is_far_behind_has_to_read_first_and_holds_up_nobody(
    journals: list[Journal], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_journal, "MAX_BEHIND", 5)
    await Reader(journals[0], "one").append(6)
    late = Reader(journals[1], "late")
    with pytest.raises(Conflict, match="read first"):
        await late.append(1)
    late.log = await journals[1].read(CODE)
    await late.append(1)
    assert late.seq == 7


async def test_what_fails_while_it_is_decided_leaves_nothing_and_gives_the_log_back(
    journals: list[Journal],
) -> None:
    def fail(tail: Sequence[Event]) -> Batch:
        raise ValueError("on purpose")

    with pytest.raises(ValueError, match="on purpose"):
        await journals[0].append(CODE, 0, fail)
    await Reader(journals[1], "other").append(1)
    assert [e.seq for e in await journals[0].read(CODE)] == [1]


async def test_a_commit_goes_on_when_nobody_waits_for_it_any_more(
    journals: list[Journal], databases: list[Database]
) -> None:
    tasks = [asyncio.create_task(Reader(journal, f"r{n}").append(2)) for n, journal in enumerate(journals)]
    await asyncio.sleep(0.005)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for journal in journals:
        await journal.close()
    assert await check_chain(databases[0], CODE) == 6


async def test_a_process_that_froze_while_it_held_the_log_loses_it_and_appends_nothing(
    journals: list[Journal], place: Place
) -> None:
    """Its transaction stays open, with the head's row locked, until PostgreSQL ends it."""
    frozen = open_database(place.data, place.url)
    holds: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    thawed = asyncio.Event()

    async def hold() -> None:
        async with frozen.transaction() as (_, driver):  # type: ignore[attr-defined]
            await driver.fetch("SELECT * FROM stream_open($1, 0, 100)", CODE)
            holds.set_result(None)
            await thawed.wait()  # longer than PostgreSQL lets a transaction idle
            await driver.execute("UPDATE heads SET seq = 99 WHERE stream = $1", CODE)

    holding = asyncio.create_task(hold())
    await holds
    await Reader(journals[0], "one").append(1)
    assert not holding.done()
    thawed.set()
    with pytest.raises(JournalError):
        await holding
    assert [e.seq for e in await journals[1].read(CODE)] == [1]
    await frozen.close()


@pytest.fixture
def crashing(tmp_path: Path) -> Iterator[tuple[Postgres, str]]:
    """A PostgreSQL of this test's own, to be stopped hard."""
    server = Postgres(durable=False)
    server.start()
    yield server, server.url()
    server.close()


async def test_what_was_acknowledged_outlives_a_crash_of_postgres(
    crashing: tuple[Postgres, str], tmp_path: Path, place: Place
) -> None:
    server, url = crashing
    databases = [open_database(tmp_path, url) for _ in range(2)]
    await databases[0].migrate()
    journals = [open_journal(database) for database in databases]
    await journals[0].create(CODE, "race48", "Race")
    readers = [Reader(journal, f"r{n}") for n, journal in enumerate(journals)]
    acknowledged: list[str] = []
    failures = 0
    going_on = True

    async def work(reader: Reader) -> None:
        nonlocal failures
        while going_on:
            try:
                await reader.append(1)
                acknowledged.append(reader.log[-1].command)
            except JournalError:  # what is in doubt is dropped, and the log read again, as a desk does
                failures += 1
                await asyncio.sleep(0.05)
                try:
                    reader.log = await reader.journal.read(CODE)
                except JournalError:
                    continue

    working = [asyncio.create_task(work(reader)) for reader in readers]
    for _ in range(3):
        before = len(acknowledged)
        async with asyncio.timeout(20.0):
            while len(acknowledged) < before + 30:
                await asyncio.sleep(0.01)
        await asyncio.to_thread(server.stop_hard)
        await asyncio.to_thread(server.start)
    going_on = False
    await asyncio.gather(*working)
    commands = [e.command for e in await journals[0].read(CODE)]
    assert failures >= 3
    assert len(set(commands)) == len(commands)
    assert set(acknowledged) <= set(commands)
    assert await check_chain(databases[1], CODE) == len(commands) >= 90
    for database in databases:
        await database.close()
