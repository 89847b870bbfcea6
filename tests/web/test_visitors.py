"""Cookies that speak for people: given on joining, replaced when somebody becomes more, taken back on leaving."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx2 as httpx
import pytest
from websockets.exceptions import ConnectionClosed

from app.web import visitors
from tests.live.test_socket import ROOM
from tests.support.house import Guest, House, house
from tests.support.patience import SOON, within


async def person_of(home: House, guest: Guest) -> str:
    seat = await home.inside.people.whose(guest.http.cookies["race"])
    assert seat is not None
    return str(seat.person)


async def grown(home: House, guest: Guest, role: str) -> None:
    """Make somebody more than they were."""
    kim = await home.staff()
    told = await kim.say("grant_role", person=await person_of(home, guest), role=role)
    assert "ack" in told


async def test_joining_gives_a_token_of_our_own_whatever_was_presented(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        planted = "x" * 43
        guest = Guest(home, "phone")
        home.guests.append(guest)
        answer = await guest.http.post(
            f"/s/{home.code}/join", data={"name": "Aino"}, headers={"Cookie": f"race={planted}"}
        )
        assert answer.status_code == 303
        assert guest.http.cookies["race"] != planted
        assert await home.inside.people.whose(planted) is None


async def test_a_revoked_token_that_is_presented_at_the_door_stays_revoked(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        aino = await home.guest("Aino", live=False)
        old, before = aino.http.cookies["race"], await person_of(home, aino)
        await home.inside.people.revoke_cookie(old)
        await aino.http.post(f"/s/{home.code}/join", data={"name": "Aino"})
        assert aino.http.cookies["race"] != old
        assert await person_of(home, aino) != before
        assert await home.inside.people.whose(old) is None


async def test_who_has_become_more_gets_another_cookie_with_the_next_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visitors, "GRACE_SECONDS", 0.2)
    async with house(tmp_path, ROOM) as home:
        aino = await home.guest("Aino", live=False)
        old, person = aino.http.cookies["race"], await person_of(home, aino)
        await aino.page()
        assert aino.http.cookies["race"] == old
        await grown(home, aino, "co_facilitator")
        await aino.page("console")
        fresh = aino.http.cookies["race"]
        assert fresh != old
        assert await person_of(home, aino) == person
        await aino.page("console")
        assert aino.http.cookies["race"] == fresh, "once is enough"
        await _until_over(home, old)
        await aino.page("console")
        await aino.page("phone")


async def _until_over(home: House, token: str) -> None:
    """Wait until a token speaks for nobody; fails after two seconds."""
    for _ in range(100):
        if await home.inside.people.whose(token) is None:
            return
        await asyncio.sleep(0.02)
    pytest.fail("the old token still speaks for somebody")


async def _is_put_out(guest: Guest, opens: bool) -> None:
    """Wait until somebody's socket is closed, which they may open first; fails if it is not."""
    with pytest.raises(ConnectionClosed):
        await _listen(guest, opens)


async def _listen(guest: Guest, opens: bool) -> None:
    socket = await guest.connect() if opens else guest.socket
    assert socket is not None
    while True:
        await within(socket.recv(), SOON)


async def test_an_old_cookie_opens_no_console_and_gives_no_command_of_staff(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        aino = await home.guest("Aino")
        thief, old = Guest(home, "phone"), aino.http.cookies["race"]
        home.guests.append(thief)
        thief.http.cookies.set("race", old)
        assert "ack" in await aino.say("choose_language", language="sv"), "there is something to lose"
        await grown(home, aino, "co_facilitator")
        await aino.page("console")
        fresh = aino.http.cookies["race"]
        assert fresh != old
        told = await thief.http.get(f"/s/{home.code}/console")
        assert (told.status_code, told.headers.get("set-cookie")) == (403, None)
        phone = await thief.http.get(f"/s/{home.code}")
        assert (phone.status_code, phone.headers.get("set-cookie")) == (200, None), "an answer may be lost"
        assert (await thief.post("announce", text="Everybody go home")).status_code == 403
        await _is_put_out(thief, opens=True)
        await _is_put_out(aino, opens=False)  # the socket that the old cookie had opened
        assert (await aino.post("announce", text="Soup")).status_code == 303


async def test_leaving_a_device_leaves_it_and_no_other(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        aino, bo = await home.guest("Aino", live=False), await home.guest("Bo", live=False)
        token = aino.http.cookies["race"]
        answer = await aino.http.post(f"/s/{home.code}/leave?view=phone")
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert "race" not in aino.http.cookies
        left = await aino.http.get(f"/s/{home.code}", headers={"Cookie": f"race={token}"})
        assert "data-person" not in left.text
        assert "data-person" in await bo.page()


async def test_another_site_makes_nobody_leave(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        aino = await home.guest("Aino", live=False)
        evil = {"Origin": "https://evil.example"}
        assert (await aino.http.post(f"/s/{home.code}/leave", headers=evil)).status_code == 403
        assert (await aino.http.get(f"/s/{home.code}/leave")).status_code != 303
        assert "data-person" in await aino.page()


@pytest.mark.parametrize(("base_url", "secure"), [("https://r.example", True), ("http://r.example", False)])
async def test_an_address_of_https_makes_cookies_secure(tmp_path: Path, base_url: str, secure: bool) -> None:
    async with house(tmp_path, ROOM) as home, httpx.AsyncClient(base_url=home.url) as guest:
        home.inside.settings.base_url = base_url
        answer = await guest.post(f"/s/{home.code}/join", data={"name": "Aino"})
        assert answer.status_code == 303
        assert ("Secure" in answer.headers["set-cookie"]) is secure
