"""Guessing codes and storming the door: the guilty wait, and nobody else notices."""

from __future__ import annotations

import hmac
import time
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from lxml import html

from app.token_bucket import TokenBucket
from app.web import join_limits
from app.web.join_limits import (
    ALL_WRONG_CODES,
    ANYBODY,
    FEW,
    JOINS,
    STRANGERS,
    WRONG_CODES,
    YOUNG_SECONDS,
    JoinLimits,
)
from app.web.room_word import RoomWords
from app.web.slots import LATE_SECONDS, SLOTS, Slots
from tests.live.test_socket import ROOM
from tests.support.house import House, house, http_client
from tests.support.patience import until

WRONG = "00000000"


def signed(text: str) -> str:
    """A signature that nobody else can make."""
    return hmac.new(b"k", text.encode(), "sha256").hexdigest()


def browser(home: House, **headers: str) -> httpx.AsyncClient:
    return http_client(home.url, headers=headers)


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


@pytest.fixture
def grown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cookies that were given out a moment ago are as good as old ones."""
    monkeypatch.setattr(join_limits, "YOUNG_SECONDS", -1.0)


# ---- devices


def test_only_cookies_that_we_gave_out_name_a_device() -> None:
    door = JoinLimits(signed)
    given = door.new_device()
    name = door.device_of(given)
    assert given == f"{name}.{signed(name)}"
    assert door.new_device() != given
    assert door.device_of(f"0123.{signed('0123')}") == "0123", "of before devices knew their age"


def test_a_device_is_young_for_a_minute_and_so_is_who_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    door, began = JoinLimits(signed), time.time()
    device = door.device_of(door.new_device())
    assert [door.is_young(name) for name in (device, "", "0123456789abcdef")] == [True, True, False]
    monkeypatch.setattr(time, "time", lambda: began + YOUNG_SECONDS + 1)
    assert not door.is_young(device)


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


@pytest.mark.usefixtures("grown")
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


@pytest.mark.usefixtures("grown")
async def test_the_refusal_keeps_what_was_typed_and_says_what_to_do(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home, browser(home) as guest:
        await guest.get("/")
        for number in range(WRONG_CODES):
            await guest.get(f"/s/{number:08}")
        answer = await guest.post("/join", data={"code": home.code})
        assert said(answer).startswith("Too many wrong codes came from here. Wait a minute")
        assert field(answer, "code") == home.code


@pytest.mark.usefixtures("grown")
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


@pytest.mark.usefixtures("grown")
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
        word = home.inside.limits.words.word(home.code)
        async with browser(home) as newcomer:
            arrived = await newcomer.get(f"/s/{home.code}?w={word}")
            assert (arrived.status_code, said(arrived)) == (200, "T")
            joined = await newcomer.post(f"/s/{home.code}/join?w={word}", data={"name": "Aino"})
            assert joined.status_code == 303
            assert "data-person" in (await newcomer.get(f"/s/{home.code}")).text


async def test_a_newcomer_who_has_typed_the_code_stands_in_a_queue_that_moves(tmp_path: Path) -> None:
    now = [1000.0]
    async with house(tmp_path, ROOM) as home, browser(home) as first, browser(home) as second:
        spent(home, "strangers")
        home.inside.limits.queue = Slots(lambda: now[0])
        for newcomer, seconds in ((first, "2"), (second, "4")):
            waits = await newcomer.get(f"/s/{home.code}", follow_redirects=True)
            assert (waits.status_code, said(waits)) == (429, "Too many wrong codes")
            assert waits.headers["refresh"] == waits.headers["retry-after"] == seconds
        now[0] += 4.0
        for newcomer in (first, second):
            assert (await newcomer.get(f"/s/{home.code}")).status_code == 200


def test_the_queue_gives_each_a_moment_and_is_not_endless() -> None:
    now = [1000.0]
    queue = Slots(lambda: now[0])
    assert [queue.wait(f"d{n}") for n in range(3)] == [2.0, 4.0, 6.0]
    assert queue.wait("d0") == 2.0, "to ask again changes nothing"
    now[0] += 2.0
    assert [queue.wait(f"d{n}") for n in range(3)] == [0.0, 2.0, 4.0]
    assert queue.wait("d0") == 6.0, "the turn is used up"
    assert [queue.wait(f"e{n}") for n in range(SLOTS)][-1] == SLOTS * 2.0
    now[0] += SLOTS * 2.0 + LATE_SECONDS
    assert queue.wait("late") == 2.0, "who has not come has lost the place"


def test_fresh_cookies_bring_no_guesses_of_their_own() -> None:
    door = JoinLimits(signed)
    devices = [door.device_of(door.new_device()) for _ in range(5 * STRANGERS)]
    assert [door.knock(device) for device in devices].count(0.0) == STRANGERS


@pytest.mark.usefixtures("grown")
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
        door.was_right("", "7K3MQX9T")
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


def test_as_many_come_in_as_are_expected_and_again_and_a_flood_does_not() -> None:
    door = JoinLimits(str)
    assert [door.lets_crowd_in("7K3MQX9T", 0) for _ in range(10_000)] == [True] * 10_000
    assert [door.lets_crowd_in("7K3MQX9T", 0) for _ in range(15_000)].count(True) < 2_100
    assert door.is_crowded("7K3MQX9T", 0)
    assert [door.lets_crowd_in("ANOTHER0", 53) for _ in range(300)].count(True) == 156
    assert door.lets_join("") == 0.0, "who has no cookie is counted with the crowd alone"


async def test_a_session_is_full_while_so_many_are_present(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.live.admission.MAX_PEOPLE", 2)
    async with house(tmp_path, ROOM) as home, browser(home) as guest:
        aino, bo = await home.guest("Aino"), await home.guest("Bo")
        hall = (await home.desk()).hall
        await until(lambda: len(hall.connected) == 2)
        answer = await guest.post(f"/s/{home.code}/join", data={"name": "Cilla"})
        assert (answer.status_code, said(answer)) == (
            503,
            "This session is full. Tell the facilitator; what you wrote stays.",
        )
        await bo.leave()
        await until(lambda: len(hall.connected) == 1)
        assert (await guest.post(f"/s/{home.code}/join", data={"name": "Cilla"})).status_code == 303
        assert "ack" in await aino.say("choose_language", language="fi")
        assert join_limits.MAX_PEOPLE > 10_000


# ---- the room's word


def test_the_word_of_the_wall_is_right_for_a_while_and_in_its_own_session() -> None:
    now = [1_000_000.0]
    words = RoomWords(signed, lambda: now[0])
    word = words.word("7K3MQX9T")
    assert (len(word), words.knows("7K3MQX9T", word), words.knows("ANOTHER0", word)) == (6, True, False)
    assert not any(words.knows("7K3MQX9T", wrong) for wrong in ("", "0", word[:-1], word.lower() + "é"))
    now[0] += 2 * 300
    assert words.word("7K3MQX9T") != word
    assert words.knows("7K3MQX9T", word)
    now[0] += 300
    assert not words.knows("7K3MQX9T", word)
