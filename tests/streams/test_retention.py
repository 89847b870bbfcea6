"""What is no longer needed is shown, and taken away some months after the last thing that happened in its session."""

from __future__ import annotations

import asyncio
import time
from functools import partial

import pytest
from sqlalchemy import text

from app.cli.retain import retain
from app.database.key_folder import KeyFolder
from app.people.store import Link, People
from app.settings import Settings
from app.streams.journal import Batch, open_journal
from app.streams.ledger import Ledger, erasures
from app.streams.retention import CONTACT, DAY_SECONDS, NAMES, Due, due
from sessions.messages import Event
from tests.support.databases import SQLITE_ONLY, Place

OLD, YOUNG = "7K3MQX9T", "2B7NQ4XW"
MAIL = "aino-77c1@example.org"


async def two_sessions(place: Place) -> None:
    """One in which something happened a month ago, and one that is over for 13 months; both know how to reach Aino."""
    database = place.open()
    await database.migrate()
    journal, people = open_journal(database), People(database)
    for code, days in ((OLD, 400), (YOUNG, 30)):
        await journal.create(code, "f", f"Race {code}")
        event = Event("followed", "", {"x": 1}, 1, time.time() - days * DAY_SECONDS, "p1", "c1")
        await journal.append(code, 0, lambda _, event=event: Batch([event]))  # type: ignore[misc]  # a default
        await people.create_person(code, "Aino", contact=MAIL)
        await people.create_person(code, "Bo")
    await journal.close()
    await database.close()


async def reached(place: Place, code: str) -> list[tuple[str, str]]:
    """Names with contact data."""
    database = place.open()
    await database.migrate()
    directory = await People(database).directory(code)
    known = [directory.fields(person) for person in directory._fields]
    await database.close()
    return sorted((fields["name"], fields.get("contact", "")) for fields in known)


async def test_only_what_is_a_year_old_is_due(place: Place) -> None:
    await two_sessions(place)
    database = place.open()
    found = await database.read(lambda db: due(db, CONTACT, time.time(), 12))
    soon = await database.read(lambda db: due(db, CONTACT, time.time() + 366 * DAY_SECONDS, 12))
    names = [
        await database.read(partial(due, kept=NAMES, now=time.time(), months=months)) for months in (12, 24)
    ]
    await database.close()
    assert [each[:3] for each in found] == [Due(OLD, f"Race {OLD}", 1, 0.0)[:3]]
    assert [each.code for each in soon] == [YOUNG, OLD]
    assert [[each[:3] for each in some] for some in names] == [[(OLD, f"Race {OLD}", 2)], []]


async def test_what_was_erased_again_by_a_restore_lets_contact_data_stay_no_longer(place: Place) -> None:
    """An older backup brings it back, and what the restore says in the log is of today."""
    await two_sessions(place)
    database = place.open()
    journal = open_journal(database)
    for seq, kind in enumerate(("erased", "person_erased"), 2):
        event = Event(kind, "", {"seqs": [], "person": "p2"}, seq, time.time(), "clock", f"c{seq}")
        await journal.append(OLD, seq - 1, lambda _, event=event: Batch([event]))  # type: ignore[misc]  # a default
    found = await database.read(lambda db: due(db, CONTACT, time.time(), 12))
    assert [each.code for each in found] == [OLD]
    event = Event("followed", "", {"x": 1}, 4, time.time(), "p1", "c9")
    await journal.append(OLD, 3, lambda _: Batch([event]))
    assert await database.read(lambda db: due(db, CONTACT, time.time(), 12)) == []
    await journal.close()
    await database.close()


@SQLITE_ONLY
async def test_it_is_shown_beforehand_and_taken_away_when_that_is_said(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    await two_sessions(place)
    await asyncio.to_thread(retain, place.data)
    assert "would be taken away" in capsys.readouterr().out
    assert await reached(place, OLD) == [("Aino", MAIL), ("Bo", "")]
    await asyncio.to_thread(retain, place.data, None, 12, True)
    assert f"{OLD} Race {OLD}: contact data of 1" in capsys.readouterr().out
    assert await reached(place, OLD) == [("Aino", ""), ("Bo", "")]
    assert await reached(place, YOUNG) == [("Aino", MAIL), ("Bo", "")]


@SQLITE_ONLY
async def test_names_go_where_it_is_said_for_how_long_they_stay_and_with_them_what_links_were_for(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    await two_sessions(place)
    database = place.open()
    people = People(database)
    for code in (OLD, YOUNG):
        await people.make_link(Link("juror", code), "For Aino")
    await asyncio.to_thread(retain, place.data, None, 12, True, 13)
    assert f"{OLD} Race {OLD}: names of 2" in capsys.readouterr().out
    assert await reached(place, OLD) == [("", ""), ("", "")]
    assert await reached(place, YOUNG) == [("Aino", MAIL), ("Bo", "")]
    labels = [[link.label for link in await people.links(code)] for code in (OLD, YOUNG)]
    await database.close()
    assert labels == [[""], ["For Aino"]]
    assert b"For Aino" in place.data.joinpath("race.sqlite").read_bytes()


@SQLITE_ONLY
async def test_who_waited_for_a_day_is_shown_too_and_taken_away_so_that_no_backup_brings_them_back(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    await two_sessions(place)
    database = place.open()
    await database.write(
        lambda db: db.execute(text("UPDATE people SET created = '2020-01-01' WHERE name = 'Bo'"))
    )
    await database.close()
    ledger = Ledger(KeyFolder(Settings(data=place.data).key_folder))
    await asyncio.to_thread(retain, place.data)
    assert f"{OLD}: 1 waited for a day" in capsys.readouterr().out
    assert (await reached(place, YOUNG), ledger.lines()) == ([("Aino", MAIL), ("Bo", "")], [])
    await asyncio.to_thread(retain, place.data, None, 12, True)
    assert await reached(place, YOUNG) == [("", ""), ("Aino", MAIL)]
    assert sorted(erased.stream for erased in erasures(ledger.lines())) == [YOUNG, OLD]
