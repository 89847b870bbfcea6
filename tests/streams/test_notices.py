"""What processes on one PostgreSQL tell each other: at once, and where it got lost within a second."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path

import pytest

from app.audience import shared_presence
from app.audience.presence import PRESENCE, Presence
from app.audience.shared_presence import SharedPresence
from app.database.bulletin import MAX_PAYLOAD, Notice, heard, payloads
from app.database.postgres import PostgresDatabase
from app.people import store
from app.people.store import REVOKED, People, Revoked
from app.streams.journal import LOG, Batch, open_journal
from app.streams.notices import Notices
from tests.streams.test_journal import event
from tests.support.databases import Place, new_place
from tests.support.patience import SOON, until
from tests.support.people import erase

CODE = "7K3MQX9T"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return new_place("postgres", tmp_path / "data")


@pytest.fixture
async def pair(place: Place) -> AsyncIterator[list[PostgresDatabase]]:
    """The same database as two processes see it."""
    opened = [PostgresDatabase(place.url) for _ in range(2)]
    for database in opened:
        await database.migrate()
    await open_journal(opened[0]).create(CODE, "race48", "Race")
    yield opened
    for database in opened:
        await database.close()


@pytest.fixture
async def news(pair: list[PostgresDatabase]) -> AsyncIterator[list[tuple[str, str, str]]]:
    """What the second process hears."""
    told: list[tuple[str, str, str]] = []

    def hear(topic: str) -> Callable[[str, str], None]:
        return lambda session, word: told.append((topic, session, word))

    tidings = Notices(pair[1], {topic: hear(topic) for topic in ("ready", LOG, REVOKED, PRESENCE)}, ())
    tidings.start()
    for number in range(100):
        word = ("ready", "", str(number))
        pair[0].announce(*word)
        with suppress(TimeoutError):  # it did not listen yet; but what was said before is heard before
            await until(lambda word=word: word in told, 0.1)  # type: ignore[misc]  # a default
            break
    assert told
    told.clear()
    yield told
    await tidings.close()


# ---- notices


def test_many_notices_are_told_in_texts_that_are_short_enough() -> None:
    news = [Notice(LOG, f"RACE{n:04}", str(n)) for n in range(2000)]
    texts = list(payloads("me", news))
    assert len(texts) > 1
    assert max(len(text.encode()) for text in texts) <= MAX_PAYLOAD
    assert [notice for text in texts for notice in heard(text)[1]] == news
    assert {heard(text)[0] for text in texts} == {"me"}


async def test_what_one_process_appends_the_other_hears_of_after_the_commit(
    pair: list[PostgresDatabase], news: list[tuple[str, str, str]]
) -> None:
    await open_journal(pair[0]).append(CODE, 0, lambda tail: Batch([event(1), event(2)]))
    await until(lambda: (LOG, CODE, "2") in news)
    assert [e.seq for e in await open_journal(pair[1]).read(CODE)] == [1, 2]


async def test_nobody_hears_what_it_has_told_itself(
    pair: list[PostgresDatabase], news: list[tuple[str, str, str]]
) -> None:
    pair[1].announce(LOG, CODE, "7")
    pair[0].announce(LOG, CODE, "8")
    await until(lambda: news)
    assert news == [(LOG, CODE, "8")]


async def test_a_burst_is_told_together(
    pair: list[PostgresDatabase], news: list[tuple[str, str, str]]
) -> None:
    journal = open_journal(pair[0])
    for seq in range(1, 41):
        await journal.append(CODE, seq - 1, lambda tail, seq=seq: Batch([event(seq)]))  # type: ignore[misc]
    await until(lambda: (LOG, CODE, "40") in news)
    assert [word for _, _, word in news] == [str(n) for n in range(1, 41)]


async def test_whoever_listens_comes_back_when_the_connection_breaks(
    pair: list[PostgresDatabase], news: list[tuple[str, str, str]]
) -> None:
    driver = await pair[0].connect()
    ended = await driver.fetch(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await driver.close()
    assert len(ended) >= 2
    async with asyncio.timeout(SOON):
        while not news:
            pair[0].announce(LOG, CODE, "1")
            await asyncio.sleep(0.05)


async def test_what_is_looked_for_is_found_without_any_notice_and_in_spite_of_failures(
    pair: list[PostgresDatabase],
) -> None:
    seen: list[int] = []
    journal = open_journal(pair[1])

    async def fail() -> None:
        raise OSError("on purpose")

    async def look() -> None:
        seen.append((await journal.heads([CODE, "00000000"]))[CODE])

    tidings = Notices(pair[1], {}, (fail, look))
    tidings.start()
    pair[0].announce = lambda topic, session, word="": None  # type: ignore[method-assign]  # the notice gets lost
    await open_journal(pair[0]).append(CODE, 0, lambda tail: Batch([event(1)]))
    await until(lambda: 1 in seen)
    await tidings.close()
    assert seen == sorted(seen)
    assert set(seen) <= {0, 1}


# ---- revocations


async def test_what_one_process_revokes_the_other_believes_no_longer(
    pair: list[PostgresDatabase],
) -> None:
    here, there = People(pair[0]), People(pair[1])
    told: list[Revoked] = []
    there.on_revoked.append(told.append)
    await there.look()
    one, other, erased = [await here.issue_cookie(person, CODE) for person in ("p1", "p2", "p3")]
    for token in (one, other, erased):
        assert await there.whose(token) is not None
    await there.look()
    assert told == []
    await here.create_person(CODE, "Anna")
    await here.revoke_cookie(one)
    await there.look()
    assert await there.whose(one) is None
    assert await there.whose(other) is not None
    assert [revoked.person for revoked in told] == ["p1"]


async def test_a_cookie_that_is_to_stop_soon_stops_then_in_the_other_process_too(
    pair: list[PostgresDatabase], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "GRACE_SECONDS", 0.3)
    here, there = People(pair[0]), People(pair[1])
    told: list[Revoked] = []
    there.on_revoked.append(told.append)
    await there.look()
    token = await here.issue_cookie("p1", CODE)
    await there.whose(token)
    fresh = await here.rotate_cookie(token)
    await there.look()
    known = await there.whose(token)
    assert known is not None
    assert (known.late, known.until) == (True, None)
    assert await here.whose(fresh or "") is not None
    await there.look()
    assert await there.whose(token) is not None
    await until(lambda: told)
    assert await there.whose(token) is None


async def test_who_is_erased_in_one_process_is_shut_out_by_the_other(pair: list[PostgresDatabase]) -> None:
    here, there = People(pair[0]), People(pair[1])
    await there.look()
    person = await here.create_person(CODE, "Anna")
    token = await here.issue_cookie(person, CODE)
    assert await there.whose(token) is not None
    await erase(pair[0], here, CODE, person)
    await there.look()
    assert await there.whose(token) is None


def test_a_revocation_survives_its_way_as_a_notice() -> None:
    for revoked in (Revoked("p1", CODE, b"\x00\xff"), Revoked("p1", CODE)):
        assert Revoked.from_notice(CODE, revoked.word()) == revoked


# ---- names


async def test_names_that_another_process_was_told_are_known_after_catching_up(
    pair: list[PostgresDatabase],
) -> None:
    here, there = People(pair[0]), People(pair[1])
    directory = await there.directory(CODE)
    anna = await here.create_person(CODE, "Anna", "Volvo", mail="anna@example.org")
    assert anna not in directory
    await directory.catch_up()
    assert directory.fields(anna)["mail"] == "anna@example.org"
    await erase(pair[0], here, CODE, anna)
    await directory.catch_up()
    assert (directory.name(anna), "mail" in directory.fields(anna)) == ("", False)


async def test_a_name_is_not_missed_however_long_its_transaction_takes(pair: list[PostgresDatabase]) -> None:
    """Transactions do not end in the order in which they began."""
    people = People(pair[1])
    directory = await people.directory(CODE)
    driver = await pair[0].connect()
    await driver.execute("BEGIN")
    await driver.execute(
        "INSERT INTO people (session, person, name, organisation, language, contact, created)"
        " VALUES ($1, 'slow', 'Aino', '', '', '{}', now())",
        CODE,
    )
    quick = await People(pair[0]).create_person(CODE, "Bo")
    await directory.catch_up()
    assert (directory.name(quick), directory.name("slow")) == ("Bo", "")
    await driver.execute("COMMIT")
    await driver.close()
    await directory.catch_up()
    assert directory.name("slow") == "Aino"


async def test_namesakes_are_numbered_alike_in_every_process(pair: list[PostgresDatabase]) -> None:
    here, there = People(pair[0]), People(pair[1])
    directories = [await people.directory(CODE) for people in (here, there)]
    first = await here.create_person(CODE, "Anna")
    second = await there.create_person(CODE, "Anna")
    directories[0].add(first, "Anna")
    directories[1].add(second, "Anna")
    for directory in directories:
        await directory.catch_up()
        assert [directory.shown_name(person) for person in (first, second)] == ["Anna", "Anna 2"]


async def test_all_processes_have_the_same_keys_for_organisations(pair: list[PostgresDatabase]) -> None:
    here, there = People(pair[0]), People(pair[1])
    assert here.organisation_key("Volvo") == there.organisation_key("volvo") != ""


# ---- presence


async def test_presence_is_what_all_see_together(pair: list[PostgresDatabase]) -> None:
    here, there = (SharedPresence(database, database.name) for database in pair)
    changed: list[str] = []
    there.on_change = changed.append
    here.tell(CODE, {"p1", "p2"})
    there.tell(CODE, {"p3"})
    await here.look()
    await there.look()
    await here.look()
    assert here.others(CODE) == {"p3"}
    assert there.others(CODE) == {"p1", "p2"}
    assert changed == [CODE]
    here.tell(CODE, {"p2"})
    await here.look()
    await there.look()
    assert there.others(CODE) == {"p2"}
    await here.close()
    await there.look()
    assert there.others(CODE) == set()
    assert changed == [CODE] * 3
    await there.close()


async def test_who_was_connected_through_a_process_that_died_is_gone_after_a_while(
    pair: list[PostgresDatabase], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_presence, "LOST_SECONDS", 0.3)
    dead, there = (SharedPresence(database, database.name) for database in pair)
    dead.tell(CODE, {"p1"})
    await dead.look()
    there.tell(CODE, set())
    await there.look()
    assert there.others(CODE) == {"p1"}
    async with asyncio.timeout(SOON):
        while there.others(CODE):
            await there.look()
    assert there.others(CODE) == set()
    await there.close()


async def test_a_process_whose_row_got_lost_tells_it_again(
    pair: list[PostgresDatabase], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The table is not logged: a crash of PostgreSQL empties it."""
    monkeypatch.setattr(shared_presence, "BEAT_SECONDS", 0.0)
    here, there = (SharedPresence(database, database.name) for database in pair)
    here.tell(CODE, {"p1"})
    await here.look()
    there.tell(CODE, set())
    driver = await pair[0].connect()
    await driver.execute("TRUNCATE presence")
    await driver.close()
    await here.look()
    await here.look()
    await there.look()
    assert there.others(CODE) == {"p1"}
    await here.close()
    await there.close()


async def test_where_a_process_is_alone_nobody_else_sees_anybody() -> None:
    alone = Presence()
    alone.tell(CODE, {"p1"})
    await alone.look()
    assert alone.others(CODE) == set()
    await alone.close()
