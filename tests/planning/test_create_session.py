from collections.abc import AsyncIterator

import pytest

from app.database import Database
from app.people.store import People
from app.planning import formats
from app.planning.create_session import Plan, create_session
from app.streams.journal import open_journal
from sessions.session import Session
from tests.support.databases import Place

AT = 1_790_000_000.0


@pytest.fixture
async def database(place: Place) -> AsyncIterator[Database]:
    database = place.open()
    await database.migrate()
    yield database
    await database.close()


async def test_a_founded_session_can_be_folded_and_entered(database: Database) -> None:
    plan = Plan(formats.take("race48"), AT, "Kilpailu", "fi", "Europe/Helsinki")
    founded = await create_session(database, plan, ("facilitator", "screen"))
    session = Session()
    for event in await open_journal(database).read(founded.code):
        session.evolve(event)
    assert (session.code, session.language, session.zone) == (founded.code, "fi", "Europe/Helsinki")
    assert session.title == {"en": "Kilpailu", "sv": "Kilpailu", "fi": "Kilpailu"}
    assert (session.seq, session.at, len(session.agenda.phases)) == (1, AT, 35)
    people = People(database)
    links = [await people.redeem_link(token) for token in founded.tokens]
    assert [(link.role, link.session) for link in links if link] == [
        ("facilitator", founded.code),
        ("screen", founded.code),
    ]
    assert await people.redeem_link(founded.tokens[0]) is None
    await database.close()


async def test_without_a_title_the_session_is_called_as_its_format(database: Database) -> None:
    founded = await create_session(database, Plan(formats.take("race48"), AT), ())
    (first,) = await open_journal(database).read(founded.code)
    assert first.body["title"]["sv"] == "Innovation Race 48 timmar"
    await database.close()


async def test_links_carry_more_than_128_bits_and_are_all_different(database: Database) -> None:
    founded = await create_session(database, Plan(formats.take("race48"), AT), ["facilitator"] * 20)
    assert len(set(founded.tokens)) == 20
    assert min(map(len, founded.tokens)) * 6 >= 128
    await database.close()


async def test_a_session_knows_from_its_beginning_when_it_is_to_start(database: Database) -> None:
    founded = await create_session(database, Plan(formats.take("race48"), AT, starts_at=AT + 86_400), ())
    session = Session()
    for event in await open_journal(database).read(founded.code):
        session.evolve(event)
    assert session.agenda.forecast(AT)[0].starts_at == AT + 86_400
    await database.close()
