"""Cookies that speak for people: given on joining, replaced when somebody becomes more, taken back on leaving."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx2 as httpx
import pytest
from websockets.exceptions import ConnectionClosed

from app.people import store
from tests.live.test_socket import ROOM
from tests.support.house import Guest, House, house, http_client
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
    monkeypatch.setattr(store, "GRACE_SECONDS", 0.2)
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


async def joined_on_a_device(home: House, name: str) -> Guest:
    """Somebody who has seen the door before they joined, so that their device is known."""
    guest = Guest(home, "phone")
    home.guests.append(guest)
    await guest.http.get(f"/s/{home.code}")
    assert (await guest.http.post(f"/s/{home.code}/join", data={"name": name})).status_code == 303
    assert guest.http.cookies["race-device"]
    return guest


def token_in(answer: httpx.Response, name: str) -> str | None:
    """The token that an answer brings in the cookie of this name; None if none."""
    for line in answer.headers.get_list("set-cookie"):
        if line.startswith(f"{name}=") and "Max-Age=0" not in line:
            return line.removeprefix(f"{name}=").partition(";")[0]
    return None


def bringing(guest: Guest, **cookies: str) -> dict[str, str]:
    """What a browser sends that has these cookies beside its device's."""
    brought = {"race-device": guest.http.cookies.get("race-device", ""), **cookies}
    return {
        "Cookie": "; ".join(f"{name.replace('_', '-')}={value}" for name, value in brought.items() if value)
    }


@pytest.mark.parametrize("role", ["expert", "co_facilitator", "night_host"])
async def test_who_has_got_another_role_and_whose_answer_was_lost_gets_another_cookie_on_the_same_device(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    monkeypatch.setattr(store, "GRACE_SECONDS", 0.1)
    async with house(tmp_path, ROOM) as home:
        aino = await joined_on_a_device(home, "Aino")
        old, person, path = aino.http.cookies["race"], await person_of(home, aino), f"/s/{home.code}"
        await grown(home, aino, role)
        lost = []
        async with http_client(home.url, headers=bringing(aino, race=old)) as air:
            for _ in range(2):
                lost.append(token_in(await air.get(path), "race"))
                air.cookies.clear()
                await asyncio.sleep(0.3)  # longer than the old one is left to live
            answer = await air.get(path)
        fresh = token_in(answer, "race")
        assert (answer.status_code, f'data-person="{person}"' in answer.text) == (200, True)
        assert len({old, fresh, *lost, None}) == 5, "each answer brings another"
        async with http_client(home.url, headers=bringing(aino, race=str(fresh))) as air:
            assert (await air.get(path)).status_code == 200
            if role != "expert":
                assert (await air.get(f"{path}/console")).status_code == 200
        await _until_over(home, old)
        seat = await home.inside.people.whose(str(fresh))
        assert (seat and seat.person, seat and seat.role) == (person, role)


async def test_a_console_whose_cookie_was_lost_on_its_way_opens_when_it_is_asked_for_again(
    tmp_path: Path,
) -> None:
    async with house(tmp_path, ROOM) as home:
        aino = await joined_on_a_device(home, "Aino")
        old, path = aino.http.cookies["race"], f"/s/{home.code}/console"
        await grown(home, aino, "co_facilitator")
        async with http_client(home.url, headers=bringing(aino, race=old)) as air:
            assert (await air.get(path)).status_code == 200
            air.cookies.clear()
            again = await air.get(path, params={"phase": "P1"})
        assert (again.status_code, again.headers["location"]) == (303, f"{path}?phase=P1")
        assert "data-person" not in again.text, "the old cookie itself opens nothing"
        headers = bringing(aino, race=str(token_in(again, "race")))
        async with http_client(home.url, headers=headers) as air:
            assert (await air.get(path)).status_code == 200


async def test_a_cookie_that_was_replaced_is_renewed_on_no_other_device_and_not_once_the_new_one_has_come(
    tmp_path: Path,
) -> None:
    async with house(tmp_path, ROOM) as home:
        aino, thief = await joined_on_a_device(home, "Aino"), Guest(home, "phone")
        home.guests.append(thief)
        await thief.http.get("/")
        assert thief.http.cookies["race-device"] != aino.http.cookies["race-device"]
        old, path = aino.http.cookies["race"], f"/s/{home.code}"
        await grown(home, aino, "co_facilitator")
        async with http_client(home.url, headers=bringing(aino, race=old)) as air:
            fresh = token_in(await air.get(path), "race")
            assert fresh is not None, "there is something to steal"
        async with http_client(home.url, headers=bringing(thief, race=old)) as air:
            looks = [await air.get(path), await air.get(f"{path}/console")]
            assert [(look.status_code, token_in(look, "race")) for look in looks] == [
                (200, None),
                (403, None),
            ]
            said = await air.post(f"{path}/do", data={"command": "announce", "text": "Everybody go home"})
            assert said.status_code == 403
        assert await home.inside.people.whose(fresh) is not None
        async with http_client(home.url, headers=bringing(aino, race=old)) as air:
            looks = [await air.get(path), await air.get(f"{path}/console")]
            assert [(look.status_code, token_in(look, "race")) for look in looks] == [
                (200, None),
                (403, None),
            ]


# ---- coming behind https

HTTPS = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}


async def test_who_came_in_before_the_server_was_behind_https_stays_in_and_gets_a_secure_cookie(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "GRACE_SECONDS", 0.1)
    async with house(tmp_path, ROOM) as home:
        aino = await joined_on_a_device(home, "Aino")
        old, person, path = aino.http.cookies["race"], await person_of(home, aino), f"/s/{home.code}"
        device, name = aino.http.cookies["race-device"], f"__Host-race-{home.code}"
        home.inside.settings.base_url = "https://r.example"
        async with http_client(home.url, headers=bringing(aino, race=old) | HTTPS) as air:
            lost, answer = await air.get(path), await air.get(path)
        fresh = token_in(answer, name)
        assert (token_in(lost, name) is not None, fresh is not None) == (True, True)
        assert f'data-person="{person}"' in answer.text
        assert token_in(answer, "__Host-race-device") == device, "it is the same device"
        gone = [line for line in answer.headers.get_list("set-cookie") if "Max-Age=0" in line]
        assert sorted(line.partition("=")[0] for line in gone) == ["race", "race-device"]
        secure = {"Cookie": f"{name}={fresh}; __Host-race-device={device}"} | HTTPS
        async with http_client(home.url, headers=secure) as air:
            kept = await air.get(path)
            assert (f'data-person="{person}"' in kept.text, kept.headers.get_list("set-cookie")) == (True, [])
        await _until_over(home, old)


async def test_over_https_a_plain_cookie_wins_over_no_secure_one_and_speaks_for_nobody_who_came_by_https(
    tmp_path: Path,
) -> None:
    async with house(tmp_path, ROOM) as home:
        bo = await joined_on_a_device(home, "Bo")
        plain, name = bo.http.cookies["race"], f"__Host-race-{home.code}"
        home.inside.settings.base_url = "https://r.example"
        async with http_client(home.url, headers=HTTPS) as air:
            joined = await air.post(f"/s/{home.code}/join", data={"name": "Aino"})
        secure = str(token_in(joined, name))
        seat = await home.inside.people.whose(secure)
        assert seat is not None
        for cookie, person in (
            (f"{name}={secure}; race={plain}", seat.person),
            (f"race={plain}", await person_of(home, bo)),
            (f"race={secure}", ""),
            (f"{name}=unknown; race={plain}", ""),
        ):
            async with http_client(home.url, headers=HTTPS | {"Cookie": cookie}) as air:
                page = (await air.get(f"/s/{home.code}")).text
            assert f'data-person="{person}"' in page if person else "data-person" not in page, cookie


async def test_who_leaves_over_https_with_a_plain_cookie_is_out(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        aino = await joined_on_a_device(home, "Aino")
        headers = bringing(aino, race=aino.http.cookies["race"]) | HTTPS
        home.inside.settings.base_url = "https://r.example"
        async with http_client(home.url, headers=headers) as air:
            left = await air.post(f"/s/{home.code}/leave")
            assert left.status_code == 303
            assert [line.partition("=")[0] for line in left.headers.get_list("set-cookie")] == ["race"]
            assert "data-person" not in (await air.get(f"/s/{home.code}")).text


# ---- leaving


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
    async with house(tmp_path, ROOM) as home, http_client(home.url) as guest:
        home.inside.settings.base_url = base_url
        answer = await guest.post(f"/s/{home.code}/join", data={"name": "Aino"})
        assert answer.status_code == 303
        assert ("Secure" in answer.headers["set-cookie"]) is secure
