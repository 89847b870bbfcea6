"""Who waits at the door and does not come in: nothing is left of them, and no backup brings them back."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

from app.cli.backup import backup, restore
from tests.door.test_joining import Newcomer
from tests.live.test_socket import ROOM
from tests.support.databases import Place, asked
from tests.support.house import House, house
from tests.support.patience import until

NAME, FIRM = "Marker-Aino-5e2b", "Marker-Firm-5e2b"


async def waiting(home: House) -> Newcomer:
    """Somebody who waits to be let in; staff has been asked."""
    kim, aino = await home.staff(), Newcomer(home)
    assert "ack" in await kim.say("set_door", state="ask")
    await aino.looks()
    assert (await aino.joins(NAME, organisation=FIRM)).status_code == 303
    return aino


async def told(home: House) -> str:
    """All that is known of people."""
    return str(await asked(home.inside.database, "SELECT * FROM people"))


def lies_in(folder: Path) -> list[str]:
    content = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    return [mark for mark in (NAME, FIRM) if mark.encode() in content]


async def test_an_older_backup_does_not_bring_back_who_was_turned_away(tmp_path: Path) -> None:
    data, copy = tmp_path / "data", tmp_path / "copy"
    async with house(data, ROOM) as home:
        await waiting(home)
        await asyncio.to_thread(backup, data, copy)
        kim = home.guests[0]
        await kim.http.post(f"/s/{home.code}/door", data={"all": "yes", "do": "turn_away"})
        assert NAME not in await told(home)
    assert (lies_in(copy), lies_in(data)) == ([NAME, FIRM], [])
    shutil.rmtree(data)
    await asyncio.to_thread(restore, copy, data)
    assert lies_in(data) == []


async def test_a_session_at_whose_door_somebody_waits_is_not_idle(place: Place) -> None:
    async with house(place.data, ROOM, database_url=place.url) as home:
        aino = await waiting(home)
        await home.guests[0].leave()
        desk = await home.desk()
        await until(lambda: not desk.fanout.connections.people)
        assert (desk.hall.waiting.keys() != set(), desk.idle) == (True, False)
        await aino.http.post(f"/s/{home.code}/leave")
        assert (desk.hall.waiting, desk.idle) == ({}, True)


async def test_of_who_leaves_the_door_nothing_is_left_also_where_nobody_knew_that_they_waited(
    place: Place,
) -> None:
    async with house(place.data, ROOM, database_url=place.url) as home:
        aino = await waiting(home)
        await home.inside.desks.close_for_good(
            home.code
        )  # as after a restart: who waited has not asked again
        assert NAME in await told(home)
        assert (await aino.http.post(f"/s/{home.code}/leave")).status_code == 303
        assert NAME not in await told(home)
