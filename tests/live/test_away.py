"""While the database is away or locked: what pages and forms say, and that they work again when it is back."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2 as httpx
import pytest
from websockets.exceptions import InvalidStatus

from app.database import PATIENCE_SERVING
from app.live import desk
from app.rehearsal.venue.postgres import Postgres
from tests.live.test_socket import ROOM
from tests.support.house import Guest, House, house

NOT_NOW = {"en": "Not just now", "sv": "Inte just nu", "fi": "Ei juuri nyt"}


@asynccontextmanager
async def held(folder: Path) -> AsyncIterator[tuple[Postgres, House]]:
    """A house on a PostgreSQL of its own."""
    server = Postgres(durable=False)
    await asyncio.to_thread(server.start)
    try:
        async with house(folder, ROOM, database_url=server.url()) as home:
            yield server, home
    finally:
        server.close()


def stranger(home: House, language: str) -> Guest:
    """A browser that nobody has seen before."""
    guest = Guest(home, "phone")
    home.guests.append(guest)
    guest.http.headers["accept-language"] = language
    return guest


def told(answer: httpx.Response) -> tuple[int, bool, list[str]]:
    """The status, whether it says when to come again, and the languages in which it says what is the matter."""
    spoken = [language for language, words in NOT_NOW.items() if f"<h1>{words}</h1>" in answer.text]
    return answer.status_code, answer.headers.get("retry-after", "").isdecimal(), spoken


async def test_pages_and_the_door_say_so_in_everybodys_language_and_open_again(tmp_path: Path) -> None:
    async with held(tmp_path) as (server, home):
        aino, elsa = await home.guest("Aino", "fi", live=False), stranger(home, "sv-SE,sv;q=0.9")
        page, link = f"/s/{home.code}", f"/enter/{home.tokens['facilitator'][0]}"
        await aino.page()
        await asyncio.to_thread(server.stop_hard)
        for path in (page, f"{page}/mine", f"{page}/team", f"{page}/console", f"{page}/since?seq=1"):
            assert (path, told(await aino.http.get(path))) == (path, (503, True, ["fi"]))
        for path in (page, link, f"{page}/records/e1"):
            assert (path, told(await elsa.http.get(path))) == (path, (503, True, ["sv"]))
        sent = {"code": home.code, "name": "Elsa", "language": "sv"}
        for path in ("/join", f"{page}/join", link):
            assert (path, told(await elsa.http.post(path, data=sent))) == (path, (503, True, ["sv"]))
        await asyncio.to_thread(server.start)
        assert "Aino" in await aino.page("mine")
        assert (await elsa.http.post(f"{page}/join", data=sent)).status_code == 303


async def test_a_page_that_comes_back_is_turned_away_without_a_fault_and_let_in_later(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with held(tmp_path) as (server, home):
        aino = await home.guest("Aino", "fi")
        await aino.leave()
        await asyncio.to_thread(server.stop_hard)
        caplog.clear()
        with pytest.raises(InvalidStatus) as refusal:
            await aino.connect()
        answer = refusal.value.response
        assert (answer.status_code, answer.headers["retry-after"].isdecimal()) == (503, True)
        assert [record for record in caplog.records if "Exception in ASGI" in record.getMessage()] == []
        await asyncio.to_thread(server.start)
        await aino.connect()
        assert "ack" in await aino.say("choose_language", language="sv")


@pytest.mark.parametrize("known", [True, False])
async def test_a_form_is_told_to_come_again_and_counts_once_when_it_does(tmp_path: Path, known: bool) -> None:
    async with held(tmp_path) as (server, home):
        aino = await home.guest("Aino", "fi", live=False)
        await aino.page()
        if not known:
            home.inside.people._seats.clear()
            aino.http.headers["accept-language"] = "fi"
        sent = {"command": "choose_language", "language": "sv", "id": "x1"}
        as_script = {"accept": "application/json"}
        address = f"/s/{home.code}/do?view=phone"
        await asyncio.to_thread(server.stop_hard)
        page = await aino.http.post(address, data=sent)
        assert told(page) == (503, True, ["fi"])
        script = await aino.http.post(address, data=sent, headers=as_script)
        assert (script.status_code, script.headers["retry-after"].isdecimal()) == (503, True)
        assert script.json() == {
            "refused": "x1",
            "reason": "not_stored",
            "message": "Palvelin ei voinut tallentaa tätä. Se säilyy laitteellasi ja lähetetään uudelleen.",
        }
        await asyncio.to_thread(server.start)
        first = (await aino.http.post(address, data=sent, headers=as_script)).json()
        again = (await aino.http.post(address, data=sent, headers=as_script)).json()
        assert (list(first), again) == (["ack", "seq"], first)


async def test_a_staff_link_opens_again_after_there_was_no_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with house(tmp_path, ROOM) as home:
        kim, link = stranger(home, "en"), f"/enter/{home.tokens['facilitator'][0]}"
        monkeypatch.setattr(desk, "MAX_QUEUE", 0)
        assert told(await kim.http.post(link, data={"name": "Kim"})) == (503, True, ["en"])
        monkeypatch.undo()
        assert (await kim.http.post(link, data={"name": "Kim"})).status_code == 303
        assert (await kim.http.post(link, data={"name": "Kim"})).status_code == 410


async def test_a_form_for_which_there_is_no_room_is_told_to_come_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with house(tmp_path, ROOM) as home:
        aino = await home.guest("Aino", "fi", live=False)
        monkeypatch.setattr(desk, "MAX_QUEUE", 0)
        full = await aino.post("choose_language", language="sv")
        assert (full.status_code, full.headers["retry-after"].isdecimal()) == (503, True)
        assert "Palvelin on kiireinen." in full.text
        monkeypatch.undo()
        assert (await aino.post("choose_language", language="sv")).status_code == 303


async def test_where_another_process_holds_the_file_a_page_says_soon_that_it_has_to_come_again(
    tmp_path: Path,
) -> None:
    async with house(tmp_path, ROOM) as home:
        aino, elsa = await home.guest("Aino", "fi", live=False), stranger(home, "sv-SE,sv;q=0.9")
        path, sent = f"/s/{home.code}", {"name": "Elsa", "language": "sv"}
        other = sqlite3.connect(tmp_path / "race.sqlite", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        answers = await asyncio.gather(
            elsa.http.post(f"{path}/join", data=sent),
            elsa.http.post(f"/enter/{home.tokens['facilitator'][0]}", data=sent),
        )
        assert time.monotonic() - began < 6 * PATIENCE_SERVING, (
            "what asked last has waited for the one before"
        )
        assert [told(answer) for answer in answers] == [(503, True, ["sv"])] * 2
        assert "data-person" in await aino.page(), "who only reads waits for nobody"
        other.execute("ROLLBACK")
        other.close()
        assert (await elsa.http.post(f"{path}/join", data=sent)).status_code == 303
