"""The simulated people's page and its socket, on a real server."""

import asyncio
import random
from pathlib import Path

import pytest

from app.people import store
from app.rehearsal.browser.http import Browser, Place
from app.rehearsal.browser.live_page import LivePage
from app.rehearsal.browser.outbox import Outbox
from tests.sessions.test_passes import data
from tests.support.house import Guest, House, house
from tests.support.patience import SOON, until, within
from tests.support.stage import phase, plain, words

ROOM = {"key": "t", "title": words("T"), "phase": [phase("pause", "P1", rules={"reason": "meal"})]}


def line_of(home: House, guest: Guest) -> LivePage:
    place = Place("127.0.0.1", (int(home.url.rpartition(":")[2]),))
    browser = Browser(place, {"race": guest.http.cookies["race"]})
    return LivePage(browser, home.code, "phone", Outbox(), random.Random(1))


async def test_whose_old_cookie_ends_goes_on_with_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "GRACE_SECONDS", 0.1)
    async with house(tmp_path, ROOM) as home:
        line = line_of(home, await home.guest("Aino", live=False))
        running = asyncio.create_task(line.run())
        await until(lambda: line.connected)
        fresh = await home.inside.people.rotate_cookie(line.browser.cookies["race"], "participant")
        assert fresh is not None
        assert await home.inside.people.whose(fresh) is not None
        line.browser.cookies["race"] = fresh
        await until(lambda: line.connections == 2 and line.connected)
        running.cancel()


async def test_who_is_sent_away_stays_away(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        line = line_of(home, await home.guest("Aino", live=False))
        running = asyncio.create_task(line.run())
        await until(lambda: line.connected)
        line.browser.cookies.clear()
        for connection in (await home.desk()).fanout.connections.all:
            connection.transport.close(1008)
        await within(running, SOON)
        assert (line.sent_away, line.connections) == (True, 1)


async def test_a_guest_who_is_sent_away_comes_back_when_their_pass_is_good(tmp_path: Path) -> None:
    async with house(tmp_path, plain(data())) as home:
        kim, line = await home.staff(), line_of(home, await home.guest("Sam", live=False))
        running = asyncio.create_task(line.run())
        await until(lambda: line.connected)
        session = (await home.desk()).session
        (person,) = [member.id for member in session.people.values() if member.role == "participant"]
        await kim.say("open_phase", "A")
        await kim.say("grant_role", person=person, role="startup")
        await until(lambda: line.outside)
        assert not line.connected
        line.outbox.put("0" * 32, {"command": "add_card", "phase": "A", "text": "Let me in"})
        await until(lambda: not line.outbox.waiting)
        assert line.outbox.all["0" * 32].refused == "outside_pass"
        await kim.say("open_phase", "C")
        await until(lambda: line.connected)
        assert (line.outside, line.sent_away) == (False, False)
        assert "C-all" in line.page
        running.cancel()
