"""Several streams grow in one transaction, or none of them does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from random import Random
from typing import Any

import pytest

from app.database import Database
from app.streams.journal import Batch, Conflict, Journal, open_journal
from app.streams.log import Tail
from sessions.messages import Event, Personal
from tests.streams.test_journal import check_chain
from tests.support.batches import batch_of
from tests.support.databases import Place, asked

SESSION, RECORD, OTHER = "7K3MQX9T", "r-0199d5a4-0001", "r-0199d5a4-0002"


@pytest.fixture
async def databases(place: Place) -> AsyncIterator[list[Database]]:
    """The database as two processes see it; on SQLite there is one."""
    opened = [place.open() for _ in range(2 if place.url else 1)]
    for database in opened:
        await database.migrate()
    yield opened
    for database in opened:
        await database.close()


@pytest.fixture
async def journal(databases: list[Database]) -> Journal:
    journal = open_journal(databases[0])
    await journal.create(SESSION, "race48", "Race")
    return journal


def event(seq: int, command: str, **body: Any) -> Event:
    return Event("followed", "", body, seq, 1.5, "p1", command)


def next_in(tails: Mapping[str, Tail], command: str, **body: Any) -> dict[str, Batch]:
    """One more event for each stream."""
    return {
        stream: Batch([event(tail.head.seq + 1, f"{command}:{stream}", **body)])
        for stream, tail in tails.items()
    }


async def test_streams_are_begun_and_grow_together(journal: Journal, databases: list[Database]) -> None:
    for command in ("a", "b"):
        known = {SESSION: 0, RECORD: 0}
        await journal.append_all(known, lambda tails, c=command: next_in(tails, c), "record")  # type: ignore[misc]  # a default
    assert [await check_chain(databases[0], stream) for stream in (SESSION, RECORD)] == [2, 2]
    kinds = await asked(databases[0], "SELECT stream, kind FROM heads ORDER BY stream")
    assert kinds == [{"stream": SESSION, "kind": "session"}, {"stream": RECORD, "kind": "record"}]


async def test_whoever_decides_hears_what_is_new_in_each_stream(journal: Journal) -> None:
    await journal.append_all({RECORD: 0, OTHER: 0}, lambda tails: next_in(tails, "a"), "record")
    heard: dict[str, list[str]] = {}

    def decide(tails: Mapping[str, Tail]) -> dict[str, Batch]:
        heard.update({stream: [event.command for event in tail.events] for stream, tail in tails.items()})
        return {}

    await journal.append_all({RECORD: 0, OTHER: 1}, decide)
    assert heard == {RECORD: [f"a:{RECORD}"], OTHER: []}


async def test_a_stream_that_nothing_was_added_to_was_never_begun(
    journal: Journal, databases: list[Database]
) -> None:
    await journal.append_all(
        {RECORD: 0, OTHER: 0}, lambda tails: next_in({RECORD: tails[RECORD]}, "a"), "record"
    )
    assert await journal.heads([RECORD, OTHER]) == {RECORD: 1}


async def test_where_one_stream_cannot_grow_none_does(journal: Journal, databases: list[Database]) -> None:
    await journal.append_all({RECORD: 0, OTHER: 0}, lambda tails: next_in(tails, "a"), "record")

    def decide(tails: Mapping[str, Tail]) -> dict[str, Batch]:
        added = batch_of([event(2, f"a:{OTHER}")], Personal("p1", {"name": "Anna"}))
        return {**next_in({RECORD: tails[RECORD]}, "b"), OTHER: added}

    await journal.create("AAAAAAAA", "race48", "Race")
    with pytest.raises(Conflict, match="answered before"):
        await journal.append_all({RECORD: 1, OTHER: 1}, decide)
    assert await journal.heads([RECORD, OTHER]) == {RECORD: 1, OTHER: 1}
    assert await asked(databases[0], "SELECT * FROM people") == []


async def test_a_stream_that_is_not_there_is_a_conflict(journal: Journal) -> None:
    with pytest.raises(Conflict, match=f"no stream {RECORD}"):
        await journal.append_all({SESSION: 0, RECORD: 0}, lambda tails: next_in(tails, "a"))


async def test_many_who_want_the_same_streams_in_any_order_all_come_through(
    databases: list[Database], journal: Journal
) -> None:
    journals = [open_journal(database) for database in databases]
    streams = [f"r-{number}" for number in range(4)]
    chance = Random(3)

    async def append(number: int) -> None:
        wanted = dict.fromkeys(chance.sample(streams, 2), 0)
        await journals[number % len(journals)].append_all(
            wanted, lambda tails: next_in(tails, f"c{number}"), "record"
        )

    async with asyncio.timeout(30):
        await asyncio.gather(*map(append, range(60)))
    assert sum([await check_chain(databases[0], stream) for stream in streams]) == 120
