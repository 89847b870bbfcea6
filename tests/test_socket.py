"""One browser's socket: who may open it, what it may say, what it is told."""

from __future__ import annotations

from pathlib import Path

import pytest
import websockets
from websockets.exceptions import ConnectionClosed, InvalidStatus

from app.live.socket import MAX_MALFORMED
from tests.house import Guest, house
from tests.stage import phase, words

MEAL = phase("pause", "P1", rules={"reason": "meal"})
ROOM = {"key": "t", "title": words("T"), "phase": [MEAL]}


async def test_a_command_is_acknowledged_with_the_seq_of_its_event(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        kim = await home.staff()
        told = await kim.say("announce", text="Soup is ready", named="x1")
        assert told == {"ack": "x1", "seq": (await home.desk()).session.seq}


async def test_the_same_id_again_gives_the_same_answer_and_no_second_event(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        kim = await home.staff()
        first = await kim.say("announce", text="Soup", named="x1")
        again = await kim.say("announce", text="Soup", named="x1")
        assert (again, len((await home.desk()).session.announcements)) == (first, 1)


async def test_a_refusal_comes_in_the_persons_language(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        aino = await home.guest("Aino", "fi")
        told = await aino.say("announce", text="Hei", named="x1")
        assert told == {
            "refused": "x1",
            "reason": "not_allowed",
            "message": "Roolisi tässä tilaisuudessa ei salli sitä.",
        }


async def test_what_happens_is_pushed_to_everybody_else(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        kim, aino = await home.staff(), await home.guest("Aino")
        await kim.say("announce", text="Soup is ready")
        assert "Soup is ready" in await aino.hears("Soup is ready")


async def test_who_was_away_gets_what_was_missed_and_only_that(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        kim, aino = await home.staff(), await home.guest("Aino", live=False)
        await kim.say("announce", text="Before")
        seq = (await home.desk()).session.seq
        await kim.say("announce", text="After")
        await aino.connect(seq)
        missed = await aino.hears("After")
        assert "Before" not in missed


@pytest.mark.parametrize("seq", ["999999", "x", "-1", ""])
async def test_a_page_that_knows_what_the_log_does_not_is_loaded_anew(tmp_path: Path, seq: str) -> None:
    async with house(tmp_path, ROOM) as home:
        aino = await home.guest("Aino", live=False)
        await aino.connect(seq)  # type: ignore[arg-type]  # the point of the test
        assert await aino.hears("reload") == '{"reload":true}'


async def test_another_site_may_not_open_a_socket(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        aino = await home.guest("Aino", live=False)
        with pytest.raises(InvalidStatus) as refused:
            await aino.connect(0, Origin="https://evil.example")
        assert refused.value.response.status_code == 403


@pytest.mark.parametrize("view", ["console", "screen", "people", "log", "nonsense"])
async def test_a_participants_cookie_opens_no_other_view(tmp_path: Path, view: str) -> None:
    async with house(tmp_path, ROOM) as home:
        aino = await home.guest("Aino")
        address = f"{home.url.replace('http', 'ws')}/s/{home.code}/live?view={view}"
        token = aino.http.cookies["race"]
        headers = {"Cookie": f"race={token}; race-console={token}; race-screen={token}"}
        async with websockets.connect(address, additional_headers=headers) as socket:
            with pytest.raises(ConnectionClosed):
                await socket.recv()
            assert socket.close_code == 1008


async def test_frames_that_are_no_command_are_answered_and_too_many_close_the_socket(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        aino = await home.guest("Aino")
        assert aino.socket is not None
        bad = (
            "[]",
            "{",
            '{"command": 1}',
            '{"command": "__class__", "id": "1"}',
            '{"command":"x","id":"1","a":{}}',
        )
        for number in range(MAX_MALFORMED + 1):
            await aino.socket.send(bad[number % len(bad)])
        answers = [await aino.socket.recv() for _ in range(MAX_MALFORMED)]
        assert [answer for answer in answers if "malformed" not in str(answer)] == []
        await aino.socket.wait_closed()
        assert aino.socket.close_code == 1008


async def test_a_frame_of_bytes_is_answered_like_any_other_that_is_no_command(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        aino = await home.guest("Aino")
        assert aino.socket is not None
        await aino.socket.send(b"\x00\x01")
        assert "malformed" in await aino.hears("refused")
        assert "ack" in await aino.say("choose_language", language="en")


async def test_a_page_from_before_a_new_role_is_loaded_anew(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        kim, aino = await home.staff(), await home.guest("Aino", live=False)
        session = (await home.desk()).session
        before, person = session.seq, next(m.id for m in session.people.values() if m.role == "participant")
        await kim.say("grant_role", person=person, role="juror")
        await aino.connect(before)
        assert await aino.hears("reload") == '{"reload":true}'


async def test_a_socket_gives_signs_of_life(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM, beat_seconds=0.05) as home:
        aino: Guest = await home.guest("Aino")
        assert '"beat":2' in await aino.hears('"beat":2')


async def test_a_removed_person_is_put_out(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM, beat_seconds=0.05) as home:
        kim, aino = await home.staff(), await home.guest("Aino")
        person = next(m.id for m in (await home.desk()).session.people.values() if m.role == "participant")
        await kim.say("remove_person", person=person)
        with pytest.raises(ConnectionClosed):
            await aino.hears("never said")
        assert aino.socket is not None
        assert aino.socket.close_code == 1008
