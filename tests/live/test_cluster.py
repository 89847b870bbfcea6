"""Two servers on one PostgreSQL, and people who come to either."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import time_machine

from app.database.bulletin import Bulletin
from app.live.desk import Desk
from app.people.store import Revoked
from app.rehearsal.venue.postgres import Postgres
from sessions.messages import Command, Event
from tests.live.test_socket import ROOM
from tests.support.databases import new_place
from tests.support.house import Guest, House, house
from tests.support.patience import until
from tests.support.stage import phase

CLOSING = {**ROOM, "phase": [phase("pause", "P1", minutes=10, ends="close", rules={"reason": "meal"})]}


@asynccontextmanager
async def two_houses(tmp_path: Path, url: str = "", form: Any = ROOM) -> AsyncIterator[tuple[House, House]]:
    """Two servers, and one session that both serve."""
    address = url or new_place("postgres", tmp_path).url
    async with (
        house(tmp_path, form, database_url=address) as one,
        house(tmp_path, form, database_url=address) as other,
    ):
        other.code, other.tokens = one.code, one.tokens
        await one.desk()
        await other.desk()
        yield one, other


def elsewhere(guest: Guest, home: House) -> Guest:
    """The same browser, as the proxy sends it to another server."""
    moved = Guest(home, guest.view)
    moved.http.cookies.update(guest.http.cookies)
    moved.ids = guest.ids
    home.guests.append(moved)
    return moved


async def same(*homes: House) -> list[Event]:
    """The log, once all desks know it to its end and have folded the same from it."""
    desks = [await home.desk() for home in homes]
    log = await desks[0].journal.read(homes[0].code)
    await until(lambda: all(desk.session.seq == len(log) for desk in desks))
    assert len({repr(sorted(desk.session.touched.items(), key=str)) for desk in desks}) == 1
    assert len({repr(list(desk.session.announcements.values())) for desk in desks}) == 1
    return log


async def test_what_happens_at_one_server_is_pushed_to_people_at_the_other(tmp_path: Path) -> None:
    async with two_houses(tmp_path) as (one, other):
        kim = await one.staff()
        aino = await other.guest("Aino")
        told = await kim.say("announce", text="Soup is ready")
        assert "Soup is ready" in await aino.hears("Soup is ready")
        assert (await other.desk()).session.seq == told["seq"]
        await same(one, other)


async def test_a_phone_goes_on_at_another_server_and_its_resent_command_counts_once(tmp_path: Path) -> None:
    async with two_houses(tmp_path) as (one, other):
        kim = await one.staff()
        first = await kim.say("announce", text="Soup", named="x1")
        moved = elsewhere(kim, other)
        await moved.connect(first["seq"])
        assert await moved.say("announce", text="Soup", named="x1") == first
        assert len([e for e in await same(one, other) if e.kind == "announced"]) == 1


async def test_who_has_just_joined_at_one_server_is_let_in_by_the_other(tmp_path: Path) -> None:
    """Neither hears of the other at once: whoever asks is worth a look at the log."""
    async with two_houses(tmp_path) as (one, other):
        for number in range(20):
            guest = elsewhere(await one.guest(f"Guest {number}", live=False), other)
            assert f"Guest {number}" in await guest.page("mine")
            await guest.connect((await one.desk()).session.seq)
            assert (await guest.say("announce", text="x"))["reason"] == "not_allowed"


async def test_names_told_at_one_server_are_shown_by_the_other(tmp_path: Path) -> None:
    async with two_houses(tmp_path) as (one, other):
        kim = elsewhere(await one.staff(live=False), other)
        await one.guest("Aino Kivi", live=False)
        await same(one, other)
        assert "Aino Kivi" in await kim.page("people")
        people = (await other.desk()).session.people
        assert sorted(map((await other.desk()).directory.name, people)) == ["Aino Kivi", "Facilitator"]


async def test_presence_is_whoever_is_connected_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.live.attendance.NOTICE_SECONDS", 0.05)
    async with two_houses(tmp_path) as (one, other):
        aino, bo = await one.guest("Aino"), await other.guest("Bo")
        halls = [(await home.desk()).hall for home in (one, other)]
        await until(lambda: all(len(hall.connected) == 2 for hall in halls))
        assert halls[0].connected == halls[1].connected
        await aino.leave()
        await until(lambda: all(len(hall.connected) == 1 for hall in halls))
        await bo.leave()
        await until(lambda: not any(hall.connected for hall in halls))


async def test_a_cookie_that_is_revoked_at_one_server_opens_nothing_at_the_other(tmp_path: Path) -> None:
    async with two_houses(tmp_path) as (one, other):
        aino = elsewhere(await one.guest("Aino", live=False), other)
        assert (await aino.http.get(f"/s/{other.code}/mine")).status_code == 200
        heard: list[Revoked] = []
        other.inside.people.on_revoked.append(heard.append)
        (person,) = (await one.desk()).session.people
        await one.inside.people.revoke_cookie(aino.http.cookies["race"])
        await until(lambda: heard)
        assert "name=" in (await aino.http.get(f"/s/{other.code}/mine")).text  # the door asks who comes
        assert heard[0].person == person


async def test_a_socket_at_one_server_is_closed_when_the_other_revokes_what_opened_it(tmp_path: Path) -> None:
    async with two_houses(tmp_path) as (one, other):
        aino = await other.guest("Aino")
        await one.inside.people.revoke_cookie(aino.http.cookies["race"])
        assert aino.socket is not None
        async with asyncio.timeout(1.0):
            await aino.socket.wait_closed()
        assert aino.socket.close_code == 1008


async def test_a_deadline_is_kept_once_by_however_many_servers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.live.deadlines.WAKE_SECONDS", 0.05)
    async with two_houses(tmp_path, form=CLOSING) as (one, other):
        kim = await one.staff()
        await kim.say("next_phase")
        desks = [await home.desk() for home in (one, other)]
        await until(lambda: all("P1" in desk.session.agenda.phases for desk in desks))
        await until(lambda: all(desk.session.agenda.phases["P1"].state == "open" for desk in desks))
        with time_machine.travel(desks[0].session.agenda.phases["P1"].ends_at + 1):
            await until(lambda: all(desk.session.agenda.phases["P1"].state == "closed" for desk in desks))
        closings = [e for e in await same(one, other) if e.kind == "phase_closed"]
        assert [(e.phase, e.actor) for e in closings] == [("P1", "clock")]


async def test_what_two_servers_write_at_once_is_in_one_order_for_both(tmp_path: Path) -> None:
    async with two_houses(tmp_path) as (one, other):
        driver = await announcer(one)
        desks = [await home.desk() for home in (one, other)]
        commands = [(desks[n % 2], Command("announce", f"a{n}", "", {"text": f"{n}"})) for n in range(200)]
        told = await asyncio.gather(*(desk.submit(command, driver) for desk, command in commands))
        assert sorted(told) == sorted(set(told))  # type: ignore[type-var]  # each has a seq of its own
        again = await asyncio.gather(
            *(desks[1 - n % 2].submit(command, driver) for n, (_, command) in enumerate(commands))
        )
        assert again == told
        assert len([e for e in await same(one, other) if e.kind == "announced"]) == 200


async def announcer(home: House) -> str:
    """Somebody who may announce things."""
    await home.staff(live=False)
    driver: str = (await home.desk()).session.driver
    return driver


async def test_a_notice_that_gets_lost_costs_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Bulletin, "post", lambda *_: None)
    async with two_houses(tmp_path) as (one, other):
        kim = await one.staff()
        aino = await other.guest("Aino")
        await kim.say("announce", text="Soup is ready")
        assert "Soup is ready" in await aino.hears("Soup is ready")


@pytest.mark.timeout(180)
async def test_both_servers_go_on_after_postgres_has_crashed(tmp_path: Path) -> None:
    server = Postgres(durable=False)
    await asyncio.to_thread(server.start)
    try:
        async with two_houses(tmp_path, server.url()) as homes:
            driver = await announcer(homes[0])
            desks = [await home.desk() for home in homes]
            refused: list[int] = []

            def work(number: int, pause: float) -> None:
                going = insist(desks[number % 2], driver, number, pause, refused)
                working.append(asyncio.create_task(going))

            working: list[asyncio.Task[int]] = []
            for number in range(60):
                work(number, number * 0.03)
            for crash in range(2):
                await until(lambda many=5 + crash * 5: sum(task.done() for task in working) >= many)  # type: ignore[misc]
                before = len(refused)
                await asyncio.to_thread(server.stop_hard)
                work(60 + crash, 0.0)
                await until(lambda before=before: len(refused) > before)  # type: ignore[misc]
                await asyncio.to_thread(server.start)
            told = await asyncio.gather(*working)
            log = await same(*homes)
            announced = {e.command.partition(":")[0]: e.seq for e in log if e.kind == "announced"}
            assert announced == {f"a{n}": seq for n, seq in enumerate(told)}
            assert len([e for e in log if e.kind == "announced"]) == 62
    finally:
        server.close()


async def insist(desk: Desk, sender: str, number: int, pause: float, refused: list[int]) -> int:
    """After a pause in seconds send a command until it is acknowledged, as a phone does; notes when it is refused."""
    await asyncio.sleep(pause)
    while True:
        told = await desk.submit(Command("announce", f"a{number}", "", {"text": f"{number}"}), sender)
        if isinstance(told, int):
            return told
        assert told.reason in ("not_stored", "busy")
        refused.append(number)
        await asyncio.sleep(0.05)
