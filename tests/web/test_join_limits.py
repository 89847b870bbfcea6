"""Guessing codes and storming the door: the guilty wait, and nobody else notices."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from lxml import html

from app.token_bucket import TokenBucket
from app.web import join_limits
from app.web.join_limits import ALL_WRONG_CODES, ANYBODY, FEW, JOINS, STRANGERS, WRONG_CODES, JoinLimits
from tests.live.test_socket import ROOM
from tests.support.house import House, house

WRONG = "00000000"


def browser(home: House, **headers: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=home.url, headers=headers)


def field(answer: httpx.Response, name: str) -> Any:
    tree: Any = html.document_fromstring(answer.text)
    (found,) = tree.xpath("//input[@name=$name]", name=name)
    return found.get("value")


def counters(home: House) -> JoinLimits:
    return home.inside.limits


def said(answer: httpx.Response) -> str:
    """What the page says: why not, or else what it is."""
    tree: Any = html.document_fromstring(answer.text)
    return str(tree.xpath("string(//*[@role='alert'])") or tree.xpath("string(//h1)")).strip()


def spent(home: House, *names: str) -> None:
    """Purses that somebody else has emptied, and that nobody fills while a test looks."""
    for name in names:
        purse = TokenBucket(1, 1e-6)
        purse.take(ANYBODY)
        setattr(counters(home), name, purse)


# ---- devices


def test_only_cookies_that_we_gave_out_name_a_device() -> None:
    door = JoinLimits(lambda name: f"<{name}>")
    given = door.new_device()
    name = given.partition(".")[0]
    assert given == f"{name}.<{name}>"
    assert door.new_device() != given


@pytest.mark.parametrize("forged", ["", "x", "x.", ".", "x.y", "é.ü", "0123456789abcdef." + "0" * 32])
async def test_a_forged_device_is_none(tmp_path: Path, forged: str) -> None:
    async with house(tmp_path, ROOM) as home, browser(home) as guest:
        header = {"Cookie": f"race-device={forged}".encode()}
        answer = await guest.get("/", headers=header)  # type: ignore[arg-type]  # bytes: not every forger keeps to ASCII
        assert "race-device=" in answer.headers["set-cookie"]


async def test_a_device_is_known_again_and_gets_no_second_name(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home, browser(home) as guest:
        assert "race-device" in (await guest.get("/")).headers["set-cookie"]
        again = [await guest.get("/"), await guest.get(f"/s/{home.code}")]
        assert [answer.headers.get("set-cookie") for answer in again] == [None, None]


# ---- guessing


async def test_a_device_that_guesses_is_told_to_wait_whatever_it_guesses_next(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home, browser(home) as guest:
        await guest.get("/")
        answers = [await guest.post("/join", data={"code": f"{n:08}"}) for n in range(WRONG_CODES + 1)]
        assert [answer.status_code for answer in answers] == [404] * WRONG_CODES + [429]
        right = await guest.post("/join", data={"code": home.code})
        paths = (f"/s/{home.code}", f"/s/{home.code}/screen", f"/s/{WRONG}", f"/s/{home.code}/records/x")
        pages = [await guest.get(path) for path in paths]
        assert [answer.status_code for answer in [right, *pages]] == [429] * 5
        assert all(0 < int(answer.headers["retry-after"]) <= 60 for answer in [right, *pages])
        assert (await guest.post(f"/s/{home.code}/join", data={"name": "Eve"})).status_code == 429


async def test_the_refusal_keeps_what_was_typed_and_says_what_to_do(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home, browser(home) as guest:
        await guest.get("/")
        for number in range(WRONG_CODES):
            await guest.get(f"/s/{number:08}")
        answer = await guest.post("/join", data={"code": home.code})
        assert said(answer).startswith("Too many wrong codes came from here. Wait a minute")
        assert field(answer, "code") == home.code


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Too many wrong codes"),
        ("sv", "För många felaktiga koder"),
        ("fi", "Liian monta väärää koodia"),
    ],
)
async def test_the_refusal_speaks_every_language(tmp_path: Path, language: str, words: str) -> None:
    async with house(tmp_path, ROOM) as home, browser(home, **{"accept-language": language}) as guest:
        await guest.get("/")
        for number in range(WRONG_CODES):
            await guest.get(f"/s/{number:08}")
        assert said(await guest.get(f"/s/{home.code}")) == words


async def test_whoever_is_in_stays_in_however_often_they_guess(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        aino = await home.guest("Aino", live=False)
        await aino.http.get("/")
        for number in range(WRONG_CODES + 5):
            await aino.http.get(f"/s/{number:08}")
        assert (await aino.http.get(f"/s/{WRONG}")).status_code == 429
        assert "data-person" in await aino.page()
        await aino.connect()
        assert "ack" in await aino.say("choose_language", language="fi")
        assert (await aino.post("choose_language", language="en")).status_code == 303


async def test_who_keeps_no_cookies_shares_one_purse_and_newcomers_do_not_notice(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        async with browser(home) as guesser:
            assert (await guesser.get(f"/s/{WRONG}")).status_code == 404
        assert counters(home).strangers.owed(ANYBODY) == 1
        spent(home, "strangers")
        async with browser(home) as guesser:
            answer = await guesser.get(f"/s/{WRONG}")
            assert (answer.status_code, answer.headers["location"]) == (303, f"/s/{WRONG}?knocked=")
        async with browser(home) as guesser:
            assert (await guesser.get(f"/s/{home.code}?knocked=")).status_code == 429
            guesser.cookies.clear()
            assert (await guesser.post("/join", data={"code": home.code})).status_code == 429
        async with browser(home) as newcomer:
            arrived = await newcomer.get(f"/s/{home.code}", follow_redirects=True)
            assert (arrived.status_code, said(arrived)) == (200, "T")
            joined = await newcomer.post(f"/s/{home.code}/join", data={"name": "Aino"})
            assert joined.status_code == 303
            assert "data-person" in (await newcomer.get(f"/s/{home.code}")).text


async def test_while_many_guess_each_device_has_few_tries_and_mistyping_is_still_forgiven(
    tmp_path: Path,
) -> None:
    async with house(tmp_path, ROOM) as home, browser(home) as guesser, browser(home) as honest:
        for device in (guesser, honest):
            await device.get("/")
        spent(home, "all_wrong", "strangers")
        guesses = [await guesser.get(f"/s/{number:08}") for number in range(FEW + 1)]
        assert [answer.status_code for answer in guesses] == [404] * FEW + [429]
        assert (await honest.post("/join", data={"code": WRONG})).status_code == 404
        assert (await honest.post("/join", data={"code": home.code})).status_code == 303


async def test_what_cannot_be_a_code_costs_nothing_and_asks_no_database(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home, browser(home) as guest:
        await guest.get("/")
        for path in ("favicon.ico", "x" * 200, home.code.lower(), "UUUUUUUU"):
            for _ in range(WRONG_CODES):
                assert (await guest.get(f"/s/{path}")).status_code in (303, 404)
        assert counters(home).all_wrong.owed(ANYBODY) == 0
        assert (await guest.get(f"/s/{home.code}")).status_code == 200


def test_a_house_full_of_people_who_mistype_is_no_attack() -> None:
    door = JoinLimits(str)
    for number in range(500):
        assert door.knock(f"device{number}") == 0.0
        door.was_wrong()
    assert [door.knock(f"device{number}") for number in range(500)] == [0.0] * 500
    assert ALL_WRONG_CODES >= 500


@pytest.mark.parametrize("device", ["", "a device"])
def test_who_tries_many_at_once_has_no_more_tries(device: str) -> None:
    door = JoinLimits(str)
    under_way = [door.knock(device) for _ in range(1000)]
    assert under_way.count(0.0) == (WRONG_CODES if device else STRANGERS)
    assert all(seconds >= 1.0 for seconds in under_way if seconds)


def test_right_codes_cost_nothing_however_many_there_are() -> None:
    door = JoinLimits(str)
    for _ in range(1000):
        assert door.knock("") == 0.0
        door.was_right("")
    assert door.strangers.owed(ANYBODY) == 0


# ---- joining


async def test_one_device_brings_in_so_many_people_and_then_waits(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home, browser(home) as flooder, browser(home) as honest:
        for device in (flooder, honest):
            await device.get(f"/s/{home.code}")
        name = flooder.cookies["race-device"]
        answers = []
        for number in range(JOINS + 3):
            flooder.cookies.clear()
            flooder.cookies.set("race-device", name)
            answers.append(await flooder.post(f"/s/{home.code}/join", data={"name": f"Bot {number}"}))
        assert [answer.status_code for answer in answers] == [303] * JOINS + [429] * 3
        assert said(answers[-1]).startswith("Many people are joining from here.")
        assert int(answers[-1].headers["retry-after"]) >= 1
        assert field(answers[-1], "name") == f"Bot {JOINS + 2}"
        assert (await honest.post(f"/s/{home.code}/join", data={"name": "Aino"})).status_code == 303


async def test_a_hall_without_cookies_joins_and_a_flood_of_them_does_not(tmp_path: Path) -> None:
    door = JoinLimits(str)
    assert [door.lets_join("", "7K3MQX9T") for _ in range(10_000)] == [0.0] * 10_000
    flood = [door.lets_join("", "7K3MQX9T") for _ in range(10_000)]
    assert flood[-1] >= 1.0
    assert door.lets_join("", "ANOTHER0") == 0.0
    assert door.lets_join("a device", "7K3MQX9T") == 0.0


async def test_a_session_is_full_at_some_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.door.pages.MAX_PEOPLE", 2)
    async with house(tmp_path, ROOM) as home, browser(home) as guest:
        for name in ("Aino", "Bo"):
            await home.guest(name, live=False)
        answer = await guest.post(f"/s/{home.code}/join", data={"name": "Cilla"})
        assert (answer.status_code, said(answer)) == (
            503,
            "This session is full. Tell the facilitator; what you wrote stays.",
        )
        assert join_limits.MAX_PEOPLE > 10_000
