"""Secret ballots on disk: committed with who has voted, kept without an order, counted after any restart."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import Connection

from app.archive.export import export
from app.archive.verify import verify
from app.database import Database
from app.live.desk import Desk
from app.streams import base_journal as journals
from app.streams.ballot_box import fill_urns, read_urns
from app.streams.journal import Batch, Journal, JournalError, open_journal
from sessions.messages import Command, Emptied, Event, Refused, SecretBallot
from tests.support.batches import batch_of
from tests.support.databases import SQLITE_ONLY, Place, asked
from tests.support.house import House, house
from tests.support.stage import phase, words

CODE = "7K3MQX9T"
WRITE = {"fields": ["text"], "main": "text", "columns": ["need"], "per_person": 9}
RULES = {"method": "dots", "dots": 3, "max_per_option": 2, "keep": "1", "ballots": "secret"}
FORM = {
    "key": "secret",
    "title": words("Secret"),
    "phase": [
        phase("collect", "N", rules=WRITE),
        phase("vote", "V", inputs=["N"], rules=RULES),
        phase("pause", "X", rules={"reason": "meal"}),
    ],
}
A, B, C = ({"Nc1": 1}, {"Nc2": 2}, {"Nc1": 1, "Nc3": 1})


@pytest.fixture
async def database(place: Place) -> AsyncIterator[Database]:
    database = place.open()
    await database.migrate()
    yield database
    await database.close()


@pytest.fixture
async def journal(database: Database) -> AsyncIterator[Journal]:
    journal = open_journal(database)
    await journal.create(CODE, "secret", "Secret")
    yield journal
    await journal.close()


async def urns(database: Database) -> dict[str, Any]:
    return dict(await database.read(lambda db: read_urns(db, CODE)))


async def fill(database: Database, *items: SecretBallot | Emptied) -> None:
    def work(db: Connection) -> None:
        fill_urns(db, CODE, items)

    await database.write(work)


# ---- the urn


async def test_an_urn_is_the_same_whatever_order_the_slips_came_in(
    journal: Journal, database: Database
) -> None:
    found = []
    for order in permutations((A, B, C)):
        for marks in order:
            await fill(database, SecretBallot("V", marks))
        found += await asked(database, "SELECT phase, slips FROM secret_ballots")
        await fill(database, Emptied("V"))
    assert found == [{"phase": "V", "slips": '{"Nc1":1,"Nc3":1}\n{"Nc1":1}\n{"Nc2":2}'}] * 6


async def test_slips_and_emptyings_are_done_in_their_order(journal: Journal, database: Database) -> None:
    await fill(database, SecretBallot("V", A), SecretBallot("W", B))
    await fill(database, SecretBallot("V", C), Emptied("V"), SecretBallot("V", B), Emptied("W"))
    assert await urns(database) == {"V": [B]}


async def test_a_batch_that_fails_leaves_the_urn_as_it_was(journal: Journal, database: Database) -> None:
    await fill(database, SecretBallot("V", A))
    event = Event("ballot_cast", "V", {"bad": object()}, 1, 1.5, "p1", "p1:a")
    with pytest.raises(JournalError):
        await journal.append(CODE, 0, lambda _: batch_of((event,), SecretBallot("V", B)))
    assert await urns(database) == {"V": [A]}


async def test_the_desk_is_handed_what_lies_in_the_urns_before_it_decides(
    journal: Journal, database: Database
) -> None:
    await fill(database, SecretBallot("V", A))
    found: dict[str, Any] = {}
    seen = []

    def look(db: Connection, stream: str) -> None:
        found.update(read_urns(db, stream))

    def decide(_: Any) -> Batch:
        seen.append(dict(found))
        return batch_of((), SecretBallot("V", B))

    await journal.append(CODE, 0, decide, look)
    assert (seen, await urns(database)) == ([{"V": [A]}], {"V": [A, B]})


@SQLITE_ONLY
async def test_soon_after_a_secret_ballot_the_write_ahead_log_is_emptied(
    place: Place, journal: Journal, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journals, "WIPE_SECONDS", 0.01)
    for marks in (A, B):
        await journal.append(CODE, 0, lambda _, marks=marks: batch_of((), SecretBallot("V", marks)))  # type: ignore[misc]  # a default
    wal = place.data / "race.sqlite-wal"
    assert wal.stat().st_size > 0
    async with asyncio.timeout(5):
        while wal.stat().st_size:
            await asyncio.sleep(0.01)
    assert await urns(database) == {"V": [A, B]}


# ---- the whole road


async def opened(home: House) -> Desk:
    """A desk with three needs on the list and the secret vote about them open."""
    kim = await home.staff()
    desk = await home.desk()
    assert "ack" in await kim.say("open_phase", "N")
    for text in ("one", "two", "three"):
        assert "ack" in await kim.say("add_card", "N", text=text, column="need")
    assert "ack" in await kim.say("open_phase", "V")
    return desk


def at(place: Place) -> Any:
    """A server at a place."""
    return house(place.data, FORM, database_url=place.url)


async def slips(place: Place) -> list[str]:
    """What lies in the urns, as it stands in the table."""
    database = place.open()
    found = [row["slips"] for row in await asked(database, "SELECT slips FROM secret_ballots")]
    await database.close()
    return found


async def verified(home: House, place: Place) -> list[str]:
    """What is wrong with an export."""
    out = place.data.parent / "out.zip"
    await asyncio.to_thread(export, place.open(), home.code, out)
    return verify(out).problems


def standing(desk: Desk) -> list[tuple[str, float, bool]]:
    return [(row.option, row.points, row.kept) for row in desk.session.outcome("V").ranking]


async def test_a_secret_vote_survives_a_restart_in_its_midst_and_is_counted_from_the_urn(
    place: Place,
) -> None:
    async with at(place) as home:
        await opened(home)
        voters = [await home.guest(name) for name in ("Ada", "Bo")]
        for voter in voters:
            assert "ack" in await voter.say("cast_ballot", "V", option="Nc2")
        code, cookies = home.code, voters[0].http.cookies
    async with at(place) as again:
        again.code = code
        desk = await again.desk()
        third = await again.guest("Cy")
        assert "ack" in await third.say("cast_ballot", "V", option=["Nc1", "Nc2"])
        back = await again.guest("Nobody", live=False)
        back.http.cookies = cookies
        await back.connect(desk.session.seq)
        assert (await back.say("cast_ballot", "V", named="again", option="Nc1"))["reason"] == "voted_already"
        driver = desk.session.driver
        assert isinstance(await desk.submit(Command("close_phase", "c", "V"), driver), int)
        assert standing(desk) == [("Nc2", 3.0, True), ("Nc1", 1.0, False), ("Nc3", 0.0, False)]
        assert (await verified(again, place), await slips(place)) == ([], [])


async def test_ballots_and_the_close_in_one_batch_are_all_counted(place: Place) -> None:
    async with at(place) as home:
        desk = await opened(home)
        for number in range(8):
            await home.guest(f"Guest {number}", live=False)
        people = [m.id for m in desk.session.people.values() if m.role == "participant"]
        first = Command("cast_ballot", "b", "V", {"option": "Nc3"})
        await desk.submit(first, people[0])
        burst = [desk.submit(first, person) for person in people]
        closing = desk.submit(Command("close_phase", "c", "V"), desk.session.driver)
        late = desk.submit(Command("cast_ballot", "late", "V", {"option": "Nc1"}), people[0])
        *told, closed, refused = await asyncio.gather(*burst, closing, late)
        assert [isinstance(answer, int) for answer in (*told, closed)] == [True] * 9
        assert isinstance(refused, Refused)
        assert standing(desk)[0] == ("Nc3", 8.0, True)
        assert await verified(home, place) == []


async def test_a_hundred_ballots_of_one_person_at_once_are_one(place: Place) -> None:
    async with at(place) as home:
        desk = await opened(home)
        await home.guest("Ada", live=False)
        (ada,) = [m.id for m in desk.session.people.values() if m.role == "participant"]
        ballots = [Command("cast_ballot", f"b{n}", "V", {"option": f"Nc{1 + n % 3}"}) for n in range(100)]
        told = await asyncio.gather(*(desk.submit(ballot, ada) for ballot in ballots))
        assert [t.reason if isinstance(t, Refused) else "yes" for t in told] == ["yes"] + [
            "voted_already"
        ] * 99
        assert await slips(place) == ['{"Nc1":1}']


@pytest.mark.parametrize("place", ["postgres"], indirect=True)
async def test_an_urn_is_filled_by_several_servers_and_opened_by_any_of_them(place: Place) -> None:
    async with at(place) as home, at(place) as other:
        await opened(home)
        other.code = home.code
        voters = [await server.guest(f"Guest {n}") for n in range(3) for server in (home, other)]
        desks = [await home.desk(), await other.desk()]
        told = await asyncio.gather(*(voter.say("cast_ballot", "V", option="Nc2") for voter in voters))
        assert ["ack" in answer for answer in told] == [True] * 6
        closing = Command("close_phase", "c", "V")
        assert isinstance(await desks[1].submit(closing, desks[1].session.driver), int)
        assert standing(desks[1])[0] == ("Nc2", 6.0, True)
        assert (await verified(other, place), await slips(place)) == ([], [])


async def test_a_secret_ballot_by_plain_form_is_the_same(place: Place) -> None:
    async with at(place) as home:
        await opened(home)
        ada = await home.guest("Ada", live=False)
        page = await ada.page()
        assert 'name="option" value="Nc2"' in page
        assert (await ada.post("cast_ballot", "V", option=["Nc2", "Nc2"])).status_code == 303
        page = await ada.page()
        assert 'name="option"' not in page
        assert "It is secret, so it stays as it is." in page
        assert await slips(place) == ['{"Nc2":2}']
