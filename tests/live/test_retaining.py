"""Once a day the server takes away what is kept no longer, by itself and by the product's clock."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text, update

from app.clock import RaceClock
from app.database.key_folder import KeyFolder
from app.database.tables import now, table
from app.live.retaining import RETAIN, Retaining, daily
from app.streams import tasks
from app.streams.ledger import Ledger, erasures
from app.streams.retention import DAY_SECONDS, NAMES
from tests.door.test_joining import Newcomer
from tests.live.test_socket import ROOM
from tests.support.databases import Place, asked
from tests.support.house import House, house
from tests.support.patience import SOON

NAME, FIRM, MAIL = "Marker-Aino-90ad", "Marker-Firm-90ad", "aino-90ad@example.org"
YEARS = 800
"""Days."""


async def known(home: House) -> str:
    """All that rows and links say of people."""
    tables = [await asked(home.inside.database, f"SELECT * FROM {name}") for name in ("people", "links")]
    return str(tables)


async def make_older(home: House, person: str, days: float) -> None:
    people, before = table("people"), now() - timedelta(days=days)
    statement = update(people).where(people.c.person == person).values(created=before)
    await home.inside.database.write(lambda db: db.execute(statement))


def later(days: float) -> dict[str, Any]:
    """Settings of a server whose clock is so many days ahead."""
    return {"clock_origin": time.time() - days * DAY_SECONDS, "clock_rate": 2.0}


# ---- contact data and names


async def played(place: Place) -> str:
    """A session in which Aino has been, who can be reached; its code."""
    async with house(place.data, ROOM, database_url=place.url) as home:
        aino = await home.guest(NAME, organisation=FIRM, live=False)
        assert NAME in await aino.page("mine")
        contact = text("UPDATE people SET contact = :contact WHERE name = :name")
        values = {"contact": f'{{"mail": "{MAIL}"}}', "name": NAME}
        await home.inside.database.write(lambda db: db.execute(contact, values))
        return home.code


@pytest.mark.parametrize(
    ("settings", "gone"),
    [
        ({}, ()),
        ({"contact_months": 27}, ()),
        ({"contact_months": 12}, (MAIL,)),
        ({"contact_months": 12, "name_months": 24}, (MAIL, NAME, FIRM)),
    ],
)
async def test_the_server_takes_away_by_itself_what_its_settings_say_and_nothing_else(
    place: Place, settings: dict[str, Any], gone: tuple[str, ...]
) -> None:
    code = await played(place)
    async with house(place.data, ROOM, database_url=place.url, **later(YEARS), **settings) as home:
        soon = home.inside.desks.clock.now() + DAY_SECONDS / 2
        done = f"SELECT id FROM tasks WHERE kind = '{RETAIN}' AND next > {soon}"
        async with asyncio.timeout(SOON):
            while not await asked(home.inside.database, done):
                await asyncio.sleep(0.01)
        found = await known(home)
        assert {mark for mark in (MAIL, NAME, FIRM) if mark not in found} == {*gone}
        home.code = code
        assert (await home.desk()).session.people.keys() != set()


async def test_an_open_session_shows_no_name_any_more_that_was_taken_away(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        await home.guest(NAME, live=False)
        kim = await home.staff(live=False)
        assert NAME in await kim.page("people")
        await retaining(home, RaceClock(**_clock(later(YEARS))), names=24)(daily(0.0))
        assert NAME not in await kim.page("people")


def _clock(settings: dict[str, Any]) -> dict[str, float]:
    return {name.removeprefix("clock_"): value for name, value in settings.items()}


# ---- who waited


def retaining(home: House, clock: RaceClock, names: int = 0) -> Retaining:
    inside = home.inside
    return Retaining(inside.database, inside.desks, inside.waiting_room, clock, {NAMES: names})


async def at_the_door(home: House, *names: str) -> dict[str, str]:
    """People who wait, by name."""
    kim = await home.staff()
    assert "ack" in await kim.say("set_door", state="ask")
    for name in names:
        newcomer = Newcomer(home)
        await newcomer.looks()
        assert (await newcomer.joins(name)).status_code == 303
    rows = await asked(home.inside.database, "SELECT name, person FROM people WHERE name <> 'Facilitator'")
    return {row["name"]: row["person"] for row in rows}


@pytest.mark.parametrize("served", [True, False])
async def test_who_has_waited_for_a_day_is_forgotten_and_nobody_else(place: Place, *, served: bool) -> None:
    async with house(place.data, ROOM, database_url=place.url) as home:
        await home.guest("Member", live=False)
        people = await at_the_door(home, NAME, "Young")
        people["Refused"] = await home.inside.people.create_person(home.code, "Refused")
        third = await home.inside.people.create_person(home.code, "", person="Wk1", reach=MAIL)
        old = {NAME: 1.01, "Young": 0.75, "Refused": 2.0, "Member": 9.0}
        for name, days in old.items():
            await make_older(home, people[name], days)
        await make_older(home, third, 9.0)
        if not served:
            await home.inside.desks.close_for_good(home.code)
        outcome = await retaining(home, RaceClock())(daily(0.0))
        found = await known(home)
        assert [name for name in (*old, MAIL) if name not in found] == [NAME, "Refused"]
        assert outcome.at == pytest.approx(time.time() + 0.25 * DAY_SECONDS, abs=60)
        ledger = Ledger(KeyFolder(home.inside.settings.key_folder))
        assert {erased.person for erased in erasures(ledger.lines())} == {people[NAME], people["Refused"]}
        desk = await home.desk()
        assert {*desk.hall.waiting} == ({people["Young"]} if served else set())
        assert NAME not in await home.guests[1].page("people")


async def test_a_day_at_the_door_is_one_of_the_products_clock(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        people = await at_the_door(home, NAME)
        await make_older(home, people[NAME], 0.1)
        await retaining(home, RaceClock(time.time() - 60, 9.0))(daily(0.0))
        assert NAME in await known(home)
        await retaining(home, RaceClock(time.time() - 60, 11.0))(daily(0.0))
        assert NAME not in await known(home)


async def test_who_waited_before_a_restart_is_forgotten_after_it(place: Place) -> None:
    async with house(place.data, ROOM, database_url=place.url) as home:
        people = await at_the_door(home, NAME)
        await make_older(home, people[NAME], 1.5)
        await home.inside.database.write(lambda db: db.execute(text("DELETE FROM tasks")))
    async with house(place.data, ROOM, database_url=place.url) as again:
        async with asyncio.timeout(SOON):
            while NAME in await known(again):
                await asyncio.sleep(0.01)


async def test_a_day_later_the_task_is_renewed_also_where_it_was_given_up(place: Place) -> None:
    database = place.open()
    await database.migrate()
    day = 20_000 * DAY_SECONDS
    for at in (day + 5.0, day + 9.0):
        await database.write(lambda db, at=at: tasks.put(db, [daily(at)]))  # type: ignore[misc]  # a default
        assert [row["next"] for row in await asked(database, "SELECT next FROM tasks")] == [day + 5.0]
    await database.write(lambda db: db.execute(text("UPDATE tasks SET next = NULL")))
    await database.write(lambda db: tasks.put(db, [daily(day + DAY_SECONDS)]))
    assert [row["next"] for row in await asked(database, "SELECT next FROM tasks")] == [day + DAY_SECONDS]
    await database.close()
