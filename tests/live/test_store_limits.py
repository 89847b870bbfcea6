"""What one person may have stored, however they go about it; and that staff is held up by nobody."""

from __future__ import annotations

import asyncio
import shutil
from collections import namedtuple
from itertools import count
from pathlib import Path

import pytest

from app.live.command_queue import SOONER, STAFF_MOST, CommandQueue
from app.live.store_limits import AT_ONCE, REDRAWS, WITHDRAWING
from sessions.messages import Command
from sessions.rights import table
from tests.support.house import Guest, House, house
from tests.support.patience import until
from tests.support.stage import phase, words

WALL = phase("collect", "P1", minutes=600, who=["everyone"], rules={"per_person": 10**6})
CARDS = {"key": "t", "title": words("T"), "phase": [WALL]}
USAGE = namedtuple("USAGE", "total used free")
TEXT = "x" * 400


async def opened(home: House) -> Guest:
    """The facilitator, with the wall open."""
    kim = await home.staff()
    assert "ack" in await kim.say("open_phase", "P1")
    return kim


NUMBERS = count(1)


async def writes(guest: Guest, times: int) -> list[str]:
    """Somebody adds cards; why those that were refused were refused."""
    told = [await guest.say("add_card", "P1", text=f"{next(NUMBERS)} {TEXT}") for _ in range(times)]
    return [answer["reason"] for answer in told if "refused" in answer]


async def test_a_person_stores_so_much_in_a_day_by_sockets_and_forms_and_others_go_on(tmp_path: Path) -> None:
    async with house(tmp_path, CARDS) as home:
        kim, aino, bo = await opened(home), await home.guest("Aino"), await home.guest("Bo")
        home.inside.store_limits.of_person.__init__(AT_ONCE, 0.001)  # type: ignore[misc]  # smaller, in place
        refused = await writes(aino, 190)
        assert set(refused) == {"stored_enough"}
        assert 20 <= len(refused) <= 120
        no = await aino.http.post(
            f"/s/{home.code}/do?view=phone",
            data={"command": "add_card", "phase": "P1", "text": TEXT * 5},
            headers={"accept": "application/json"},
        )
        assert (no.status_code, no.json()["reason"]) == (422, "stored_enough")
        assert aino.socket is not None
        await aino.socket.close()
        await aino.connect((await home.desk()).session.seq)
        assert await writes(aino, 5) == ["stored_enough"] * 5, "another socket has no purse of its own"
        assert await writes(bo, 5) == []
        assert await writes(kim, 150) == [], "staff is not held up"


async def test_a_new_socket_does_not_forget_what_the_last_one_owed(tmp_path: Path) -> None:
    async with house(tmp_path, CARDS) as home:
        await opened(home)
        aino, purse = await home.guest("Aino"), home.inside.store_limits.of_person
        assert await writes(aino, 3) == []
        (person,) = (p.id for p in (await home.desk()).session.people.values() if p.role == "participant")
        assert purse.owed(person) < 1_000, "the first was paid for at once, the others wait"
        assert aino.socket is not None
        await aino.socket.close()
        await until(lambda: purse.owed(person) > 2_500)


async def test_a_session_stores_so_much_in_a_day(tmp_path: Path) -> None:
    async with house(tmp_path, CARDS) as home:
        await opened(home)
        home.inside.store_limits.of_session.__init__(AT_ONCE, 0.001)  # type: ignore[misc]  # smaller, in place
        guests = [await home.guest(name) for name in ("Aino", "Bo")]
        refused = [reason for guest in guests for reason in await writes(guest, 150)]
        assert set(refused) == {"session_full"}


async def test_where_the_disk_is_almost_full_people_are_told_staff_sees_it_and_it_heals(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with house(tmp_path, CARDS, min_free_megabytes=100) as home:
        kim, aino, disk = await opened(home), await home.guest("Aino", "sv"), home.inside.store_limits.disk
        assert await writes(aino, 1) == []
        assert 'id="trouble"' in await kim.page()
        monkeypatch.setattr(shutil, "disk_usage", lambda _: USAGE(10**10, 10**10 - 99_000_000, 99_000_000))
        disk.look()
        assert (await aino.say("add_card", "P1", text="more"))["message"].startswith("Servern har inte plats")
        assert "ack" in await kim.say("announce", text="We make room")
        assert "almost full" in await kim.hears('id="trouble"')
        assert "race_disk_free_bytes 9.9e+07" in (await kim.http.get("/metrics")).text
        home.guests.append(Guest(home, "phone"))
        answer = await home.guests[-1].http.post(f"/s/{home.code}/join", data={"name": "Cilla"})
        assert answer.status_code == 503
        assert "ack" in await aino.say("erase_person", sure="yes"), "that leaves less behind"
        monkeypatch.setattr(shutil, "disk_usage", lambda _: USAGE(10**10, 0, 150_000_000))
        disk.look()
        assert disk.is_low, "not before there is twice as much as is needed"
        monkeypatch.setattr(shutil, "disk_usage", lambda _: USAGE(10**10, 0, 200_000_000))
        disk.look()
        bo = await home.guest("Bo")
        assert await writes(bo, 1) == []


async def test_who_has_stored_enough_or_finds_the_disk_full_may_still_take_back_what_they_wrote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with house(tmp_path, CARDS, min_free_megabytes=100) as home:
        await opened(home)
        aino, bo, inside = await home.guest("Aino"), await home.guest("Bo"), home.inside
        assert await writes(aino, 2) == []
        assert await writes(bo, 1) == []
        wall = (await home.desk()).session.agenda.phases["P1"].activity
        cards = [card.id for card in wall.outcome().cards]  # type: ignore[union-attr]  # it is open
        inside.store_limits.of_session.owe(home.code, 10**12)
        assert (await aino.post("add_card", "P1", text="One more")).status_code == 422
        assert (await aino.post("withdraw_card", "P1", card=cards[0])).status_code == 303
        monkeypatch.setattr(shutil, "disk_usage", lambda _: USAGE(10**10, 10**10, 0))
        inside.store_limits.disk.look()
        assert "ack" in await aino.say("withdraw_card", "P1", card=cards[1])
        assert "ack" in await bo.say("erase_person", sure="yes")


async def test_what_is_taken_back_already_is_not_taken_back_without_end(tmp_path: Path) -> None:
    async with house(tmp_path, CARDS) as home:
        await opened(home)
        aino = await home.guest("Aino")
        home.inside.store_limits.withdrawals.__init__(3, 0.001)  # type: ignore[misc]  # smaller, in place
        told = [await aino.say("drop_aside", aside="none") for _ in range(4)]
        assert [answer.get("reason") for answer in told] == [None] * 3 + ["too_often"]
        assert "ack" in await aino.say("erase_person", sure="yes")


def test_every_command_that_begins_with_withdrawing_is_one_that_nobody_is_kept_from() -> None:
    commands = {line.command for line in table()}
    assert {name for name in commands if name.startswith("withdraw_")} <= WITHDRAWING <= commands


async def test_a_language_is_chosen_a_few_times_and_then_now_and_then(tmp_path: Path) -> None:
    async with house(tmp_path, CARDS) as home:
        aino, bo = await home.guest("Aino"), await home.guest("Bo")
        told = [await aino.say("choose_language", language=("sv", "fi")[n % 2]) for n in range(REDRAWS + 3)]
        assert [answer.get("reason") for answer in told] == [None] * REDRAWS + ["too_often"] * 3
        form = await aino.post("choose_language", language="en")
        assert form.status_code == 422
        assert "ack" in await bo.say("choose_language", language="fi")


# ---- staff goes first


MOST = 5_000
"""Commands that may wait of those who are not staff."""


def waiting(sender: str, number: int) -> tuple[Command, str, object]:
    return Command("x", f"{sender}{number}"), sender, print


def test_staff_stands_behind_two_hundred_and_not_behind_a_crowd() -> None:
    queue = CommandQueue(lambda person: person == "kim")
    for number in range(5_000):
        assert queue.put(waiting("aino", number), MOST)  # type: ignore[arg-type]  # nobody is answered here
    for number in range(2):
        assert queue.put(waiting("kim", number), MOST)  # type: ignore[arg-type]
    batch = queue.take(1000)
    assert [command.id for command, *_ in batch[-2:]] == ["kim0", "kim1"]
    assert [command.id for command, *_ in batch[:-2]] == [f"aino{n}" for n in range(SOONER)]
    queue.put_back(batch[100:])
    again = queue.take(1000)
    assert [command.id for command, *_ in again] == [
        *(f"aino{n}" for n in range(100, 100 + SOONER)),
        "kim0",
        "kim1",
    ]
    assert len(queue.take(1000)) == 1000


def test_of_a_batch_of_one_staff_is_the_one() -> None:
    queue = CommandQueue(lambda person: person == "kim")
    assert queue.put(waiting("aino", 1), MOST)  # type: ignore[arg-type]
    assert queue.put(waiting("kim", 1), MOST)  # type: ignore[arg-type]
    assert [sender for _, sender, _ in queue.take(1)] == ["kim"]
    assert [sender for _, sender, _ in queue.take(1)] == ["aino"]


def test_a_full_queue_takes_staff_still_and_of_them_not_without_end() -> None:
    queue = CommandQueue(lambda person: person == "kim")
    assert [queue.put(waiting("aino", n), 3) for n in range(4)] == [True] * 3 + [False]  # type: ignore[arg-type]
    told = [queue.put(waiting("kim", n), MOST) for n in range(STAFF_MOST + 1)]  # type: ignore[arg-type]
    assert told == [True] * STAFF_MOST + [False]


async def test_whoever_runs_the_session_is_answered_before_a_crowd_that_came_first(tmp_path: Path) -> None:
    async with house(tmp_path, CARDS) as home:
        await opened(home)
        for number in range(3):
            await home.guest(f"Guest {number}", live=False)
        desk = await home.desk()
        people = [p.id for p in desk.session.people.values() if p.role == "participant"]
        (kim,) = (p.id for p in desk.session.people.values() if p.role == "facilitator")
        order: list[str] = []
        for number in range(3_000):
            command = Command("add_card", f"c{number}", "P1", {"text": f"Card {number}"})
            desk.put(command, people[number % 3], lambda *_: order.append("crowd"))
        desk.put(Command("announce", "a1", "", {"text": "Hush"}), kim, lambda *_: order.append("staff"))
        async with asyncio.timeout(60):
            while len(order) < 3_001:
                await asyncio.sleep(0.01)
        assert order.index("staff") <= SOONER
