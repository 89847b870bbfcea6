"""Secret ballots on disk: committed with who has voted, kept without an order, counted after any restart."""

from __future__ import annotations

import asyncio
import secrets
import shutil
import time
from collections.abc import AsyncIterator
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import Connection, text

from app.archive.export import export
from app.archive.verify import verify
from app.database import Database
from app.database.key_folder import KeyFolder
from app.live.desk import Desk
from app.settings import Settings
from app.streams import base_journal as journals
from app.streams.ballot_box import Box, SealedSlip, fill_boxes, read_boxes
from app.streams.journal import Batch, Journal, JournalError, open_journal
from sessions import session_commands
from sessions.box_keys import NewBox
from sessions.messages import Command, Emptied, Event, Refused, SecretBallot
from tests.support.batches import batch_of
from tests.support.databases import SQLITE_ONLY, Place, asked, postgres
from tests.support.house import House, house
from tests.support.stage import Stage, phase, words

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
B = {"Nc2": 2}
BOX = X25519PrivateKey.generate().public_key().public_bytes_raw()


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


async def boxes(database: Database) -> dict[str, Box]:
    return await database.read(lambda db: read_boxes(db, CODE))


async def fill(database: Database, *rows: SealedSlip | Emptied) -> None:
    def work(db: Connection) -> None:
        fill_boxes(db, CODE, rows)

    await database.write(work)


def slip(number: int, phase: str = "V") -> SealedSlip:
    return SealedSlip(phase, bytes([number]) * 12, bytes([number]) * 40)


# ---- the box


async def test_slips_lie_in_the_order_of_random_numbers_whatever_order_they_came_in(
    journal: Journal, database: Database
) -> None:
    found = []
    for order in permutations((1, 2, 3)):
        for number in order:
            await fill(database, slip(number))
        found.append(await boxes(database))
        await fill(database, Emptied("V"))
    assert found == [{"V": Box([slip(1), slip(2), slip(3)], ())}] * 6


async def test_slips_and_emptyings_are_done_in_their_order(journal: Journal, database: Database) -> None:
    await fill(database, slip(1), slip(2, "W"))
    await fill(database, slip(3), Emptied("V"), slip(4), Emptied("W"))
    assert await boxes(database) == {"V": Box([slip(4)], ())}


async def test_more_slips_than_fit_into_one_statement_are_all_put_in(
    journal: Journal, database: Database
) -> None:
    await fill(database, *(slip(number) for number in range(1, 131)))
    assert len((await boxes(database))["V"].slips) == 130


async def test_a_batch_that_fails_leaves_the_box_as_it_was(journal: Journal, database: Database) -> None:
    await fill(database, slip(1))
    stage = Stage(form=FORM)
    stage.open("V")
    event = Event("ballot_cast", "V", {"bad": object()}, 1, 1.5, "p1", "p1:a")
    stage.session.agenda.phases["V"].box_key = BOX.hex()
    with pytest.raises(JournalError):
        await journal.append(CODE, 0, lambda _: batch_of((event,), SecretBallot("V", B), state=stage.session))
    assert await boxes(database) == {"V": Box([slip(1)], ())}


async def test_the_desk_is_handed_what_lies_in_the_boxes_before_it_decides(
    journal: Journal, database: Database
) -> None:
    await fill(database, slip(1))
    found: dict[str, Box] = {}
    seen = []

    def look(db: Connection, stream: str) -> None:
        found.update(read_boxes(db, stream))

    def decide(_: Any) -> Batch:
        seen.append(dict(found))
        return Batch((), [lambda db, name: fill_boxes(db, name, [slip(2)])])

    await journal.append(CODE, 0, decide, look)
    assert seen == [{"V": Box([slip(1)], ())}]
    assert await boxes(database) == {"V": Box([slip(1), slip(2)], ())}


@SQLITE_ONLY
async def test_soon_after_a_secret_ballot_the_write_ahead_log_is_emptied(
    place: Place, journal: Journal, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journals, "WIPE_SECONDS", 0.01)
    await fill(database, slip(1))
    await journal.append(CODE, 0, lambda _: batch_of((), Emptied("V")))
    wal = place.data / "race.sqlite-wal"
    assert wal.stat().st_size > 0
    async with asyncio.timeout(5):
        while wal.stat().st_size:
            await asyncio.sleep(0.01)
    assert await boxes(database) == {}


# ---- the whole road


async def opened(home: House) -> Desk:
    """A desk with three needs on the list and the secret vote about them open."""
    kim = await home.staff()
    desk = await home.desk()
    assert "ack" in await kim.say("open_phase", "N")
    for need in ("one", "two", "three"):
        assert "ack" in await kim.say("add_card", "N", text=need, column="need")
    assert "ack" in await kim.say("open_phase", "V")
    return desk


def at(place: Place) -> Any:
    """A server at a place."""
    return house(place.data, FORM, database_url=place.url)


async def slips(place: Place) -> int:
    """How many ballots lie in boxes."""
    database = place.open()
    found = await asked(database, "SELECT slip FROM sealed_slips")
    await database.close()
    return len(found)


def keys(place: Place) -> list[str]:
    """The private keys that there are."""
    folder = KeyFolder(Settings(data=place.data).key_folder)
    return [name for code in folder.folders("ballots") for name in folder.names(f"ballots/{code}")]


async def verified(home: House, place: Place) -> list[str]:
    """What is wrong with an export."""
    out = place.data.parent / "out.zip"
    await asyncio.to_thread(export, place.open(), home.code, out)
    return verify(out).problems


def standing(desk: Desk) -> list[tuple[str, float, bool]]:
    return [(row.option, row.points, row.kept) for row in desk.session.outcome("V").ranking]


async def test_a_secret_vote_survives_a_restart_in_its_midst_and_is_counted_from_the_box(
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
        assert (await verified(again, place), await slips(place), keys(place)) == ([], 0, [])


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
        assert (await slips(place), len(keys(place))) == (1, 1)


@pytest.mark.parametrize("place", ["postgres"], indirect=True)
async def test_a_ballot_box_is_filled_by_several_servers_and_opened_by_any_of_them(place: Place) -> None:
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
        assert (await verified(other, place), await slips(place), keys(place)) == ([], 0, [])


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
        assert await slips(place) == 1


# ---- what lies on the disk


SURVEY = {
    **FORM,
    "forms": {
        "f": {"id": "f", "fields": [{"id": "q", "type": "text", "limit": 200, "label": words("Why?")}]}
    },
    "phase": [*FORM["phase"], phase("survey", "A", rules={"form": "f", "anonymous": True})],
}


def lies_in(folder: Path, texts: list[str]) -> int:
    """How many of these texts lie in some file of a folder."""
    files = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    return sum(any(each.encode() in content for content in files) for each in texts)


@pytest.mark.parametrize("place", ["sqlite", "postgres"], indirect=True)
async def test_no_plain_byte_of_an_anonymous_answer_lies_anywhere_before_the_count(place: Place) -> None:
    on_disk = postgres().folder if place.url else place.data
    texts = [f"answer {secrets.token_hex(8)}" for _ in range(6)]
    async with house(place.data, SURVEY, database_url=place.url) as home:
        kim, desk = await home.staff(), await home.desk()
        assert "ack" in await kim.say("open_phase", "A")
        for number, answer in enumerate(texts):
            guest = await home.guest(f"Guest {number}")
            assert "ack" in await guest.say("answer", "A", q=answer)
        assert (await slips(place), await asyncio.to_thread(lies_in, on_disk, texts)) == (6, 0)
        assert isinstance(await desk.submit(Command("close_phase", "c", "A"), desk.session.driver), int)
        # A database may part one of them where a page of its log ends; before the count not one was to be seen.
        assert await asyncio.to_thread(lies_in, on_disk, texts) >= 5
        assert (await slips(place), keys(place)) == (0, [])


# ---- the folder of keys


async def test_the_key_of_a_phase_lies_apart_from_the_data_and_only_until_the_count(place: Place) -> None:
    async with at(place) as home:
        desk = await opened(home)
        (key,) = keys(place)
        assert key.endswith(desk.session.agenda.phases["V"].box_key)
        assert not [path for path in place.data.rglob("*") if path.is_relative_to(place.data / "ballots")]
        assert isinstance(await desk.submit(Command("close_phase", "c", "V"), desk.session.driver), int)
        assert keys(place) == []


async def test_where_the_keys_came_up_empty_no_secret_vote_opens_and_the_facilitator_reads_why(
    place: Place,
) -> None:
    async with at(place) as home:
        code = home.code
    shutil.rmtree(Settings(data=place.data).key_folder)
    async with at(place) as home:
        kim = await home.staff()
        assert "does not have the folder of keys" in await kim.page()
        assert (await kim.say("open_phase", "V"))["reason"] == "keys_not_shared"
        assert "ack" in await kim.say("open_phase", "N")
        assert home.code != code


@pytest.mark.parametrize("place", ["postgres"], indirect=True)
async def test_a_server_with_keys_of_its_own_refuses_secret_votes_that_others_may_hold(place: Place) -> None:
    async with at(place) as home, house(place.data / "other", FORM, database_url=place.url) as other:
        other.code = home.code
        desk = await opened(home)
        there = await other.desk()
        for number in range(3):
            guest = await (home, other)[number % 2].guest(f"Guest {number}")
            assert "ack" in await guest.say("cast_ballot", "V", option="Nc2")
        closing = Command("close_phase", "c", "V")
        told = await there.submit(closing, there.session.driver)
        assert isinstance(told, Refused)
        assert told.reason == "keys_not_shared"
        assert isinstance(await desk.submit(closing, desk.session.driver), int)
        assert standing(desk)[0] == ("Nc2", 3.0, True)


async def test_a_vote_whose_key_is_gone_is_lost_and_can_be_held_anew(place: Place) -> None:
    async with at(place) as home:
        desk = await opened(home)
        voters = [await home.guest(f"Guest {number}") for number in range(3)]
        for voter in voters:
            assert "ack" in await voter.say("cast_ballot", "V", option="Nc2")
        code, driver = home.code, desk.session.driver
    shutil.rmtree(Settings(data=place.data).key_folder / "ballots")
    async with at(place) as again:
        again.code = code
        desk = await again.desk()
        assert [alert.text.partition(",")[0] for alert in desk.hall.boxes.alerts] == [
            "The key of these ballots is gone"
        ]
        assert isinstance(await desk.submit(Command("close_phase", "c", "V"), driver), int)
        assert (desk.session.outcome("V").ranking, await verified(again, place)) == ((), [])
        assert isinstance(await desk.submit(Command("reopen_phase", "r", "V"), driver), int)
        people = [m.id for m in desk.session.people.values() if m.role == "participant"]
        for person in people:
            assert isinstance(
                await desk.submit(Command("cast_ballot", "b2", "V", {"option": "Nc1"}), person), int
            )
        assert isinstance(await desk.submit(Command("close_phase", "again", "V"), driver), int)
        assert standing(desk)[0] == ("Nc1", 3.0, True)


async def test_ballots_that_an_earlier_release_left_unsealed_are_counted_and_gone(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_commands, "opened_with", lambda phase, command: NewBox())
    async with at(place) as home:
        desk = await opened(home)
        for number in range(3):
            await home.guest(f"Guest {number}", live=False)
        code, driver, seq = home.code, desk.session.driver, desk.session.seq
        people = [m.id for m in desk.session.people.values() if m.role == "participant"]
    monkeypatch.undo()
    await as_earlier_release(place, code, seq, people)
    async with at(place) as again:
        again.code = code
        desk = await again.desk()
        assert [alert.text.partition(" and")[0] for alert in desk.hall.boxes.alerts] == [
            "An earlier release opened this"
        ]
        late = await again.guest("Late")
        assert (await late.say("cast_ballot", "V", option="Nc1"))["reason"] == "not_sealed"
        assert isinstance(await desk.submit(Command("close_phase", "c", "V"), driver), int)
        assert standing(desk)[0] == ("Nc2", 3.0, True)
        database = place.open()
        assert await asked(database, "SELECT * FROM secret_ballots") == []
        await database.close()


async def as_earlier_release(place: Place, code: str, seq: int, people: list[str]) -> None:
    """Three ballots as a release before sealing kept them."""
    slips = '{"Nc2":1}\n{"Nc2":1}\n{"Nc2":1}'
    statement = text("INSERT INTO secret_ballots (session, phase, slips) VALUES (:code, 'V', :slips)")
    cast = [
        Event("ballot_cast", "V", {}, seq + number, time.time(), person, f"old{number}:{person}")
        for number, person in enumerate(people, 1)
    ]
    database = place.open()
    await database.migrate()
    journal = open_journal(database)
    await journal.append(code, seq, lambda _: Batch(cast))
    await database.write(lambda db: db.execute(statement, {"code": code, "slips": slips}))
    await journal.close()
    await database.close()
