"""Tasks come with their events, are done by one at a time, come again if they fail, and are given up visibly."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, text

from app.clock import RaceClock
from app.database import Database
from app.streams import tasks, worker
from app.streams.journal import Batch, Conflict, open_journal
from app.streams.task_outcomes import Ended, Handler, Later
from app.streams.tasks import FRESH, LEASE_SECONDS, MOST_TRIES, TASKS, Task
from app.streams.worker import Worker
from sessions.messages import Event
from tests.support.databases import Place, asked

CODE, CHANCE, CLOCK = "7K3MQX9T", Random(1), RaceClock()
KINDS = ("mail", "poison")


@pytest.fixture
async def database(place: Place) -> AsyncIterator[Database]:
    database = place.open()
    await database.migrate()
    yield database
    await database.close()


def mail(number: int, **other: Any) -> Task:
    return Task(f"mail/{CODE}/{number}", "mail", CODE, number, **other)


async def put(database: Database, *wanted: Task) -> None:
    await database.write(lambda db: tasks.put(db, wanted))


async def take(database: Database, kinds: Iterable[str] = KINDS) -> list[Task]:
    return await database.write(lambda db: tasks.take(db, CLOCK, kinds))


async def rows(database: Database) -> list[dict[str, Any]]:
    return await asked(database, "SELECT id, seq, next, tries, error FROM tasks ORDER BY id")


async def come_due(database: Database) -> None:
    """All leases and pauses are over."""
    await database.write(lambda db: db.execute(text("UPDATE tasks SET next = 0 WHERE next IS NOT NULL")))


async def fail(database: Database, task: Task) -> None:
    await database.write(lambda db: tasks.fail(db, task, CLOCK, "no answer", CHANCE))


async def test_a_task_is_there_if_and_only_if_its_events_are(database: Database) -> None:
    journal = open_journal(database)
    await journal.create(CODE, "race48", "Race")
    event = Event("card_added", "R03", {}, 1, 1.5, "p1", "c1")

    def put_mail(db: Connection, stream: str) -> None:
        tasks.put(db, [mail(1)])

    with pytest.raises(Conflict):
        await journal.append(CODE, 0, lambda _: Batch([event._replace(seq=2)], [put_mail]))
    assert await rows(database) == []
    await journal.append(CODE, 0, lambda _: Batch([event], [put_mail]))
    assert [row["id"] for row in await rows(database)] == [f"mail/{CODE}/1"]


async def test_what_is_taken_nobody_else_gets_until_its_lease_ends(database: Database) -> None:
    await put(database, mail(1, body={"to": "p1"}))
    before = CLOCK.now()
    (task,) = await take(database)
    assert (task.body, task.tries) == ({"to": "p1"}, 1)
    assert await take(database) == []
    (row,) = await rows(database)
    assert LEASE_SECONDS - 1 < row["next"] - before < LEASE_SECONDS + 30
    await come_due(database)
    assert [task.tries for task in await take(database)] == [2]


async def test_who_takes_at_once_takes_different_ones(place: Place) -> None:
    databases = [place.open() for _ in range(3 if place.url else 1)]
    for database in databases:
        await database.migrate()
    await put(databases[0], *(mail(number) for number in range(1, 31)))
    taken = await asyncio.gather(*(take(databases[n % len(databases)]) for n in range(30)))
    ids = [task.id for each in taken for task in each]
    assert len(ids) == len({*ids}) >= FRESH * 3
    for database in databases:
        await database.close()


async def test_only_what_is_due_and_of_a_kind_that_is_known_is_taken(database: Database) -> None:
    await put(database, mail(1, next=CLOCK.now() + 60), Task("other/1", "other", CODE, 1))
    assert await take(database) == []
    assert await database.read(lambda db: tasks.earliest(db, ("other",))) == 0.0
    assert await database.read(lambda db: tasks.earliest(db, ("nothing",))) is None


async def test_some_are_taken_together_at_first_and_alone_once_they_were_tried(database: Database) -> None:
    await put(database, *(mail(number) for number in range(1, FRESH + 3)))
    assert [len(await take(database)) for _ in range(3)] == [FRESH, 2, 0]
    await come_due(database)
    assert [len(await take(database)) for _ in range(3)] == [1, 1, 1]


async def test_a_newer_one_under_the_same_id_takes_the_place_of_the_older(database: Database) -> None:
    for seq, due in ((2, 20.0), (1, 10.0), (3, 30.0)):
        await put(database, Task("wake/X", "wake", CODE, seq, due))
    (row,) = await rows(database)
    assert (row["seq"], row["next"]) == (3, 30.0)


async def test_what_was_put_while_the_older_was_being_done_is_not_lost(database: Database) -> None:
    await put(database, Task("wake/X", "mail", CODE, 1))
    (task,) = await take(database)
    await put(database, Task("wake/X", "mail", CODE, 2))
    for work in (
        lambda db: tasks.end(db, task),
        lambda db: tasks.put_off(db, task, 99.0),
        lambda db: tasks.fail(db, task, CLOCK, "no answer", CHANCE),
    ):
        await database.write(work)
    (row,) = await rows(database)
    assert (row["seq"], row["next"], row["tries"], row["error"]) == (2, 0.0, 0, "")
    await database.write(lambda db: tasks.drop(db, "wake/X", 2))
    assert len(await rows(database)) == 1
    await database.write(lambda db: tasks.drop(db, "wake/X", 3))
    assert await rows(database) == []


async def test_pauses_grow_until_it_is_given_up_and_can_be_seen(database: Database) -> None:
    await put(database, mail(1))
    pauses = []
    for _ in range(MOST_TRIES):
        assert await database.read(tasks.given_up) == {}
        (task,) = await take(database)
        before = CLOCK.now()
        await fail(database, task)
        (row,) = await rows(database)
        if row["next"] is not None:
            pauses.append(row["next"] - before)
        await come_due(database)
    assert all(longer > 1.1 * shorter for shorter, longer in pairwise(pauses))
    assert len(pauses) == MOST_TRIES - 1
    assert (row["next"], row["error"]) == (None, "no answer")
    assert await database.read(tasks.given_up) == {"mail": 1}
    assert await take(database) == []


async def test_leases_and_pauses_pass_as_fast_as_the_products_clock(database: Database) -> None:
    fast = RaceClock(CLOCK.now(), 100.0)
    await put(database, mail(1))
    before = fast.now()
    await database.write(lambda db: tasks.take(db, fast, KINDS))
    (row,) = await rows(database)
    assert 100 * LEASE_SECONDS - 1 < row["next"] - before < 100 * (LEASE_SECONDS + 30)


# ---- the worker


async def work(database: Database, handlers: dict[str, Handler], times: int = 1) -> Worker:
    """A worker that has done what is due, so many times."""
    at_work = Worker(database, CLOCK, handlers)
    for _ in range(times):
        while await at_work.work():
            pass
        await come_due(database)
    return at_work


async def test_what_is_done_is_gone(database: Database) -> None:
    done: list[str] = []

    async def send(task: Task) -> None:
        done.append(task.id)

    await put(database, *(mail(number) for number in range(1, 8)))
    await work(database, {"mail": send})
    assert sorted(done) == [f"mail/{CODE}/{number}" for number in range(1, 8)]
    assert await rows(database) == []


async def test_one_that_always_fails_holds_up_no_other(database: Database) -> None:
    done: list[str] = []

    async def send(task: Task) -> None:
        done.append(task.id)

    async def break_down(task: Task) -> None:
        raise ValueError("that address does not exist")

    await put(database, Task("poison", "poison", CODE, 1), *(mail(number) for number in range(1, 8)))
    at_work = await work(database, {"mail": send, "poison": break_down}, MOST_TRIES + 1)
    assert len(done) == 7
    (row,) = await rows(database)
    assert (row["id"], row["next"]) == ("poison", None)
    assert row["error"] == "ValueError: that address does not exist"
    await at_work._count()
    assert at_work.given_up == {"poison": 1}


async def test_one_that_ended_the_process_each_time_is_given_up(database: Database) -> None:
    async def send(task: Task) -> None:
        raise AssertionError("it was taken too often already")

    await put(database, mail(1))
    for _ in range(MOST_TRIES):
        assert len(await take(database)) == 1  # and the process ends
        await come_due(database)
    await work(database, {"mail": send})
    (row,) = await rows(database)
    assert (row["next"], row["error"]) == (None, "the process ended each time")


async def test_one_that_was_taken_too_early_is_due_again_as_if_it_were_new(database: Database) -> None:
    async def wait(task: Task) -> Later:
        return Later(4e9)

    await put(database, mail(1))
    at_work = Worker(database, CLOCK, {"mail": wait})
    await at_work.work()
    (row,) = await rows(database)
    assert (row["next"], row["tries"]) == (4e9, 0)


async def test_a_handler_may_see_to_the_end_itself(database: Database) -> None:
    async def send(task: Task) -> Ended:
        return Ended()

    await put(database, mail(1))
    await Worker(database, CLOCK, {"mail": send}).work()
    assert [row["tries"] for row in await rows(database)] == [1]


async def test_a_worker_hears_of_a_task_at_once_and_of_a_far_one_not_at_all(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "LONGEST_SLEEP", 600.0)
    done = asyncio.Event()

    async def send(task: Task) -> None:
        done.set()

    at_work = Worker(database, CLOCK, {"mail": send})
    database.listening[TASKS] = lambda stream, word: at_work.hear(float(word))
    at_work.start()
    async with asyncio.timeout(10):
        while not at_work._sleeps_until:
            await asyncio.sleep(0.01)
    database.announce(TASKS, CODE, str(CLOCK.now() + 3600))
    assert not at_work._awake.is_set()
    await put(database, mail(1))
    database.announce(TASKS, CODE, str(CLOCK.now()))
    async with asyncio.timeout(10):
        await done.wait()
    await at_work.close()
