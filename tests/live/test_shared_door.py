"""Who waits at the door, where two servers serve a session: staff of either sees all of them, and decides for both."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.live.doorkeeper import Doorkeeper
from tests.door.test_joining import WAITS, Newcomer, names
from tests.live.test_cluster import elsewhere, same, two_houses
from tests.support.house import Guest, House
from tests.support.patience import until


@asynccontextmanager
async def two_doors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[House, House, Guest, Newcomer]]:
    """Two servers of one session whose staff wants to be asked: a console at the second, and somebody who waits at the
    first."""
    monkeypatch.setattr("app.live.attendance.NOTICE_SECONDS", 0.05)
    async with two_houses(tmp_path) as (one, other):
        kim, aino = await other.staff(), Newcomer(one)
        assert "ack" in await kim.say("set_door", state="ask")
        await same(one, other)
        await aino.looks()
        assert (await aino.joins("Aino Kivi")).status_code == 303
        assert WAITS in await aino.sees()
        yield one, other, kim, aino


async def waiting(home: House) -> list[str]:
    """By name, who waits at a session's door as this server shows it."""
    desk = await home.desk()
    return [desk.directory.name(person) for person in desk.hall.waiting]


async def look(home: House) -> None:
    """What the server does each ten seconds."""
    inside = home.inside
    await Doorkeeper(inside.desks, inside.waiting_room, inside.limits.is_crowded).look()


async def shown(*homes: House, who: list[str]) -> None:
    """Wait until all servers show these people at the door."""
    desks = [await home.desk() for home in homes]
    await until(
        lambda: all([desk.directory.name(person) for person in desk.hall.waiting] == who for desk in desks)
    )


async def test_who_waits_at_one_server_stands_on_the_console_of_the_other_and_is_let_in_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with two_doors(tmp_path, monkeypatch) as (one, other, kim, aino):
        await shown(one, other, who=["Aino Kivi"])
        assert "Aino Kivi" in await kim.page("people")
        since = [[*(await home.desk()).hall.waiting.values()] for home in (one, other)]
        assert since[0] == since[1]
        await kim.http.post(f"/s/{other.code}/door", data={"all": "yes", "do": "let_in"})
        assert "data-person" in await aino.sees()
        assert (await names(other), await waiting(other)) == (["Aino Kivi"], [])
        await look(one)
        await shown(one, other, who=[])


async def test_who_is_turned_away_at_one_server_is_gone_from_the_list_of_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with two_doors(tmp_path, monkeypatch) as (one, other, kim, aino):
        await shown(one, other, who=["Aino Kivi"])
        await kim.http.post(f"/s/{other.code}/door", data={"all": "yes", "do": "turn_away"})
        assert await waiting(other) == []
        await shown(one, other, who=[])
        assert WAITS not in await aino.sees()
        assert not (await one.desk()).door.here, "nobody tells the others of them again"


async def test_who_goes_on_asking_at_one_server_is_not_forgotten_by_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with two_doors(tmp_path, monkeypatch) as (one, other, _, aino):
        moved = elsewhere(aino.guest, other)
        assert WAITS in (await moved.http.get(f"/s/{other.code}")).text
        doors = [(await home.desk()).door for home in (one, other)]
        await until(lambda: all(door._presence.waiting(one.code) for door in doors))
        (person,) = doors[0].here
        doors[1]._asked[person] = float("-inf")
        await look(other)
        assert WAITS in await aino.sees(), "the proxy has sent them to the first for half an hour"
        assert await waiting(other) == ["Aino Kivi"]
        doors[0]._asked[person] = float("-inf")
        await look(one)
        for home in (one, other):
            await until(lambda home=home: not home.inside.desks.presence.waiting(home.code))  # type: ignore[misc]
            await look(home)
        assert WAITS not in await aino.sees(), "nobody asks anywhere: nothing of them stays"
        assert [await waiting(home) for home in (one, other)] == [[], []]
